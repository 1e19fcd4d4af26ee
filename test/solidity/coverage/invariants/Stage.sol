// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ClaimVerifier} from "../../../../contracts/claims/ClaimVerifier.sol";
import {CoverToken} from "../../../../contracts/coverage/CoverToken.sol";
import {TrancheShare} from "../../../../contracts/coverage/TrancheShare.sol";
import {InsuranceFund} from "../../../../contracts/fund/InsuranceFund.sol";
import {ICoverageVault} from "../../../../contracts/interfaces/ICoverageVault.sol";
import {BudgetShares, CapitalLayers} from "../../../../contracts/interfaces/IInsuranceFund.sol";
import {IPremiumModel} from "../../../../contracts/interfaces/IPremiumModel.sol";
import {HostileVenue} from "../../../../contracts/mocks/HostileVenue.sol";
import {MockToken} from "../../../../contracts/mocks/MockToken.sol";
import {MockTrigger} from "../../../../contracts/mocks/MockTrigger.sol";
import {ProductTerms, Tranche} from "../../../../contracts/types/Coverage.sol";
import {ProductId, PurchaseId, SegmentId, SeriesId} from "../../../../contracts/types/Identifiers.sol";
import {ModelTerms} from "../../../../contracts/types/Premium.sol";
import {vm} from "../../support/Vm.sol";
import {StageHouse} from "./StageHouse.sol";
import {StageSet} from "./StageSet.sol";

/// @dev Two real vaults, a real fund and verifier; the venue's engine is the campaign itself, and it decides what
/// triggers see.
abstract contract Stage {
    uint256 internal constant USD = 1e6;
    uint256 internal constant SCALE = 1e12;
    uint256 internal constant PRODUCTS = 2;
    /// @dev Underwriters: the third stays and does nothing, the fourth knows each loss one block before it is
    /// reported, the last one griefs.
    uint256 internal constant OWNERS = 5;
    uint256 internal constant PASSIVE = 2;
    uint256 internal constant INSIDER = 3;
    uint256 internal constant GRIEFER = 4;
    uint256 internal constant BUYERS = 3;
    address internal constant KEEPER = address(0x4EE9);
    address internal constant REINSURER = address(0x4E15);
    uint256 internal constant FLOOR = 100e18;
    /// @dev Least of what the model tells from rounding: a ten thousandth of a dollar.
    uint256 internal constant DUST = 1e14;
    /// @dev Shares and wei of value that belong to nobody (CVR-01).
    uint256 internal constant VIRTUAL = 1e6;

    MockToken public usd;
    ICoverageVault public vault;
    ICoverageVault public reinsurance;
    InsuranceFund public fund;
    ClaimVerifier public verifier;
    StageHouse public house;
    MockTrigger internal _trigger;
    IPremiumModel internal _model;
    HostileVenue internal _venue;
    CoverToken internal _cover1155;
    SegmentId public segment;
    TrancheShare[2] public shares;

    uint256 internal _time = 1_800_000_000;
    ProductId[PRODUCTS] internal _product;
    SeriesId[] internal _live;
    PurchaseId[] internal _waiting;
    /// @dev Sent to the vault by nobody's function, WAD.
    uint256 public donated;
    /// @dev How many tranches have been used up: each may leave dust behind.
    uint256 public exhausted;
    uint256 public settlements;
    uint256 public openIncidents;

    /// @dev Set by a call that saw a promise broken; the invariants fail on it.
    string public broken;
    uint256 public steps;
    mapping(bytes32 outcome => uint256) public count;
    bytes32[] private _outcomes;

    constructor(StageSet set) {
        vm.warp(_time);
        set.handOver();
        (usd, house, fund) = (set.usd(), set.house(), set.fund());
        (verifier, _trigger, _model) = (set.verifier(), set.trigger(), set.model());
        (vault, reinsurance) = (set.vault(), set.reinsurance());
        shares = [_shareOf(vault, 0), _shareOf(vault, 1)];
        _cover1155 = CoverToken(vault.coverToken());
        _venue = new HostileVenue(address(usd), address(this), address(fund));
        segment = fund.registerSegment(
            address(_venue),
            BudgetShares({major: 35_00, mid: 20_00, tail: 10_00, segment: 60_00, reward: 2_00}),
            CapitalLayers({backstop: address(vault), reinsurance: address(reinsurance)})
        );
        _approve();
        for (uint256 i = 0; i < PRODUCTS; ++i) _product[i] = vault.announceProduct(_terms(i));
        vault.announceCommitment(segment, 500e18);
        reinsurance.announceCommitment(segment, 200e18);
    }

    function owner(uint256 index) public pure returns (address) {
        return address(uint160(0xA11CE0 + index));
    }

    function buyer(uint256 index) public pure returns (address) {
        return address(uint160(0xB0B0 + index));
    }

    /// @dev All that a campaign has reached, and how often.
    function reached() external view returns (string memory text) {
        for (uint256 i = 0; i < _outcomes.length; ++i) {
            bytes32 what = _outcomes[i];
            uint256 length = 0;
            while (length < 32 && what[length] != 0) ++length;
            bytes memory name = new bytes(length);
            for (uint256 j = 0; j < length; ++j) name[j] = what[j];
            text = string.concat(text, string(name), " ", decimal(count[what]), "; ");
        }
    }

    function decimal(uint256 number) public pure returns (string memory) {
        if (number < 10) return string(abi.encodePacked(bytes1(uint8(48 + number))));
        return string.concat(decimal(number / 10), string(abi.encodePacked(bytes1(uint8(48 + (number % 10))))));
    }

    function _reached(bytes32 what) internal {
        if (++count[what] == 1) _outcomes.push(what);
    }

    function _require(bool holds, string memory what) internal {
        if (!holds && bytes(broken).length == 0) broken = what;
    }

    /// @dev A call was refused: it must have been foreseen, with the error and all its values.
    function _refused(bytes memory reason, bytes memory foreseen, string memory what) internal {
        _require(foreseen.length > 0 && keccak256(reason) == keccak256(foreseen), what);
    }

    function _warp(uint256 time) internal {
        if (time <= _time) return;
        _time = time;
        vm.warp(time);
    }

    function _shareOf(ICoverageVault of_, uint256 tranche) internal view returns (TrancheShare) {
        return TrancheShare(of_.shareOf(Tranche(tranche)));
    }

    function _min(uint256 a, uint256 b) internal pure returns (uint256) {
        return a < b ? a : b;
    }

    function _saturatingSub(uint256 a, uint256 b) internal pure returns (uint256) {
        return a > b ? a - b : 0;
    }

    function _approve() private {
        for (uint256 j = 0; j < 2; ++j) {
            for (uint256 i = 0; i < OWNERS; ++i) _approveFrom(owner(i), address(shares[j]));
            _approveFrom(REINSURER, address(_shareOf(reinsurance, j)));
        }
        for (uint256 i = 0; i < BUYERS; ++i) _approveFrom(buyer(i), address(vault));
        _approveFrom(KEEPER, address(verifier));
        _approveFrom(KEEPER, address(vault));
        usd.approve(address(fund), type(uint256).max);
    }

    function _approveFrom(address who, address spender) private {
        usd.mint(who, 1e9 * USD);
        vm.prank(who);
        usd.approve(spender, type(uint256).max);
    }

    function _terms(uint256 index) private returns (ProductTerms memory) {
        ModelTerms memory hazard;
        hazard.hazardRate = index == 0 ? 0.02e18 : 0.1e18;
        return
            ProductTerms({
                trigger: address(_trigger),
                terms: bytes32(index),
                sides: uint96(1) << uint96(index),
                minLimit: 1e18,
                maxLimit: 100e18,
                maxTermWeeks: 10,
                capacityShareBps: index == 0 ? 100_00 : 60_00,
                model: _model.defineModel(hazard),
                waiting: 24 hours
            });
    }
}

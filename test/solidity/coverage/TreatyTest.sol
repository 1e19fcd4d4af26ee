// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICoverageVault} from "../../../contracts/interfaces/ICoverageVault.sol";
import {ICoverageVaultEvents} from "../../../contracts/interfaces/ICoverageVaultEvents.sol";
import {SegmentView} from "../../../contracts/interfaces/IInsuranceFund.sol";
import {SegmentId} from "../../../contracts/types/Identifiers.sol";
import {TreatyTerms, TreatyView} from "../../../contracts/types/Treaty.sol";
import {AttackVault} from "./AttackVault.sol";

/// @dev A fund with one segment: what stands before the vault bears what a test says, the vault what it offers, and the rest nobody.
contract TreatyFund {
    SegmentId private constant SEGMENT = SegmentId.wrap(1);

    uint256 public drawn;
    uint256 public unpaid;

    /// @param before of the whole loss, borne by others
    /// @param fraction WAD, of the loss, that is booked now
    function lose(
        ICoverageVault vault,
        uint256 whole,
        uint256 before,
        uint256 fraction
    ) external returns (uint256 paid) {
        (uint256 junior, uint256 senior) = vault.offer(SEGMENT, drawn + unpaid + before, whole - before);
        uint256 offered = junior + senior;
        if (offered > whole - before) offered = whole - before;
        uint256 asked = (offered * fraction) / 1e18;
        if (asked != 0) {
            (junior, senior) = vault.draw(SEGMENT, asked);
            paid = junior + senior;
        }
        uint256 byOthers = (before * fraction) / 1e18;
        drawn += paid + byOthers;
        unpaid += (whole * fraction + 1e18 - 1) / 1e18 - paid - byOthers;
    }

    function collect(ICoverageVault vault) external returns (uint256) {
        return vault.collect(SEGMENT);
    }

    function segmentOf(SegmentId) external view returns (SegmentView memory result) {
        (result.drawn, result.unpaid) = (drawn, unpaid);
    }
}

/// @dev A vault with 1,000 of junior capital and a treaty of 300 in excess of 100, for 4 weeks, two reinstatements, 5% a year.
abstract contract TreatyTest is AttackVault {
    uint256 internal constant LIMIT = 300 * UNIT;
    uint256 internal constant ATTACHMENT = 100 * UNIT;
    uint256 internal constant OCCURRENCE = 72 hours;
    uint256 internal constant ANNOUNCEMENT = 35 days + 1;

    TreatyFund internal treatyFund;

    function setUp() public virtual override {
        super.setUp();
        treatyFund = new TreatyFund();
        useVault(address(treatyFund), address(verifier));
        deposit(junior, ALICE, 1_000);
        fill(address(this), 1_000_000 * NATIVE);
    }

    function treatyTerms() internal pure returns (TreatyTerms memory) {
        return
            TreatyTerms({
                limit: uint96(LIMIT),
                attachment: uint96(ATTACHMENT),
                reinstatements: 2,
                periodWeeks: 4,
                premiumBps: 5_00
            });
    }

    /// @dev Announced, and its time has come.
    function announce(TreatyTerms memory given) internal {
        vault.announceTreaty(SEGMENT, given);
        skip(ANNOUNCEMENT);
    }

    /// @dev In force, past its waiting time.
    function conclude(TreatyTerms memory given) internal {
        announce(given);
        vault.beginPeriod(SEGMENT, type(uint256).max);
        skip(OCCURRENCE);
    }

    function state() internal view returns (TreatyView memory) {
        return vault.treatyOf(SEGMENT);
    }

    function lose(uint256 whole, uint256 before) internal returns (uint256) {
        return treatyFund.lose(vault, whole, before, UNIT);
    }

    /// @dev Rounded up to a wei and then to the token.
    function premiumOf(uint256 limit, uint256 bps, uint256 term) internal pure returns (uint256) {
        uint256 wad = (limit * bps * term - 1) / (100_00 * 365 days) + 1;
        return (wad + 1e12 - 1) / 1e12;
    }

    function smaller(uint256 a, uint256 b) internal pure returns (uint256) {
        return a < b ? a : b;
    }

    function tooEarly(uint256 from) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_TooEarly.selector, from);
    }

    function noCapacity(uint256 required, uint256 free) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_NoCapacity.selector, required, free);
    }
}

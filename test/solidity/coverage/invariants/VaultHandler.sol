// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICoverageVaultEvents} from "../../../../contracts/interfaces/ICoverageVaultEvents.sol";
import {SegmentView} from "../../../../contracts/interfaces/IInsuranceFund.sol";
import {ExitRequest, Tranche} from "../../../../contracts/types/Coverage.sol";
import {ANNOUNCEMENT, WEEK} from "../../../../contracts/types/CoverageTerms.sol";
import {Fuzz} from "../../support/Fuzz.sol";
import {vm} from "../../support/Vm.sol";
import {Losses} from "./Losses.sol";
import {Stage} from "./Stage.sol";
import {StageSet} from "./StageSet.sol";

/// @dev Everything that can happen to a vault.
contract VaultHandler is Losses {
    struct Price {
        uint256 value;
        uint256 supply;
        uint32 epoch;
        bool isOverdrawn;
    }

    uint256 private constant START_JUNIOR = 600 * USD;
    uint256 private constant START_SENIOR = 900 * USD;
    uint256 private constant TWIN = 200 * USD;

    Price[2] private _last;

    /// @dev Every run starts with capital, a commitment and a reserve. The insider and the one who only stays put in
    /// the same.
    constructor(StageSet set) Stage(set) {
        _deposit(0, 0, START_JUNIOR);
        _deposit(1, 1, START_SENIOR);
        for (uint256 tranche = 0; tranche < 2; ++tranche) {
            _deposit(PASSIVE, tranche, TWIN);
            _deposit(INSIDER, tranche, TWIN);
        }
        _warp(_time + ANNOUNCEMENT);
        vault.activateCommitment(segment);
        _earn();
        _reinsure(0, 100 * USD);
        _reinsure(1, 250 * USD);
        reinsurance.activateCommitment(segment);
        _give(300 * USD);
        remember();
    }

    /// @notice P-FUND-02: compares the prices of shares with what they were after the last call. Without a loss none
    /// falls by a wei, unless more was advanced than is left: then the loss has been before. What the last to leave has left behind is
    /// nobody's, and no price: a draw of that dust is a loss that no share bears.
    function remember() public {
        for (uint256 i = 0; i < 2; ++i) {
            Price memory last = _last[i];
            Price memory current;
            (current.value, current.epoch) = vault.trancheState(Tranche(i));
            current.supply = shares[i].totalSupply();
            for (uint256 j = 0; j < OWNERS && _hasAdvances(i); ++j) {
                if (_isOverdrawn(_requestOf(j, i), i)) current.isOverdrawn = true;
            }
            if (current.epoch == last.epoch && last.supply != 0 && !_hasLost[i] && !last.isOverdrawn) {
                _require(
                    (current.value + VIRTUAL) * (last.supply + VIRTUAL) >=
                        (last.value + VIRTUAL) * (current.supply + VIRTUAL),
                    "P-FUND-02: a price falls without a loss"
                );
            }
            _last[i] = current;
            _hasLost[i] = false;
        }
    }

    function payPremium(uint256 amount, uint256 weeks_) external {
        ++steps;
        amount = Fuzz.between(amount, 1, 50 * USD);
        uint32 endsInWeek = uint32(_time / WEEK + 2 + (weeks_ % 14));
        vm.prank(KEEPER);
        vault.payPremium(amount, endsInWeek);
        _earn();
        _addStream(amount * SCALE, endsInWeek * WEEK);
        _reached("premium paid");
    }

    /// @dev P-FUND-03: what is sent without a function changes no price.
    function donate(uint256 amount, uint256 seed) external {
        ++steps;
        uint256[2] memory before = [_valueOf(1e18, 0), _valueOf(1e18, 1)];
        amount = Fuzz.between(amount, 1, 1_000 * USD);
        if (seed % 4 == 3) {
            _give(amount / 20 + 1);
        } else {
            address[3] memory targets = [address(vault), address(shares[0]), address(fund)];
            usd.mint(targets[seed % 4], amount);
            if (seed % 4 == 0) {
                donated += amount * SCALE;
                // A share alike to the other vault, whose books are counted in the same way.
                usd.mint(address(reinsurance), amount);
            }
        }
        _require(before[0] == _valueOf(1e18, 0) && before[1] == _valueOf(1e18, 1), "P-FUND-03: a gift moves a price");
        _reached("donated");
    }

    /// @dev FND-11: what was drawn, and the share of premiums, moves.
    function settle() external {
        ++steps;
        SegmentView memory before = fund.segmentOf(segment);
        uint256 share = vault.owedTo(segment) + reinsurance.owedTo(segment) - before.pending;
        _venue.setAccount(-int256(before.owed), 0);
        uint256 held = usd.balanceOf(address(_venue)) * SCALE;
        uint256[2] memory vaults = [usd.balanceOf(address(vault)), usd.balanceOf(address(reinsurance))];
        uint256[2] memory due = [vault.owedTo(segment) / SCALE, reinsurance.owedTo(segment) / SCALE];
        fund.settle(segment);
        _require(
            usd.balanceOf(address(vault)) + due[0] == vaults[0] &&
                usd.balanceOf(address(reinsurance)) + due[1] == vaults[1],
            "FND-11: a vault sends other than it owes"
        );
        SegmentView memory current = fund.segmentOf(segment);
        uint256 sent = usd.balanceOf(address(_venue)) * SCALE - held;
        _require(
            vault.owedTo(segment) < SCALE && reinsurance.owedTo(segment) < SCALE,
            "FND-11: a vault keeps what it owes"
        );
        uint256 sum = before.reserve + before.owed + share;
        uint256 left = current.reserve + current.owed + sent;
        _require(left + 2 * SCALE >= sum && left <= sum, "INV-07: settling makes or loses money");
        if (before.pending >= SCALE) _reached("drawn capital collected");
        if (share >= SCALE) _reached("share of premiums collected");
    }

    /// @dev Announces and activates in turn. CVR-02: only capital whose holders stay can be committed.
    function commit(uint256 limit, bool late) external {
        ++steps;
        (uint256 remaining, uint256 announced, uint256 activeFrom) = vault.commitmentOf(segment);
        if (announced == 0) {
            limit = Fuzz.between(limit, 1, 800e18);
            vault.announceCommitment(segment, uint96(limit));
            (, announced, activeFrom) = vault.commitmentOf(segment);
            _require(
                announced == _saturatingSub(limit, remaining) && activeFrom == _time + ANNOUNCEMENT,
                "CVR-09: another commitment is announced"
            );
            return;
        }
        if (late) _pass(activeFrom);
        _syncAll();
        uint256 free = _free();
        bytes memory refusal;
        if (_time < activeFrom) {
            refusal = abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_TooEarly.selector, activeFrom);
        } else if (free == 0) {
            refusal = abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_NoCapacity.selector, announced, free);
        }
        uint256 committed = vault.books().committed;
        try vault.activateCommitment(segment) returns (uint256 added) {
            _earn();
            _require(refusal.length == 0, "CVR-09: a commitment before its time or beyond capital");
            _require(
                added == _min(announced, free) && vault.books().committed == committed + added,
                "INV-09: a commitment beyond free capital"
            );
            _reached("commitment activated");
        } catch (bytes memory reason) {
            _refused(reason, refusal, "CVR-09: an announced commitment is refused");
        }
    }

    /// @dev Seconds, hours, days or weeks. The insider is always on his way out.
    function wait(uint256 seed, uint256 amount) external {
        ++steps;
        uint24[4] memory most = [uint24(1 minutes), 2 hours, 3 days, 2 weeks];
        _pass(_time + Fuzz.between(amount, 1, most[seed % 4]));
        for (uint256 tranche = 0; tranche < 2; ++tranche) _askToLeave(tranche);
        if (seed % 3 != 0) return;
        vault.accrue();
        _earn();
    }

    /// @dev Who holds most of a tranche asks for all of it when all that was free has just been sold as cover: what leaves is what capacity
    /// lets go, and the rest waits.
    function squeeze(uint256 who, uint256 product) external {
        ++steps;
        who = who % 2;
        if (_hasPending()) return;
        _openSeries(product % PRODUCTS, 100e18, 10);
        uint256 held = shares[who].balanceOf(owner(who));
        if (_live.length == 0 || held == 0) return;
        _buy(0, _live[_live.length - 1], uint96(_free() / 100));
        _request(who, who, held);
        _pass(_time + 24 hours);
        if (_waiting.length != 0) _complete(_waiting.length - 1);
        _enterWindow(who, who, 0);
        _syncAll();
        _claim(who, who);
    }

    /// @dev What nobody but their owners may do, tried by a stranger.
    function grief(uint256 who, uint256 seed) external {
        ++steps;
        address victim = owner(who % GRIEFER);
        bytes[9] memory calls = [
            abi.encodeCall(vault.draw, (segment, 1e18)),
            abi.encodeCall(vault.collect, (segment)),
            abi.encodeCall(vault.onExit, (Tranche.Junior, victim, owner(GRIEFER), 1e18)),
            abi.encodeCall(vault.onDeposit, (Tranche.Junior, 1e6, 1e18)),
            abi.encodeCall(vault.onExitCancel, (Tranche.Senior, victim)),
            abi.encodeCall(vault.announceCommitment, (segment, 1e18)),
            abi.encodeCall(shares[0].burnQueued, (1)),
            abi.encodeCall(shares[1].requestRedeem, (1, victim, victim)),
            abi.encodeCall(_cover1155.mint, (owner(GRIEFER), 1, 1e18))
        ];
        address[9] memory targets;
        for (uint256 i = 0; i < 6; ++i) targets[i] = address(vault);
        (targets[6], targets[7], targets[8]) = (address(shares[0]), address(shares[1]), address(_cover1155));
        vm.prank(owner(GRIEFER));
        (bool success, ) = targets[seed % 9].call(calls[seed % 9]);
        _require(!success, "R5: a stranger may do what only its owner may");
        _reached("griefed in vain");
    }

    function _askToLeave(uint256 tranche) private {
        ExitRequest memory made = _requestOf(INSIDER, tranche);
        uint256 balance = shares[tranche].balanceOf(owner(INSIDER));
        if (made.shares > 0 || balance == 0) return;
        vm.prank(owner(INSIDER));
        shares[tranche].requestRedeem(balance, owner(INSIDER), owner(INSIDER));
    }

    function _give(uint256 amount) private {
        usd.mint(address(this), amount);
        fund.donate(segment, amount);
    }
}

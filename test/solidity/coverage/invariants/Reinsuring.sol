// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TrancheShare} from "../../../../contracts/coverage/TrancheShare.sol";
import {ICoverageVaultEvents} from "../../../../contracts/interfaces/ICoverageVaultEvents.sol";
import {VaultBooks} from "../../../../contracts/interfaces/ICoverageVault.sol";
import {ExitRequest, Tranche} from "../../../../contracts/types/Coverage.sol";
import {COOLDOWN} from "../../../../contracts/types/CoverageTerms.sol";
import {Fuzz} from "../../support/Fuzz.sol";
import {vm} from "../../support/Vm.sol";
import {Claims} from "./Claims.sol";

/// @dev A second vault behind the same fund, with one underwriter: what it has is known to the wei.
abstract contract Reinsuring is Claims {
    /// @dev Paid in, less paid out, less drawn.
    uint256[2] private _capital;

    function reinsure(uint256 tranche, uint256 amount) external {
        ++steps;
        _reinsure(tranche % 2, Fuzz.between(amount, 1, 150 * USD));
    }

    function leaveReinsurance(uint256 tranche, uint256 seed) external {
        ++steps;
        tranche = tranche % 2;
        TrancheShare share = _shareOf(reinsurance, tranche);
        ExitRequest memory made = reinsurance.exitRequestOf(Tranche(tranche), REINSURER);
        uint256 balance = share.balanceOf(REINSURER);
        if (made.shares == 0 || made.epoch != reinsurance.epochOf(Tranche(tranche))) {
            if (balance == 0) return;
            vm.prank(REINSURER);
            share.requestRedeem(seed % 4 == 0 ? balance : balance / 3 + 1, REINSURER, REINSURER);
            return;
        }
        if (seed % 3 != 0) _pass(made.requestedAt + COOLDOWN + (seed % 5) * 1 days);
        _claimReinsurance(tranche, share, made);
    }

    /// @dev Announces and activates in turn. A commitment that exits have cut can be raised again.
    function commitReinsurance(uint256 limit, bool late) external {
        ++steps;
        (, uint256 announced, uint256 activeFrom) = reinsurance.commitmentOf(segment);
        if (announced == 0) {
            reinsurance.announceCommitment(segment, uint96(Fuzz.between(limit, 1, 300e18)));
            return;
        }
        if (late) _pass(activeFrom);
        uint256 free = reinsurance.freeCapital();
        uint256 committed = reinsurance.books().committed;
        bytes memory refusal;
        if (_time < activeFrom) {
            refusal = abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_TooEarly.selector, activeFrom);
        } else if (free == 0) {
            refusal = abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_NoCapacity.selector, announced, free);
        }
        try reinsurance.activateCommitment(segment) returns (uint256 added) {
            _require(refusal.length == 0, "CVR-09: a commitment before its time or beyond capital");
            _require(
                added == _min(announced, free) && reinsurance.books().committed == committed + added,
                "INV-09: reinsurance commits other than it may"
            );
            _reached("reinsurance committed");
        } catch (bytes memory reason) {
            _refused(reason, refusal, "CVR-09: an announced commitment is refused");
        }
    }

    /// @notice What the reinsurance vault must have, WAD.
    function reinsuranceCapital(uint256 tranche) external view returns (uint256) {
        return _capital[tranche];
    }

    /* INTERNAL */

    function _reinsure(uint256 tranche, uint256 amount) internal {
        TrancheShare share = _shareOf(reinsurance, tranche);
        // An advance that a later draw did not allow for: the price promises more than there is.
        vm.prank(REINSURER);
        try share.deposit(amount, REINSURER) {
            _capital[tranche] += amount * SCALE;
            _reached("reinsurance paid in");
        } catch (bytes memory reason) {
            bytes memory frozen = abi.encodeWithSelector(
                ICoverageVaultEvents.CoverageVault_TrancheFrozen.selector,
                tranche
            );
            bool hasAdvance = reinsurance.exitRequestOf(Tranche(tranche), REINSURER).advanced > 0;
            _refused(reason, hasAdvance ? frozen : bytes(""), "CVR-01: reinsurance is refused");
        }
    }

    function _claimReinsurance(uint256 tranche, TrancheShare share, ExitRequest memory made) private {
        uint256 held = usd.balanceOf(REINSURER);
        (uint256 opensAt, uint256 closesAt) = _windowOf(made);
        vm.prank(REINSURER);
        try share.claimExit(REINSURER) returns (uint256 assets) {
            _require(_time >= opensAt && _time <= closesAt, "CVR-06: an exit is paid outside its window");
            _require(usd.balanceOf(REINSURER) == held + assets, "R4: an exit pays another sum than it says");
            _require(assets * SCALE <= _capital[tranche], "INV-08: an exit is paid more than the tranche has");
            _capital[tranche] = _saturatingSub(_capital[tranche], assets * SCALE);
            _reached("reinsurance left");
        } catch (bytes memory reason) {
            if (_time < opensAt || _time > closesAt) {
                bytes memory outside = abi.encodeWithSelector(
                    ICoverageVaultEvents.CoverageVault_OutsideWindow.selector,
                    opensAt,
                    closesAt
                );
                _refused(reason, outside, "P-LIVE-02: an exit is refused");
                if (_time <= closesAt) return;
                share.expireRedeemRequest(REINSURER);
                _reached("reinsurance exit expired");
                return;
            }
            bool isWithheld = bytes4(reason) == ICoverageVaultEvents.CoverageVault_ExitWithheld.selector;
            _require(isWithheld && house.deficit() > 0, "P-LIVE-02: an exit of reinsurance is refused");
            _reached("reinsurance withheld");
        }
    }

    /// @dev What the reinsurance vault can be asked for.
    function _reinsuranceLeft() internal view returns (uint256) {
        (uint256 remaining, , ) = reinsurance.commitmentOf(segment);
        return _min(remaining, _saturatingSub(_capital[0] + _capital[1], FLOOR));
    }

    /// @dev INV-08: junior first there, too.
    function _afterDraw(uint256 drawn) internal {
        if (drawn == 0) return;
        uint256 fromJunior = _min(drawn, _capital[0]);
        _capital[0] -= fromJunior;
        _capital[1] -= drawn - fromJunior;
        if (drawn > fromJunior) _reached("reinsurance's senior pays");
        // What is left below dust falls to senior.
        if (fromJunior > 0 && _capital[0] < 1e6) (_capital[0], _capital[1]) = (0, _capital[1] + _capital[0]);
        VaultBooks memory books = reinsurance.books();
        _require(
            books.junior - books.juniorAdvanced == _capital[0] && books.senior - books.seniorAdvanced == _capital[1],
            "INV-08: reinsurance's tranches lose another sum"
        );
    }
}

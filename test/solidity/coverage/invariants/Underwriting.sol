// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICoverageVaultEvents} from "../../../../contracts/interfaces/ICoverageVaultEvents.sol";
import {ExitRequest, Tranche} from "../../../../contracts/types/Coverage.sol";
import {Fuzz} from "../../support/Fuzz.sol";
import {vm} from "../../support/Vm.sol";
import {Forecast} from "./Forecast.sol";

/// @dev Underwriters come, sell their shares, ask to leave, and change their minds.
abstract contract Underwriting is Forecast {
    function deposit(uint256 who, uint256 tranche, uint256 amount) external {
        ++steps;
        who = who % OWNERS;
        if (who == PASSIVE) return;
        _deposit(who, tranche % 2, Fuzz.between(amount, 1, 400 * USD));
    }

    /// @dev CVR-01: shares that have asked to leave cannot be sold: a buyer would have waited for nothing.
    function sell(uint256 who, uint256 to, uint256 tranche, uint256 part) external {
        ++steps;
        (who, to, tranche) = (who % OWNERS, to % OWNERS, tranche % 2);
        if (who == PASSIVE || to == PASSIVE || who == to) return;
        uint256 balance = shares[tranche].balanceOf(owner(who));
        uint256 amount = Fuzz.between(part, 0, balance);
        if (amount == 0) return;
        uint256 held = sharesOf(who, tranche);
        _move(who, to, tranche, amount, held);
        vm.prank(owner(who));
        shares[tranche].transfer(owner(to), amount);
        _require(sharesOf(who, tranche) == held - amount, "INV-10: a sale has moved other shares");
        _reached("shares sold");
    }

    function request(uint256 who, uint256 tranche, uint256 part) external {
        ++steps;
        (who, tranche) = (who % OWNERS, tranche % 2);
        if (who == PASSIVE) return;
        uint256 balance = shares[tranche].balanceOf(owner(who));
        uint256 amount = part % 3 == 0 ? balance : Fuzz.between(part, 0, balance);
        if (amount > 0) _request(who, tranche, amount);
    }

    function cancel(uint256 who, uint256 tranche) external {
        ++steps;
        (who, tranche) = (who % OWNERS, tranche % 2);
        ExitRequest memory raw = vault.exitRequestOf(Tranche(tranche), owner(who));
        ExitRequest memory before = _requestOf(who, tranche);
        uint256 balance = shares[tranche].balanceOf(owner(who));
        bytes memory refusal;
        if (raw.shares == 0) {
            refusal = abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_NoExitRequest.selector, owner(who));
        } else if (before.advanced > 0) {
            refusal = _refusalAdvanced(who, before);
        }
        vm.prank(owner(who));
        try shares[tranche].cancelRedeemRequest() returns (uint256 back) {
            _require(refusal.length == 0, "CVR-06: an advance is kept, and its shares too");
            _require(
                back == before.shares && shares[tranche].balanceOf(owner(who)) == balance + back,
                "INV-10: a cancelled request gives other shares back"
            );
            _reached(before.shares > 0 ? bytes32("cancelled") : bytes32("dead request cleared"));
        } catch (bytes memory reason) {
            _refused(reason, refusal, "P-LIVE-01: a request cannot be taken back");
        }
    }

    /// @dev By anyone, after the window; inside it, only what is worth no more than was advanced.
    function expire(uint256 who, uint256 tranche, bool late) external {
        ++steps;
        (who, tranche) = (who % OWNERS, tranche % 2);
        // Whoever has an advance, if anybody has.
        for (uint256 i = 0; i < OWNERS && _requestOf(who, tranche).advanced == 0; ++i) who = (who + 1) % OWNERS;
        ExitRequest memory before = _requestOf(who, tranche);
        if (before.shares == 0) return;
        (, uint256 closesAt) = _windowOf(before);
        if (late) _pass(closesAt + 1);
        _syncAll();
        // Died in between.
        if (_requestOf(who, tranche).shares > 0) _expire(who, tranche, before);
    }

    /// @dev R3: anyone may show the vault all advances; whoever leaves one out changes nothing. Half the time the overdrawn are ended first.
    function showAdvances(uint256 tranche, uint256 without, uint256 seed) external {
        ++steps;
        tranche = tranche % 2;
        _syncAll();
        bool wasFrozen = _isFrozen(tranche);
        for (uint256 i = 0; i < OWNERS && seed % 2 == 0; ++i) {
            ExitRequest memory request = _requestOf(i, tranche);
            if (_isOverdrawn(request, tranche)) _expire(i, tranche, request);
        }
        (address[] memory owners, uint256 left) = _ownersWithAdvance(tranche, without % (2 * OWNERS));
        vm.prank(owner(GRIEFER));
        bool isComplete = vault.measureAdvances(Tranche(tranche), owners);
        _require(isComplete == (left == 0), "R3: a count of advances is complete, or not, against the truth");
        if (!isComplete) return;
        _measured(tranche);
        if (wasFrozen && !_isFrozen(tranche)) _reached("thawed");
    }

    /* INTERNAL */

    /// @param without index that is left out
    /// @return owners ascending, as their indices are; the first has no advance, so that a count always begins anew
    /// @return left advances that are missing
    function _ownersWithAdvance(
        uint256 tranche,
        uint256 without
    ) private view returns (address[] memory owners, uint256 left) {
        owners = new address[](without < OWNERS ? OWNERS : OWNERS + 1);
        owners[0] = address(1);
        uint256 length = 1;
        for (uint256 i = 0; i < OWNERS; ++i) {
            if (i != without) owners[length++] = owner(i);
            else if (_requestOf(i, tranche).advanced > 0) ++left;
        }
    }

    function _deposit(uint256 who, uint256 tranche, uint256 amount) internal {
        uint256 worth = worthOf(who, tranche);
        uint256 expected = _sharesFor(amount * SCALE, tranche);
        bool isSpent = _isSpent(tranche);
        uint32 epoch = vault.epochOf(Tranche(tranche));
        bytes memory refusal = _refusalUnsynced();
        if (refusal.length == 0 && _isFrozen(tranche)) {
            refusal = abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_TrancheFrozen.selector, tranche);
        }
        vm.prank(owner(who));
        try shares[tranche].deposit(amount, owner(who)) returns (uint256 got) {
            _earn();
            _require(
                vault.epochOf(Tranche(tranche)) == (isSpent ? epoch + 1 : epoch),
                "CVR-01: an epoch begins with a deposit, though something is left"
            );
            if (isSpent) _restart(tranche);
            _put(who, tranche, amount * SCALE);
            _require(refusal.length == 0, "CVR-01: a frozen tranche sells shares");
            _require(got == expected, "CVR-01: a deposit gets other shares than its value");
            uint256 most = worth + amount * SCALE + 1e8;
            _require(worthOf(who, tranche) <= most, "INV-11: a deposit is worth more than was paid");
            _reached("deposited");
        } catch (bytes memory reason) {
            _refused(reason, refusal, "CVR-01: a deposit is refused");
            if (bytes4(reason) == ICoverageVaultEvents.CoverageVault_TrancheFrozen.selector) _reached("frozen");
            else _reached("deposit before a sync");
        }
    }

    /// @dev P-LIVE-01: whatever is open, an exit can be asked for. More shares start the cooldown anew.
    function _request(uint256 who, uint256 tranche, uint256 amount) internal {
        ExitRequest memory before = _requestOf(who, tranche);
        bytes memory refusal = before.advanced > 0 ? _refusalAdvanced(who, before) : bytes("");
        vm.prank(owner(who));
        try shares[tranche].requestRedeem(amount, owner(who), owner(who)) {
            ExitRequest memory made = _requestOf(who, tranche);
            _require(refusal.length == 0, "CVR-06: a request grows after an advance");
            _require(
                made.shares == before.shares + amount &&
                    made.requestedAt == _time &&
                    made.advanced == 0 &&
                    !made.isWithheld,
                "CVR-06: another request than was made"
            );
            _reached(before.shares > 0 ? bytes32("request merged") : bytes32("requested"));
        } catch (bytes memory reason) {
            _refused(reason, refusal, "P-LIVE-01: an exit cannot be asked for");
        }
    }

    function _expire(uint256 who, uint256 tranche, ExitRequest memory before) private {
        (uint256 opensAt, uint256 closesAt) = _windowOf(before);
        bool isOverdrawn = _isOverdrawn(before, tranche);
        bytes memory refusal;
        if (_time <= closesAt && !isOverdrawn) {
            refusal = abi.encodeWithSelector(
                ICoverageVaultEvents.CoverageVault_OutsideWindow.selector,
                opensAt,
                closesAt
            );
        } else if (before.advanced > 0 && !isOverdrawn && _isFrozen(tranche)) {
            refusal = abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_TrancheFrozen.selector, tranche);
        }
        uint256 held = sharesOf(who, tranche);
        vm.prank(owner(GRIEFER));
        try shares[tranche].expireRedeemRequest(owner(who)) returns (uint256 back) {
            _require(refusal.length == 0, "CVR-06: a request ended inside its window");
            _require(back == before.shares || before.advanced > 0, "CVR-06: an expired request lost shares");
            _earn();
            int256 left = _leave(who, tranche, before.shares - back, held, before.advanced);
            _require(isOverdrawn || _near(left, 0), "INV-11: an advance cost other than it was worth");
            if (isOverdrawn) _reached("overdrawn ended");
            else _reached(before.advanced > 0 ? bytes32("advance expired") : bytes32("expired"));
        } catch (bytes memory reason) {
            _refused(reason, refusal, "CVR-06: a request does not expire");
        }
    }

    function _refusalAdvanced(uint256 who, ExitRequest memory made) private pure returns (bytes memory) {
        return
            abi.encodeWithSelector(
                ICoverageVaultEvents.CoverageVault_ExitAdvanced.selector,
                owner(who),
                uint256(made.advanced)
            );
    }

    function _near(int256 a, int256 b) internal pure returns (bool) {
        int256 distance = a > b ? a - b : b - a;
        return uint256(distance) <= DUST;
    }

    /* FURTHER UP */

    function _syncAll() internal virtual;
    /// @dev Lets time pass; what has happened is reported in time.
    function _pass(uint256 time) internal virtual;
}

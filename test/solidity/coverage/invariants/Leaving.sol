// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ExitRequest, Tranche} from "../../../../contracts/types/Coverage.sol";
import {COOLDOWN, MAX_DELAY, WINDOW} from "../../../../contracts/types/CoverageTerms.sol";
import {vm} from "../../support/Vm.sol";
import {Underwriting} from "./Underwriting.sol";

/// @dev Underwriters leave: some when they can, one when he knows of a loss.
abstract contract Leaving is Underwriting {
    /// @dev A claim as it was before it was made.
    struct Claim {
        uint256 index;
        uint256 tranche;
        ExitRequest request;
        ExitForecast forecast;
        uint256 held;
        uint256 balance;
        uint32 epoch;
        bool isStrict;
        bool hadPending;
    }

    /// @dev Half the time inside the window, which would else be missed.
    function claim(uint256 who, uint256 tranche, uint256 seed) external {
        ++steps;
        (who, tranche) = (who % OWNERS, tranche % 2);
        if (seed % 2 == 0) _enterWindow(who, tranche, seed / 2);
        if (seed % 8 < 6) _syncAll();
        _claim(who, tranche);
    }

    /// @dev INV-19: who has claimed in his window is out when the longest delay is over, once what can be released is.
    function claimAtLast(uint256 who, uint256 tranche) external {
        ++steps;
        (who, tranche) = (who % OWNERS, tranche % 2);
        _enterWindow(who, tranche, 0);
        _syncAll();
        _claim(who, tranche);
        ExitRequest memory left = _requestOf(who, tranche);
        // Only who has claimed in his window keeps it.
        if (left.shares == 0 || !left.isWithheld) return;
        (, uint256 closesAt) = _windowOf(left);
        if (_time > closesAt) return;
        _finishAll(true);
        _pass(uint256(left.requestedAt) + COOLDOWN + MAX_DELAY);
        _releaseAll();
        _claim(who, tranche);
        // Only a price that promises too much may hold him longer, which anyone can put right.
        ExitForecast memory rest = _forecast(_requestOf(who, tranche), tranche);
        _require(rest.whole < SCALE || rest.isFrozen, "INV-19: an exit waits beyond its longest delay");
        if (_requestOf(who, tranche).shares == 0) _reached("exit at last");
    }

    /* INTERNAL */

    function _enterWindow(uint256 who, uint256 tranche, uint256 seed) internal {
        ExitRequest memory before = _requestOf(who, tranche);
        if (before.shares == 0) return;
        _pass(before.requestedAt + COOLDOWN + (seed % 4 == 0 ? 0 : seed % WINDOW));
    }

    /// @dev R4: paid to the wei, or refused, as the books say.
    function _claim(uint256 who, uint256 tranche) internal {
        Claim memory made;
        made.index = who;
        made.tranche = tranche;
        made.request = _requestOf(who, tranche);
        made.forecast = _forecast(made.request, tranche);
        made.held = sharesOf(who, tranche);
        made.balance = usd.balanceOf(owner(who));
        made.epoch = vault.epochOf(Tranche(tranche));
        made.isStrict = _isStrict(who, tranche);
        made.hadPending = _hasPending();
        uint256 committed = vault.books().committed;
        bytes memory refusal = _refusalOfExit(made.request, who, made.forecast);
        vm.prank(owner(who));
        try shares[tranche].claimExit(owner(who)) returns (uint256 assets) {
            _require(refusal.length == 0, "R4: an exit is paid that must wait");
            _require(
                assets * SCALE == made.forecast.paid && usd.balanceOf(owner(who)) == made.balance + assets,
                "R4: an exit is paid another sum than survives all that is open"
            );
            _checkCut(committed);
            _afterClaim(made, assets * SCALE);
        } catch (bytes memory reason) {
            _refused(reason, refusal, "P-LIVE-02: an exit is refused");
            if (made.request.shares == 0) return;
            (uint256 opensAt, uint256 closesAt) = _windowOf(made.request);
            if (_time < opensAt || _time > closesAt) {
                if (made.hadPending) _reached("shut out in sight of a loss");
            } else if (_refusalUnsynced().length == 0) {
                _reached("withheld");
                _checkDelay(made.request, made.tranche);
            }
        }
    }

    /// @dev CVR-02: commitments fall with the capital that leaves, and no further.
    function _checkCut(uint256 committed) private {
        uint256 expected = _min(committed, _spare());
        _require(vault.books().committed == expected, "CVR-02: commitments do not fall with capital");
        if (expected < committed) _reached("commitments cut");
    }

    function _afterClaim(Claim memory made, uint256 paid) private {
        ExitRequest memory left = _requestOf(made.index, made.tranche);
        uint256 burnt = made.request.shares - left.shares;
        _earn();
        _require(
            (made.forecast.isFinal ? left.shares == 0 : true) &&
                ((made.forecast.atStake == 0 && !made.forecast.isFrozen) || burnt == 0),
            "R4: shares are burnt while something is open, or kept when nothing is"
        );
        if (burnt > 0) {
            int256 rest = _leave(made.index, made.tranche, burnt, made.held, paid + made.request.advanced);
            if (made.isStrict) _require(_near(rest, 0), "INV-11: an exit is paid other than its shares are worth");
            else _require(paid == 0 || rest >= -int256(DUST), "INV-11: an exit takes from those who stay");
            if (left.shares > 0) _reached("exit by capacity");
            else _reached(made.request.advanced > 0 ? bytes32("exit after advance") : bytes32("exit"));
        } else {
            _require(left.advanced == made.request.advanced + paid, "INV-10: an advance is not booked");
            if (left.advanced > 0) _noteAdvance(made.request, left, made.tranche);
            _reached(paid > 0 ? bytes32("exit advanced") : bytes32("exit withheld whole"));
        }
        if (left.shares > 0) _checkDelay(made.request, made.tranche);
        if (_canBePlayedOut(made, left, burnt)) {
            _foresee(made, paid, true);
            _foresee(made, paid, false);
        }
    }

    function _canBePlayedOut(Claim memory made, ExitRequest memory left, uint256 burnt) private view returns (bool) {
        if (!made.hadPending || !made.isStrict || made.request.advanced > 0) return false;
        bool isOld = _time >= made.request.requestedAt + COOLDOWN + MAX_DELAY;
        return !isOld && (burnt == 0 || left.shares == 0);
    }

    /// @dev INV-19: at the end of the longest delay only what live cover and older requests need can keep an exit waiting, or a price that
    /// promises too much.
    function _checkDelay(ExitRequest memory made, uint256 tranche) private {
        if (_time < made.requestedAt + COOLDOWN + MAX_DELAY || _isFrozen(tranche)) return;
        _require(_leftByOlder(made, 0, 0) < SCALE, "INV-19: an exit waits beyond the longest delay");
    }

    /// @dev INV-10, INV-11, INV-21, R3: whoever leaves in sight of a loss ends as he who stays, whether the loss comes
    /// or not. Played out, and then taken back.
    function _foresee(Claim memory made, uint256 paid, bool happens) private {
        uint256 state = vm.snapshotState();
        _finishAll(happens);
        string memory verdict = broken;
        if (bytes(verdict).length == 0) verdict = _compare(made, paid);
        vm.revertToState(state);
        vm.warp(_time);
        _require(bytes(verdict).length == 0, verdict);
        _reached(happens ? bytes32("foreseen loss") : bytes32("foreseen false alarm"));
    }

    function _compare(Claim memory made, uint256 paid) private returns (string memory) {
        if (vault.epochOf(Tranche(made.tranche)) != made.epoch) {
            return paid <= DUST ? "" : "INV-11: who left early kept what others lost";
        }
        // Nobody has stayed to be compared with.
        if (shares[made.tranche].totalSupply() == 0) return "";
        ExitRequest memory left = _requestOf(made.index, made.tranche);
        uint256 staying = _valueOf(made.request.shares, made.tranche);
        if (left.shares > 0) {
            vm.prank(owner(made.index));
            try shares[made.tranche].claimExit(owner(made.index)) returns (uint256 assets) {
                paid += assets * SCALE;
            } catch {
                return "";
            }
            if (_requestOf(made.index, made.tranche).shares > 0) return "";
            if (paid + DUST < staying) return "INV-10: who left has less than who stayed";
        }
        return paid <= staying + DUST ? "" : "INV-11: who left has more than who stayed";
    }

    /// @dev Whether no advance in the tranche can be worth more than its shares.
    function _isStrict(uint256 who, uint256 tranche) private view returns (bool) {
        if (!_hasAdvances(tranche)) return true;
        for (uint256 i = 0; i < OWNERS; ++i) {
            ExitRequest memory other = _requestOf(i, tranche);
            if (other.advanced == 0) continue;
            if (i != who || _valueOf(other.shares, tranche) <= other.advanced + DUST) return false;
        }
        return true;
    }

    /* FURTHER UP */

    function _hasPending() internal view virtual returns (bool);
    function _finishAll(bool happens) internal virtual;
    function _releaseAll() internal virtual;
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title One series and its incidents (CLM-01, CLM-06, INV-12)
/// @dev Abstracts ClaimVerifier: what is confirmed per unit. Left out: triggers (what one finds is any number to the limit), bonds, time, event times.
/// prove-engine: chc
contract PayoutModel {
    uint256 private constant LIMIT = 1e24;

    uint256 private confirmed;
    uint256 private proposed;
    bool private isOpen;
    bool private hasFallen;

    function open(uint256 found) external {
        require(!isOpen && found > confirmed && found <= LIMIT);
        isOpen = true;
        proposed = found;
    }

    function resolve(uint256 found) external {
        require(isOpen && found <= LIMIT);
        isOpen = false;
        if (found <= confirmed) return;
        if (found > proposed) proposed = found;
        if (proposed < confirmed) hasFallen = true;
        confirmed = proposed;
    }

    function lapse() external {
        require(isOpen);
        isOpen = false;
    }

    function payoutIsBounded() external view {
        // P-CLAIM-01: What is confirmed per unit never passes the limit of the series, however many incidents there were.
        // bounds: any sequence of calls
        // bug: "require(isOpen && found <= LIMIT);" -> "require(isOpen);"
        assert(confirmed <= LIMIT);
    }

    function payoutNeverFalls() external view {
        // P-CLAIM-02: What was confirmed once is never taken back.
        // bounds: any sequence of calls
        // bug: "if (found > proposed) proposed = found;" -> "proposed = found / 2;"
        assert(!hasFallen);
    }
}

/// @title Bonds and ends of incidents
/// @dev Abstracts ClaimVerifier with Bonds. Left out: what a trigger finds, fees, whom a bond goes to.
contract IncidentModel {
    uint256 private held;
    bool private isOpen;

    function open() external {
        require(!isOpen);
        isOpen = true;
        held += 100;
    }

    function resolve() external {
        require(isOpen);
        isOpen = false;
        held -= 100;
    }

    function lapse() external {
        require(isOpen);
        isOpen = false;
        held -= 100;
    }

    function bondIsHeldWhileOpen() external view {
        // P-CLAIM-03: Exactly one bond is held while an incident is open, and none else: each bond leaves once.
        // bounds: any sequence of calls
        // bug at 1: "require(!isOpen);" -> ""
        assert(held == (isOpen ? 100 : 0));
    }
}

/// @title When incidents end
/// @dev Abstracts ClaimVerifier. Left out: all but time. Anyone may call `lapse`.
contract SilenceModel {
    uint256 private time;
    uint256 private openedAt;
    bool private isOpen;

    function wait(uint32 elapsed) external {
        time += elapsed;
    }

    function open() external {
        require(!isOpen);
        isOpen = true;
        openedAt = time;
    }

    function lapse() public {
        require(isOpen);
        require(time >= openedAt + 7 days);
        isOpen = false;
    }

    function silenceEndsIt() external {
        require(time >= openedAt + 7 days);
        if (isOpen) lapse();
        // P-CLAIM-04: An incident whose source stays silent ends as soon as anyone asks once its time is over.
        // bounds: any sequence of calls
        // bug at 5: "isOpen = false;" -> ""
        assert(!isOpen);
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Leaving a tranche (CVR-06, INV-10, INV-19)
/// @dev Abstracts ExitQueue: shares queued and the supply. Left out: weeks of the queue, advances, several holders.
/// prove-engine: chc
contract QueueModel {
    uint256 private supply;
    uint256 private queued;

    function join(uint96 shares) external {
        supply += shares;
    }

    function request(uint96 shares) external {
        require(queued + shares <= supply);
        queued += shares;
    }

    function cancel(uint256 shares) external {
        require(shares <= queued);
        queued -= shares;
    }

    function redeem(uint256 shares) external {
        require(shares <= queued);
        queued -= shares;
        supply -= shares;
    }

    function queuedIsPartOfSupply() external view {
        // P-EXIT-01: Queued shares are part of the supply until they are burnt, so that they bear every loss.
        // bounds: any sequence of calls
        // bug: "require(queued + shares <= supply);" -> "require(shares <= supply);"
        assert(queued <= supply);
    }
}

/// @title Cooldown and withholding
/// @dev Abstracts Exits for one request. Left out: the window's end, amounts.
contract DelayModel {
    uint256 private age;
    uint256 private withheld;
    bool private isRequested;
    bool private hasLeftEarly;

    function request() external {
        require(!isRequested);
        isRequested = true;
        age = 0;
        withheld = 0;
    }

    function wait(uint32 elapsed) external {
        age += elapsed;
    }

    function withhold(uint32 elapsed) external {
        require(isRequested && withheld + elapsed <= 63 days);
        withheld += elapsed;
        age += elapsed;
    }

    function redeem() external {
        require(isRequested && age >= 28 days);
        if (age < 28 days) hasLeftEarly = true;
        isRequested = false;
    }

    function noExitBeforeCooldown() external view {
        // P-EXIT-02: Nobody leaves before the cooldown is over.
        // bounds: any sequence of calls
        // bug: "require(isRequested && age >= 28 days);" -> "require(isRequested);"
        assert(!hasLeftEarly);
    }

    function delayIsBounded() external view {
        // P-EXIT-03: All delays of one request together never pass the longest delay.
        // bounds: any sequence of calls
        // bug: "withheld + elapsed <= 63 days" -> "elapsed <= 63 days"
        assert(withheld <= 63 days);
    }
}

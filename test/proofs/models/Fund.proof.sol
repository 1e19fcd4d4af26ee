// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title A segment of the fund and its venue: booked first, moved later (FND-02, FND-11, CLR-08, INV-01, INV-03)
/// @dev Abstracts ClearingHouse: tokens, claims of all accounts, the signed account with the fund. Left out: positions, decimals, queues.
/// prove-engine: chc
contract VenueModel {
    int256 private tokens;
    int256 private claims;
    int256 private account;

    function deposit(uint96 amount) external {
        tokens += int256(uint256(amount));
        claims += int256(uint256(amount));
    }

    function charge(uint96 amount) external {
        claims -= int256(uint256(amount));
        account += int256(uint256(amount));
    }

    function cover(uint96 paid) external {
        claims += int256(uint256(paid));
        account -= int256(uint256(paid));
    }

    function settle(int96 amount) external {
        tokens += amount;
        account += amount;
    }

    function venueIsWhole() external view {
        // P-FUND-01: What a venue holds is what its accounts may claim and its signed account with the fund, to the wei.
        // bounds: any sequence of calls
        // bug: "claims += int256(uint256(paid));" -> ""
        assert(tokens == claims + account);
    }
}

/// @title The books of a segment
/// @dev Abstracts InsuranceFund with SegmentBooks. Left out: layers behind the reserve, budgets, decimals, yield vaults.
contract SegmentModel {
    uint256 private tokens;
    uint256 private reserve;
    uint256 private owed;

    function donate(uint96 amount) external {
        tokens += amount;
        reserve += amount;
    }

    function cover(uint256 paid) external {
        require(paid <= reserve);
        reserve -= paid;
        owed += paid;
    }

    function settle(uint256 amount) external {
        require(amount <= owed);
        owed -= amount;
        tokens -= amount;
    }

    function segmentIsWhole() external view {
        // P-FUND-02: What a segment holds is its reserve and what it owes, to the wei: what is owed is segregated at once.
        // bounds: any sequence of calls
        // bug: "owed += paid;" -> ""
        assert(tokens == reserve + owed);
    }
}

/// @title Who paid for all shortfalls
/// @dev Abstracts InsuranceFund.cover over all calls. Left out: layers behind the reserve are one, what each has is any number.
contract ShortfallModel {
    uint256 private shortfalls;
    uint256 private byReserve;
    uint256 private byVault;
    uint256 private socialized;

    function cover(uint96 shortfall, uint96 reserve, uint96 vault) external {
        uint256 first = shortfall < reserve ? shortfall : reserve;
        uint256 second = shortfall - first < vault ? shortfall - first : vault;
        shortfalls += shortfall;
        byReserve += first;
        byVault += second;
        socialized += shortfall - first - second;
    }

    function everyShortfallIsPaidOnce() external view {
        // P-FUND-03: Every wei of all shortfalls was paid by one layer or socialised, once.
        // bounds: any sequence of calls
        // bug: "socialized += shortfall - first - second;" -> "socialized += shortfall - first;"
        assert(shortfalls == byReserve + byVault + socialized);
    }
}

/// @title The draw budget
/// @dev Abstracts DrawBudgets for one class with a share of one half. Left out: other classes, the fraction of a bid; the bucket leaks any part at any moment.
contract BudgetModel {
    uint256 private reserve;
    uint256 private used;
    bool private isOverdrawn;

    function pay(uint96 amount) external {
        reserve += amount;
    }

    function leak(uint256 amount) external {
        require(amount <= used);
        used -= amount;
    }

    function draw(uint256 amount) external {
        require(amount <= reserve && 2 * (used + amount) <= reserve + used);
        uint256 base = reserve + used;
        reserve -= amount;
        used += amount;
        if (2 * used > base) isOverdrawn = true;
    }

    function budgetHolds() external view {
        // P-FUND-04: No draw takes what was used past its share of what was there when the period began.
        // bounds: any sequence of calls, a share of one half
        // bug: "2 * (used + amount) <= reserve + used" -> "2 * amount <= reserve + used"
        assert(!isOverdrawn);
    }
}

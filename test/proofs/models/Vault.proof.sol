// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title A vault: what is there, what is promised, who bears losses (CVR-02, CVR-04, CVR-05, INV-08, INV-09)
/// @dev Abstracts CoverageVault: Tranches and PremiumLedger. Value of both tranches together, unearned premium, tokens held. Left out: shares, exits,
/// commitments, epochs, decimals. Time is left out too: any part of a premium is earned at any moment.
/// prove-engine: chc
contract PremiumModel {
    uint256 private tokens;
    uint256 private capital;
    uint256 private unearned;

    function deposit(uint96 amount) external {
        tokens += amount;
        capital += amount;
    }

    function buy(uint96 premium) external {
        tokens += premium;
        unearned += premium;
    }

    function earn(uint256 amount) external {
        require(amount <= unearned);
        unearned -= amount;
        capital += amount;
    }

    function pay(uint256 amount) external {
        require(amount <= capital);
        capital -= amount;
        tokens -= amount;
    }

    function tokensAreValueAndUnearned() external view {
        // P-VAULT-01: Tokens held are the value of the tranches and the unearned premium, to the wei: it is nobody's value before it is earned.
        // bounds: any sequence of calls
        // bug: "unearned -= amount;" -> ""
        assert(tokens == capital + unearned);
    }
}

/// @title What live series can still be paid
/// @dev Abstracts CoverageVault: Products, Purchases and Settlements. Capital is the value of both tranches. Left out: how it is split, floor,
/// commitments, unearned premium.
contract CapacityModel {
    uint256 private capital;
    uint256 private liability;

    function deposit(uint96 amount) external {
        capital += amount;
    }

    function buy(uint96 limit) external {
        require(liability + limit <= capital);
        liability += limit;
    }

    function expire(uint256 limit) external {
        require(limit <= liability);
        liability -= limit;
    }

    function pay(uint256 payout, uint256 limit) external {
        require(payout <= limit && limit <= liability);
        liability -= limit;
        capital -= payout;
    }

    function withdraw(uint256 amount) external {
        require(amount + liability <= capital);
        capital -= amount;
    }

    function liabilityIsBacked() external view {
        // P-VAULT-02: All that live series can still be paid is there, whatever was drawn, paid and withdrawn before.
        // bounds: any sequence of calls
        // bug: "require(amount + liability <= capital);" -> "require(amount <= capital);"
        assert(liability <= capital);
    }
}

/// @title Who bears losses
/// @dev Abstracts CoverageVault: Tranches. Left out: all but the two values.
contract SeniorityModel {
    uint256 private junior;
    uint256 private senior;
    bool private seniorLostFirst;

    function deposit(uint96 amount, bool intoJunior) external {
        if (intoJunior) junior += amount;
        else senior += amount;
    }

    function lose(uint256 loss) external {
        require(loss <= junior + senior);
        uint256 first = junior < loss ? junior : loss;
        junior -= first;
        senior -= loss - first;
        if (loss > first && junior > 0) seniorLostFirst = true;
    }

    function juniorBearsFirst() external view {
        // P-VAULT-03: The senior tranche loses nothing while the junior one has anything.
        // bounds: any sequence of calls
        // bug: "junior < loss ? junior : loss;" -> "junior < loss ? junior / 2 : loss;"
        assert(!seniorLostFirst);
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearingHouse} from "../../../contracts/interfaces/IClearingHouse.sol";
import {Trade} from "../../../contracts/types/Clearing.sol";
import {AccountId, AssetId, MarketId, toAccountId} from "../../../contracts/types/Identifiers.sol";
import {System} from "../support/System.sol";
import {vm} from "../support/Vm.sol";

/// @dev FND-02: whatever four traders do under a gap premium that changes, every unit that sides are charged is the fund's or dust (CLR-08), and
/// what each account pays is what it held, by the second. The price stands still, so that nothing else moves value but fees.
contract GapPremiumFuzz {
    uint256 private constant TRADERS = 4;
    uint256 private constant STEPS = 14;
    MarketId private constant MARKET = MarketId.wrap(0);
    uint256 private constant PRICE = 200e18;

    System private system;
    IClearingHouse private house;
    AccountId[TRADERS] private accounts;
    /// @dev What each account should have paid, WAD, rounded down at each step, and how many roundings there were.
    uint256[TRADERS] private owed;
    uint256 private roundings;
    uint256 private gapRate;
    uint256 private countedAt;

    error GapPremium_Differs(string what, int256 actual, int256 expected);

    function setUp() public {
        vm.warp(1_900_000_000);
        system = new System(address(0xFEE));
        house = system.house();
        for (uint256 i = 0; i < TRADERS; ++i) {
            address who = address(uint160(0xA000 + i));
            accounts[i] = toAccountId(who, 0);
            system.usd().mint(who, 10_000_000e6);
            vm.startPrank(who);
            system.usd().approve(address(house), type(uint256).max);
            house.deposit(accounts[i], AssetId.wrap(0), 10_000_000e6);
            vm.stopPrank();
        }
        countedAt = block.timestamp;
    }

    function testFuzz_FND02_what_sides_pay_is_what_the_fund_gets(bytes32 seed) external {
        for (uint256 step = 0; step < STEPS; ++step) {
            seed = keccak256(abi.encode(seed));
            _pass(uint256(seed) % 7_200);
            _act(uint256(seed) >> 32);
            _checkConservation();
        }
        _pass(3_600);
        house.accrue(MARKET);
        _checkConservation();
        _checkEach();
    }

    /// @dev Time passes; what everybody owes for it is counted here, from his base alone.
    function _pass(uint256 elapsed) private {
        vm.warp(block.timestamp + elapsed);
        for (uint256 i = 0; i < system.SOURCES(); ++i) system.feeds(0, i).setAnswer(200e8);
        uint256 time = block.timestamp - countedAt;
        countedAt = block.timestamp;
        uint256 perUnit = (PRICE * gapRate * time) / 1e15;
        for (uint256 i = 0; i < TRADERS; ++i) {
            (int256 base, ) = house.positionOf(accounts[i], MARKET);
            owed[i] += (perUnit * uint256(base < 0 ? -base : base)) / 1e18;
        }
    }

    function _act(uint256 random) private {
        uint256 kind = random % 8;
        if (kind == 0) house.accrue(MARKET);
        else if (kind == 1) _charge(uint32((random >> 8) % 100_000_001));
        else _trade(random >> 8);
        ++roundings;
    }

    function _charge(uint32 rate) private {
        system.chargeGap(MARKET, rate);
        gapRate = rate;
    }

    function _trade(uint256 random) private {
        uint256 taker = random % TRADERS;
        uint256 maker = (taker + 1 + ((random >> 8) % (TRADERS - 1))) % TRADERS;
        int256 size = int256(1 + ((random >> 16) % 2_000e18));
        if (random & (1 << 200) != 0) size = -size;
        // Also all that the taker has, to leave a side empty at times.
        (int256 base, ) = house.positionOf(accounts[taker], MARKET);
        if (random & (3 << 201) == 0 && base != 0) size = -base;
        Trade memory fill = Trade({
            taker: accounts[taker],
            maker: accounts[maker],
            market: MARKET,
            size: size,
            price: PRICE
        });
        vm.prank(house.orderBook());
        try house.trade(fill) {} catch {}
    }

    function _checkConservation() private view {
        (uint256 fees, ) = house.totals();
        int256 claims = int256(fees) + house.fundAccount();
        for (uint256 i = 0; i < TRADERS; ++i) claims += _valueOf(i);
        int256 surplus = int256(system.usd().balanceOf(address(house)) * 1e12) - claims;
        // Each accrual charges every position a wei more, and as much per unit of base as its charge is rounded up by.
        int256 dust = int256((roundings + 2) * (2 * TRADERS + 2 * 8_000));
        if (surplus < 0 || surplus > dust) revert GapPremium_Differs("surplus", surplus, dust);
    }

    /// @dev Fees apart, an account has lost what it owed: at a price that stands still nothing else takes or gives.
    function _checkEach() private view {
        int256 lost = 0;
        int256 due = 0;
        for (uint256 i = 0; i < TRADERS; ++i) {
            lost += 10_000_000e18 - _valueOf(i);
            due += int256(owed[i]);
        }
        (uint256 fees, ) = house.totals();
        int256 premium = house.fundAccount();
        _near("sum of losses", lost - int256(fees), due);
        _near("fund", premium, due);
    }

    function _valueOf(uint256 i) private view returns (int256) {
        int256 cash = house.headerOf(accounts[i]).cash;
        (int256 base, int256 quote) = house.positionOf(accounts[i], MARKET);
        return cash + (base * int256(PRICE)) / 1e18 + quote;
    }

    function _near(string memory what, int256 actual, int256 expected) private view {
        int256 slack = int256((roundings + 2) * 20_000);
        int256 distance = actual > expected ? actual - expected : expected - actual;
        if (distance > slack) revert GapPremium_Differs(what, actual, expected);
    }
}

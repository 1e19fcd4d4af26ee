// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MockEngine} from "../../../contracts/mocks/MockEngine.sol";
import {MockToken} from "../../../contracts/mocks/MockToken.sol";
import {MockVenue} from "../../../contracts/mocks/MockVenue.sol";
import {SegmentId} from "../../../contracts/types/Identifiers.sol";
import {vm} from "../support/Vm.sol";
import {FundTest} from "./FundTest.sol";

/// @dev FND-01: a venue that is not the clearing house, from its registration to its last withdrawal.
contract SecondVenueTest is FundTest {
    address private constant ALICE = address(0xA11CE);
    address private constant BOB = address(0xB0B);

    MockToken private token;

    function setUp() public override {
        super.setUp();
        token = new MockToken("Test dollar", "TUSD", 6);
    }

    function test_FND01_ABettingDeskUsesItsOwnSegment() public {
        (MockEngine engine, MockVenue desk, SegmentId segment) = _newDesk(1_000e6);
        _deposit(desk, ALICE, 500e6);

        // Alice loses 300 to Bob and pays 30 to the fund; then loses 270 more, of which she has 170.
        engine.decide(ALICE, BOB, 300 * UNIT, 30 * UNIT);
        engine.decide(ALICE, BOB, 170 * UNIT, 0);
        engine.liquidate(BOB, asked(100 * UNIT, 0, 0, UNIT, 0));
        assertEq(desk.claimOf(BOB), 570 * UNIT, "Bob is whole at once");
        assertEq(token.balanceOf(address(desk)), 500e6, "no token has moved");
        assertLedger(segment, 900 * UNIT, 100 * UNIT);

        // 100 drawn against 30 of penalties: 70 follow.
        fund.settle(segment);
        assertTrue(desk.fundAccount() == 0, "settled");
        assertEq(token.balanceOf(address(desk)), 570e6, "tokens for Bob");
        assertLedger(segment, 930 * UNIT, 0);
        vm.prank(BOB);
        desk.withdraw(570e6);
        assertEq(token.balanceOf(BOB), 570e6, "paid");
        assertEq(desk.totalClaims(), 0, "nobody is left");
    }

    function test_FND11_IncomeOfADeskReachesItsReserve() public {
        (MockEngine engine, MockVenue desk, SegmentId segment) = _newDesk(1_000e6);
        _deposit(desk, ALICE, 500e6);
        engine.decide(ALICE, BOB, 0, 45 * UNIT + 5e11);
        assertEq(reserveOf(segment), 1_000 * UNIT, "income counts after settle only");
        fund.settle(segment);
        assertLedger(segment, 1_045 * UNIT, 0);
        assertTrue(desk.fundAccount() == 5e11, "what the token cannot express waits");
    }

    /// @dev INV-07: two desks on one token. One burns all it may; the other one's reserve and budgets do not move.
    function test_INV07_DesksOnOneTokenShareNothing() public {
        (MockEngine engine, MockVenue desk, SegmentId segment) = _newDesk(1_000e6);
        (, MockVenue neighbour, SegmentId other) = _newDesk(2_000e6);
        (uint256[3] memory before, uint256 wholeBefore, ) = fund.budgetLeft(other);

        engine.liquidate(BOB, asked(1e30, 1e30, 1e30, UNIT, 1e30));
        fund.settle(segment);
        fund.settle(other);

        assertLedger(segment, 380 * UNIT, 0);
        assertLedger(other, 2_000 * UNIT, 0);
        (uint256[3] memory byClass, uint256 whole, ) = fund.budgetLeft(other);
        assertEq(whole, wholeBefore, "segment budget");
        assertEq(byClass[0], before[0], "class budget");
        assertEq(fund.segmentOf(other).drawn + fund.segmentOf(other).unpaid, 0, "facts");
        assertEq(token.balanceOf(address(fund)), 2_380e6, "tokens of both");
        assertEq(token.balanceOf(address(desk)), 620e6, "sent to the one that drew");
        assertEq(token.balanceOf(address(neighbour)), 0, "and not to the other");
    }

    function _newDesk(uint256 reserve) private returns (MockEngine engine, MockVenue desk, SegmentId segment) {
        engine = new MockEngine(fund);
        desk = new MockVenue(address(token), address(engine), address(fund));
        segment = engine.register(desk, budgets());
        token.mint(address(this), reserve);
        token.approve(address(fund), reserve);
        fund.donate(segment, reserve);
    }

    function _deposit(MockVenue desk, address user, uint256 amount) private {
        token.mint(user, amount);
        vm.startPrank(user);
        token.approve(address(desk), amount);
        desk.deposit(amount);
        vm.stopPrank();
    }
}

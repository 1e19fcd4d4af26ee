// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {IBulwarkToken} from "../../../contracts/interfaces/IBulwarkToken.sol";
import {IRecapAuction} from "../../../contracts/interfaces/IRecapAuction.sol";
import {HostileToken} from "../../../contracts/mocks/HostileToken.sol";
import {vm} from "../support/Vm.sol";
import {RecapTest} from "./RecapTest.sol";

/// @notice At what price and how many new tokens are sold (FND-07).
contract RecapSaleTest is RecapTest {
    /* PRICE */

    function test_FND07_PriceFallsFromSixteenFloorsToOneWithinADay() public {
        uint256 start = _start();
        assertEq(auction.priceNow(), 16 * FLOOR, "at first");
        uint256[5] memory at = [uint256(3 hours), 6 hours, 9 hours, 12 hours, 24 hours];
        uint256[5] memory expected = [12 * FLOOR, 8 * FLOOR, 6 * FLOOR, 4 * FLOOR, FLOOR];
        for (uint256 i = 0; i < 5; ++i) {
            vm.warp(start + at[i]);
            assertEq(auction.priceNow(), expected[i], "then");
        }
        vm.warp(start + 48 hours - 1);
        assertEq(auction.priceNow(), FLOOR, "to the last second");
        vm.warp(start + 48 hours);
        vm.expectRevert(abi.encodeWithSelector(IRecapAuction.RecapAuction_NotRunning.selector, start + 48 hours));
        auction.priceNow();
        assertEq(auction.startedAt(), 0, "over");
    }

    function test_FND07_OneAuctionAtATimeAndEachAfterADayOfItsOwn() public {
        uint256 start = _start();
        vm.expectRevert(abi.encodeWithSelector(IRecapAuction.RecapAuction_Running.selector, start + 48 hours));
        auction.start();
        vm.warp(start + 48 hours);
        _sync(0.05e9);
        _expectNotCritical(0, start, 900e18);
        auction.start();
        _observeFor(24 hours);
        auction.start();
    }

    /* PURCHASES */

    function test_FND07_PaysTheReserveAndMintsToTheReceiver() public {
        uint256 start = _start();
        vm.warp(start + 6 hours);
        // 1,001 tokens at 0.40.
        vm.expectEmit(address(auction));
        emit IRecapAuction.RecapSold(BUYER, address(0xCAFE), 1_001e18, 400.4e6, 8 * FLOOR);
        vm.prank(BUYER);
        (uint256 bought, uint256 cost) = auction.buy(1_001e18, 400.4e6, address(0xCAFE));
        assertEq(bought, 1_001e18, "as many");
        assertEq(cost, 400.4e6, "for");
        assertEq(votes.balanceOf(address(0xCAFE)), 1_001e18, "minted");
        assertEq(reserveOf(segment), 500.4e18, "given to the reserve");
        assertEq(auction.needed(), 499.6e18, "the rest");
        assertEq(token.balanceOf(address(auction)), 0, "keeps nothing");
    }

    function test_FND07_RoundedAgainstTheBuyer() public {
        _start();
        vm.prank(BUYER);
        (, uint256 cost) = auction.buy(1, 1, BUYER);
        assertEq(cost, 1, "a wei of a token costs a unit");
    }

    function test_FND07_NoMoreThanIsNeeded() public {
        uint256 start = _start();
        vm.warp(start + 24 hours);
        vm.prank(BUYER);
        (uint256 bought, uint256 cost) = auction.buy(type(uint256).max, type(uint256).max, BUYER);
        assertEq(bought, 18_000e18, "900 at 0.05");
        assertEq(cost, 900e6, "the whole");
        vm.expectRevert(abi.encodeWithSelector(IRecapAuction.RecapAuction_SoldOut.selector, 0, WEEKLY - 18_000e18));
        vm.prank(BUYER);
        auction.buy(1, 1e6, BUYER);
    }

    function test_FND07_NoMoreThanTheTokenAllowsInAWeek() public {
        // A loss of 400,000: at the floor it would take eight million tokens.
        give(segment, token, 400_000e6);
        cover(segment, 400_000e18, 0);
        _target = 1_000_000e18;
        uint256 start = _start();
        vm.warp(start + 24 hours);
        vm.prank(BUYER);
        (uint256 bought, ) = auction.buy(type(uint256).max, type(uint256).max, BUYER);
        assertEq(bought, WEEKLY, "2% of supply");
        vm.expectRevert(abi.encodeWithSelector(IRecapAuction.RecapAuction_SoldOut.selector, auction.needed(), 0));
        vm.prank(BUYER);
        auction.buy(1e18, 1e6, BUYER);
    }

    function test_FND07_RefusesMoreThanTheBuyerAllowsAndATokenThatDoesNotMove() public {
        _start();
        vm.expectRevert(abi.encodeWithSelector(IRecapAuction.RecapAuction_CostAboveLimit.selector, 800_000, 799_999));
        vm.prank(BUYER);
        auction.buy(1e18, 799_999, BUYER);
        token.setMode(HostileToken.Mode.ReturnsFalse);
        vm.expectRevert(abi.encodeWithSelector(IRecapAuction.RecapAuction_TransferFailed.selector, address(token)));
        vm.prank(BUYER);
        auction.buy(1e18, 800_000, BUYER);
    }

    function test_FND07_NobodyElseMints() public {
        vm.expectRevert(
            abi.encodeWithSelector(IBulwarkToken.BulwarkToken_NotMinter.selector, address(this), address(auction))
        );
        votes.mint(address(this), 1);
    }

    function test_GOV03_NeitherBegunNorSoldWhileTheGuardianHasPausedIt() public {
        uint256 start = _start();
        _pausedUntil = start + 1 days;
        bytes memory refusal = abi.encodeWithSelector(IRecapAuction.RecapAuction_Paused.selector, start + 1 days);
        vm.expectRevert(refusal);
        vm.prank(BUYER);
        auction.buy(1e18, 1e6, BUYER);
        vm.expectRevert(refusal);
        auction.start();
    }

    /* FLOOR PRICE */

    function test_FND07_FloorUpAtOnceDownByATenthOnceAWeek() public {
        _start();
        vm.expectEmit(address(auction));
        emit IRecapAuction.FloorPriceSet(FLOOR, 2 * FLOOR);
        auction.setFloorPrice(2 * FLOOR);
        assertEq(auction.priceNow(), 16 * FLOOR, "not of the auction that runs");
        vm.warp(START + 7 days - 1);
        vm.expectRevert(abi.encodeWithSelector(IRecapAuction.RecapAuction_TooSoon.selector, START + 7 days));
        auction.setFloorPrice(2 * FLOOR - 1);
        vm.warp(START + 7 days);
        vm.expectRevert(_invalidFloor(1.8e17 / 2 - 1, 1.8e17 / 2));
        auction.setFloorPrice(0.09e18 - 1);
        auction.setFloorPrice(0.09e18);
        vm.expectRevert(abi.encodeWithSelector(IRecapAuction.RecapAuction_TooSoon.selector, START + 14 days));
        auction.setFloorPrice(0.085e18);
        vm.expectRevert(_invalidFloor(1e27 + 1, 0.081e18));
        auction.setFloorPrice(1e27 + 1);
    }

    function test_FND07_OnlyTheAccessManagersMaySetTheFloor() public {
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, BUYER));
        vm.prank(BUYER);
        auction.setFloorPrice(1e18);
    }
}

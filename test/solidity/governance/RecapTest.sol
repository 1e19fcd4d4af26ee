// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

import {BulwarkToken} from "../../../contracts/governance/BulwarkToken.sol";
import {RecapAuction} from "../../../contracts/governance/RecapAuction.sol";
import {IBulwarkToken} from "../../../contracts/interfaces/IBulwarkToken.sol";
import {IGuardian} from "../../../contracts/interfaces/IGuardian.sol";
import {IRecapAuction} from "../../../contracts/interfaces/IRecapAuction.sol";
import {IRiskController} from "../../../contracts/interfaces/IRiskController.sol";
import {HostileToken} from "../../../contracts/mocks/HostileToken.sol";
import {HostileVenue} from "../../../contracts/mocks/HostileVenue.sol";
import {SegmentId} from "../../../contracts/types/Identifiers.sol";
import {PauseBits} from "../../../contracts/types/Pauses.sol";
import {FundTest} from "../fund/FundTest.sol";
import {vm} from "../support/Vm.sol";

/// @dev New tokens for a reserve that was drawn on (FND-07): a reserve of 1,000, 900 of it drawn, a target of 2,000. The test is risk control,
/// guardian, engine and administrator; BUYER has settlement tokens.
abstract contract RecapTest is FundTest {
    address internal constant BUYER = address(0xB0B);
    uint256 internal constant FLOOR = 0.05e18;
    uint256 internal constant CRITICAL = 0.3e9;
    uint256 internal constant WEEKLY = 2_000_000e18;

    SegmentId public segment;
    address public house;
    uint256 public ratio;
    uint256 public ratioSetAt;
    uint256 public resources;

    uint256 internal _target;
    uint256 internal _pausedUntil;
    AccessManager internal manager;
    BulwarkToken internal votes;
    RecapAuction internal auction;
    HostileToken internal token;

    function setUp() public virtual override {
        super.setUp();
        HostileVenue venue;
        (segment, venue, token) = newSegment(6, 1_000, openBudgets());
        house = address(venue);
        manager = new AccessManager(address(this));
        votes = new BulwarkToken(address(manager), address(this));
        auction = _deploy(address(this), address(votes), address(this), FLOOR);
        votes.linkMinter(address(auction));
        cover(segment, 900e18, 0);
        (resources, _target) = (100e18, 2_000e18);
        token.mint(BUYER, 1_000_000e6);
        vm.prank(BUYER);
        token.approve(address(auction), type(uint256).max);
        _sync(0.05e9);
    }

    function reserveTarget() external view returns (uint256, uint256, uint256) {
        return (_target, _target, 0);
    }

    function pausedUntil(uint256 bit) external view returns (uint256) {
        return bit == PauseBits.RECAPITALIZATION ? _pausedUntil : 0;
    }

    /* HELPERS */

    function _deploy(address control, address token_, address guardian, uint256 price) internal returns (RecapAuction) {
        return
            new RecapAuction(
                address(manager),
                IRiskController(control),
                IBulwarkToken(token_),
                IGuardian(guardian),
                price
            );
    }

    function _sync(uint256 ratio_) internal {
        (ratio, ratioSetAt) = (ratio_, block.timestamp);
    }

    /// @dev Hourly, the last one as late as asked for.
    function _observeFor(uint256 duration) internal {
        uint256 from = block.timestamp;
        for (uint256 time = 0; time < duration; time += 1 hours) {
            vm.warp(from + time);
            ratioSetAt = block.timestamp;
            auction.observe();
        }
        vm.warp(from + duration);
        ratioSetAt = block.timestamp;
        auction.observe();
    }

    function _start() internal returns (uint256) {
        _observeFor(24 hours);
        auction.start();
        return block.timestamp;
    }

    function _assertLive(uint256 expected) internal view {
        (uint256 live, uint256 seenAt) = auction.criticalFor();
        assertEq(live, expected, "live seconds");
        assertEq(seenAt, block.timestamp, "seen now");
    }

    function _expectNotCritical(uint256 live, uint256 seenAt, uint256 needed) internal {
        vm.expectRevert(abi.encodeWithSelector(IRecapAuction.RecapAuction_NotCritical.selector, live, seenAt, needed));
    }

    function _invalidFloor(uint256 price, uint256 lowest) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IRecapAuction.RecapAuction_InvalidFloor.selector, price, lowest, 1e27);
    }
}

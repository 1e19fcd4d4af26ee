// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BudgetShares, SegmentView} from "../../../contracts/interfaces/IInsuranceFund.sol";
import {HostileToken} from "../../../contracts/mocks/HostileToken.sol";
import {MockVenue} from "../../../contracts/mocks/MockVenue.sol";
import {SegmentId} from "../../../contracts/types/Identifiers.sol";
import {FundHandler} from "./FundHandler.sol";
import {FundTest} from "./FundTest.sol";

struct FuzzSelector {
    address addr;
    bytes4[] selectors;
}

/// @dev Gifts, penalties, draws, settlements, pauses and time in any order, over four segments on two tokens.
contract FundInvariantsTest is FundTest {
    FundHandler private handler;

    function setUp() public override {
        handler = new FundHandler();
        fund = handler.fund();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        bytes4[] memory selectors = new bytes4[](9);
        selectors[0] = FundHandler.donate.selector;
        selectors[1] = FundHandler.penalize.selector;
        selectors[2] = FundHandler.depositInto.selector;
        selectors[3] = FundHandler.liquidate.selector;
        selectors[4] = FundHandler.liquidateHugely.selector;
        selectors[5] = FundHandler.settle.selector;
        selectors[6] = FundHandler.sendWithoutDonating.selector;
        selectors[7] = FundHandler.pause.selector;
        selectors[8] = FundHandler.wait.selector;
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector({addr: address(handler), selectors: selectors});
    }

    /// forge-config: default.invariant.runs = 100
    /// forge-config: default.invariant.depth = 50
    function invariant_INV03_DrawsAndSharesOfLossAddUpToTheWei() public view {
        if (bytes(handler.broken()).length > 0) revert Assertion_Failed(handler.broken());
        for (uint256 i = 0; i < handler.DESKS(); ++i) {
            (, , , uint256 drawn, uint256 unpaid) = handler.books(i);
            SegmentView memory view_ = _segment(i);
            assertEq(view_.drawn, drawn, "INV-03: drawn");
            assertEq(view_.unpaid, smaller(unpaid, type(uint128).max), "INV-03: unpaid");
        }
    }

    /// forge-config: default.invariant.runs = 100
    /// forge-config: default.invariant.depth = 50
    function invariant_INV07_ASegmentHasWhatItsOwnersPutIn() public view {
        for (uint256 i = 0; i < handler.DESKS(); ++i) {
            (uint256 given, uint256 income, uint256 sent, , ) = handler.books(i);
            SegmentView memory view_ = _segment(i);
            assertEq(view_.reserve + view_.owed + sent, given + income, "INV-07: in less out");
        }
    }

    /// forge-config: default.invariant.runs = 100
    /// forge-config: default.invariant.depth = 50
    function invariant_INV01_TokensStandBehindEverySegmentAndDesk() public view {
        for (uint256 i = 0; i < handler.DESKS(); i += 2) {
            (, , , HostileToken token, uint256 scale) = handler.desks(i);
            uint256 ledger = _ledger(i) + _ledger(i + 1);
            assertTrue(token.balanceOf(address(fund)) * scale >= ledger, "INV-07: tokens < reserve + owed");
        }
        for (uint256 i = 0; i < handler.DESKS(); ++i) {
            (MockVenue venue, , , HostileToken token, uint256 scale) = handler.desks(i);
            int256 account = venue.fundAccount();
            uint256 behind = token.balanceOf(address(venue)) * scale + _segment(i).owed;
            uint256 claims = venue.totalClaims() + (account > 0 ? uint256(account) : 0);
            assertTrue(behind >= claims, "INV-01: tokens + owed < claims");
            assertTrue(account >= 0 || _segment(i).owed >= uint256(-account), "FND-11: owed < what the desk claims");
        }
    }

    /// forge-config: default.invariant.runs = 100
    /// forge-config: default.invariant.depth = 50
    function invariant_FND09_NoRollingDayExceedsItsBound() public view {
        for (uint256 i = 0; i < handler.DESKS(); ++i) {
            FundHandler.Moment[] memory moments = handler.momentsOf(i);
            BudgetShares memory shares = handler.sharesOf(i);
            if (moments.length == 0) continue;
            // Windows that end now: the others were checked when they did.
            uint256 last = moments.length - 1;
            uint256 drawn;
            uint256 rewards;
            uint256 inflow;
            for (uint256 from = last + 1; from > 0 && moments[from - 1].time + 24 hours >= moments[last].time; --from) {
                FundHandler.Moment memory moment = moments[from - 1];
                drawn += moment.drawn;
                rewards += moment.reward;
                inflow += moment.inflow;
                assertTrue(drawn <= _limit(moment.base + inflow, shares.segment), "FND-09: segment");
                assertTrue(rewards <= _limit(moment.base + inflow, shares.reward), "FND-09: rewards");
            }
        }
    }

    function _limit(uint256 money, uint256 share) private pure returns (uint256) {
        return (money * share * (200_00 - share)) / 1e8;
    }

    function _segment(uint256 i) private view returns (SegmentView memory) {
        (, , SegmentId segment, , ) = handler.desks(i);
        return fund.segmentOf(segment);
    }

    function _ledger(uint256 i) private view returns (uint256) {
        SegmentView memory view_ = _segment(i);
        return view_.reserve + view_.owed;
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {YieldDesk} from "../../../contracts/fund/YieldDesk.sol";
import {IInsuranceFund} from "../../../contracts/interfaces/IInsuranceFund.sol";
import {IReserveInvestments} from "../../../contracts/interfaces/IReserveInvestments.sol";
import {IYieldDesk} from "../../../contracts/interfaces/IYieldDesk.sol";
import {HostileToken} from "../../../contracts/mocks/HostileToken.sol";
import {HostileYieldVault} from "../../../contracts/mocks/HostileYieldVault.sol";
import {MockAnswers} from "../../../contracts/mocks/MockAnswers.sol";
import {ANNOUNCEMENT} from "../../../contracts/types/CoverageTerms.sol";
import {SegmentId} from "../../../contracts/types/Identifiers.sol";
import {vm} from "../support/Vm.sol";
import {YieldTest} from "./YieldTest.sol";

/// @dev What the desk does with an honest vault (FND-06).
contract YieldDeskTest is YieldTest {
    /* LISTING */

    function test_FND09_AVaultWaitsCooldownAndWindow() public {
        HostileYieldVault other = new HostileYieldVault(address(token));
        uint256 activeFrom = block.timestamp + ANNOUNCEMENT;
        vm.expectEmit(address(desk));
        emit IYieldDesk.VaultAnnounced(address(other), activeFrom);
        desk.announceVault(address(other));
        assertEq(desk.listedFrom(address(other)), activeFrom, "from");
        vm.warp(activeFrom - 1);
        vm.expectRevert(abi.encodeWithSelector(IYieldDesk.YieldDesk_NotListed.selector, address(other), activeFrom));
        desk.invest(address(other), 1e6);
        vm.warp(activeFrom);
        desk.invest(address(other), 1e6);
        assertEq(token.balanceOf(address(other)), 1e6, "invested");
    }

    function test_FND09_AVaultIsRemovedAtOnceAndStillEmptied() public {
        desk.invest(address(vault), 50e6);
        vm.expectEmit(address(desk));
        emit IYieldDesk.VaultRemoved(address(vault));
        desk.removeVault(address(vault));
        vm.expectRevert(problem(IYieldDesk.YieldDesk_NotListed.selector, 0));
        desk.invest(address(vault), 1e6);
        vm.expectRevert(problem(IYieldDesk.YieldDesk_NotListed.selector, 0));
        desk.removeVault(address(vault));
        assertEq(divestAll(), 50e6, "comes out as before");
        // Once more from the beginning.
        desk.announceVault(address(vault));
        assertEq(desk.listedFrom(address(vault)), block.timestamp + ANNOUNCEMENT, "waits again");
    }

    function test_FND06_AVaultIsListedOnce() public {
        vm.expectRevert(problem(IYieldDesk.YieldDesk_AlreadyListed.selector, START + ANNOUNCEMENT));
        desk.announceVault(address(vault));
    }

    function test_FND06_AVaultKeepsTheSettlementToken() public {
        MockAnswers odd = new MockAnswers();
        HostileYieldVault foreign = new HostileYieldVault(address(new HostileToken(6)));
        address[4] memory wrong = [address(foreign), address(odd), ANYONE, address(token)];
        for (uint256 i = 0; i < 4; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IYieldDesk.YieldDesk_InvalidVault.selector, wrong[i]));
            desk.announceVault(wrong[i]);
        }
        // An address with a bit too many is none.
        odd.setAnswer(bytes4(keccak256("asset()")), abi.encode((1 << 160) | uint256(uint160(address(token)))));
        vm.expectRevert(abi.encodeWithSelector(IYieldDesk.YieldDesk_InvalidVault.selector, address(odd)));
        desk.announceVault(address(odd));
    }

    function test_R5_OnlyTheManagersRolesListAndInvest() public {
        bytes memory unauthorized = abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, ANYONE);
        vm.startPrank(ANYONE);
        vm.expectRevert(unauthorized);
        desk.announceVault(address(vault));
        vm.expectRevert(unauthorized);
        desk.removeVault(address(vault));
        vm.expectRevert(unauthorized);
        desk.invest(address(vault), 1e6);
        vm.stopPrank();
    }

    /* INVESTING AND DIVESTING */

    function test_FND06_ReserveGoesIntoAVaultAndComesBackWithWhatItEarned() public {
        vm.expectEmit(address(desk));
        emit IYieldDesk.Invested(address(vault), 100e6, 100e6);
        assertEq(desk.invest(address(vault), 100e6), 100e6, "shares");
        assertLedger(segment, 900 * UNIT, 0);
        assertEq(vault.balanceOf(address(desk)), 100e6, "held");
        assertEq(token.allowance(address(desk), address(vault)), 0, "no allowance is left");
        earn(10e6 + 1);
        vm.expectEmit(address(desk));
        emit IYieldDesk.Divested(address(vault), ANYONE, 100e6, 110e6);
        assertEq(divestAll(), 110e6, "principal and yield");
        assertLedger(segment, 1_010 * UNIT, 0);
        assertEq(investedOf(), 0, "invested");
        assertEq(token.balanceOf(address(desk)), 0, "the desk keeps nothing");
        assertEq(token.allowance(address(desk), address(fund)), 0, "and lends nothing");
    }

    function test_FND06_AnyoneTakesBackAPart() public {
        desk.invest(address(vault), 100e6);
        vm.prank(ANYONE);
        assertEq(desk.divest(address(vault), 30e6), 30e6, "a part");
        assertEq(investedOf(), 70 * UNIT, "invested");
        assertLedger(segment, 930 * UNIT, 0);
        assertEq(divestAll(), 70e6, "the rest");
        vm.expectRevert(problem(IYieldDesk.YieldDesk_NoShares.selector));
        divestAll();
    }

    function test_FND06_NothingIsDivestedFromWhereNothingWasListed() public {
        HostileYieldVault other = new HostileYieldVault(address(token));
        vm.expectRevert(abi.encodeWithSelector(IYieldDesk.YieldDesk_UnknownVault.selector, address(other)));
        desk.divest(address(other), 1);
        vm.expectRevert(abi.encodeWithSelector(IYieldDesk.YieldDesk_UnknownVault.selector, address(other)));
        desk.checkpoint(address(other));
        desk.invest(address(vault), 100e6);
        vm.expectRevert(abi.encodeWithSelector(IYieldDesk.YieldDesk_NoShares.selector, address(vault)));
        desk.divest(address(vault), 0);
    }

    function test_FND06_TokensThatLieInTheDeskComeBackWithTheNextDivestment() public {
        desk.invest(address(vault), 100e6);
        token.mint(address(desk), 5e6);
        assertEq(divestAll(), 105e6, "all that it held");
        assertLedger(segment, 1_005 * UNIT, 0);
    }

    function test_FND06_TheFundsLimitsHoldForTheDesk() public {
        vm.expectRevert(
            abi.encodeWithSelector(
                IReserveInvestments.InsuranceFund_AboveInvestable.selector,
                100 * UNIT + 1e12,
                100 * UNIT
            )
        );
        desk.invest(address(vault), 100e6 + 1);
    }

    /* VALUE */

    function test_FND06_ValueGrowsNoFasterThanTheCap() public {
        desk.invest(address(vault), 100e6);
        earn(50e6);
        assertEq(desk.valueOf(address(vault)), 100e6, "nothing at once");
        vm.warp(block.timestamp + 1);
        assertEq(desk.valueOf(address(vault)), 100e6, "less than a unit more in a second");
        vm.warp(block.timestamp + 73 days - 1);
        assertEq(desk.valueOf(address(vault)), 104e6, "20% a year");
        vm.warp(block.timestamp + 10 * 365 days);
        assertEq(desk.valueOf(address(vault)), vault.convertToAssets(100e6), "never more than the vault says");
    }

    function test_FND06_ALossShowsAtOnceAndALowCheckpointLasts() public {
        desk.invest(address(vault), 100e6);
        vault.lose(40e6);
        assertEq(desk.valueOf(address(vault)), vault.convertToAssets(100e6), "what the vault says");
        vm.expectEmit(address(desk));
        emit IYieldDesk.Checkpointed(address(vault), 1e27, 0.6e27);
        vm.prank(ANYONE);
        assertEq(desk.checkpoint(address(vault)), 0.6e27, "per share");
        earn(40e6);
        assertEq(desk.valueOf(address(vault)), 60e6, "grows from there only");
        vm.warp(block.timestamp + 365 days);
        assertEq(desk.valueOf(address(vault)), 72e6, "by the cap");
        desk.checkpoint(address(vault));
        (uint256 price, uint256 time) = desk.checkpointOf(address(vault));
        assertEq(price, 0.72e27, "kept");
        assertEq(time, block.timestamp, "now");
    }

    function test_FND06_ASecondInvestmentDoesNotRaiseTheCheckpoint() public {
        desk.invest(address(vault), 50e6);
        earn(50e6);
        desk.invest(address(vault), 50e6);
        (uint256 price, ) = desk.checkpointOf(address(vault));
        assertEq(price, 1e27, "still what was paid first");
        assertEq(desk.valueOf(address(vault)), vault.balanceOf(address(desk)), "a unit a share");
    }

    function test_FND06_NoSharesAreWorthNothing() public {
        assertEq(desk.valueOf(address(vault)), 0, "none held");
        vm.expectRevert(problem(IYieldDesk.YieldDesk_NoPrice.selector, 0));
        desk.checkpoint(address(vault));
    }

    /* DEPLOYMENT */

    function test_FND06_OnlyForASegmentThatExists() public {
        vm.expectRevert(abi.encodeWithSelector(IYieldDesk.YieldDesk_InvalidFund.selector, ANYONE, 1));
        new YieldDesk(address(manager), IInsuranceFund(ANYONE), SegmentId.wrap(1));
        vm.expectRevert(abi.encodeWithSelector(IInsuranceFund.InsuranceFund_UnknownSegment.selector, 9));
        new YieldDesk(address(manager), fund, SegmentId.wrap(9));
        assertTrue(desk.fund() == address(fund), "fund");
        assertTrue(SegmentId.unwrap(desk.segment()) == SegmentId.unwrap(segment), "segment");
    }
}

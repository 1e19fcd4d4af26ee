// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CapitalLayers} from "../../../contracts/interfaces/IInsuranceFund.sol";
import {IRecoveries, RecoveryLayer, RecoveryRound} from "../../../contracts/interfaces/IRecoveries.sol";
import {MockLayer} from "../../../contracts/mocks/MockLayer.sol";
import {Tranche} from "../../../contracts/types/Coverage.sol";
import {SegmentId} from "../../../contracts/types/Identifiers.sol";
import {vm} from "../support/Vm.sol";
import {RecoveryTest} from "./RecoveryTest.sol";

/// @dev A share whose holders have borne what a test says.
contract BearingShare {
    mapping(bytes32 key => uint256) private _borne;

    function setBorne(SegmentId segment, uint32 interval, address owner, uint256 amount) external {
        _borne[keccak256(abi.encode(segment, interval, owner))] = amount;
    }

    function borneBy(SegmentId segment, uint32 interval, address owner) external view returns (uint256) {
        return _borne[keccak256(abi.encode(segment, interval, owner))];
    }
}

contract BearingLayer is MockLayer {
    BearingShare[2] public shares = [new BearingShare(), new BearingShare()];

    constructor(address fund_, address token) MockLayer(fund_, token, 6) {}

    function shareOf(Tranche tranche) external view returns (BearingShare) {
        return shares[uint8(tranche)];
    }
}

/// @dev FND-10: underwriters are paid after holders and before the reserve, in the waterfall's reverse order.
contract RecoveryLayersTest is RecoveryTest {
    RecoveryLayer private constant HOLDERS = RecoveryLayer.Holders;
    RecoveryLayer private constant JUNIOR = RecoveryLayer.Junior;

    BearingLayer private backstop;
    BearingLayer private reinsurance;

    function setUp() public override {
        super.setUp();
        backstop = new BearingLayer(address(fund), address(token));
        reinsurance = new BearingLayer(address(fund), address(token));
        (venue, recoveries) = deploy(CapitalLayers(address(backstop), address(reinsurance)));
        token.approve(address(recoveries), type(uint256).max);
    }

    function shareOf(RecoveryLayer layer) private view returns (BearingShare) {
        bool isReinsurance = layer == RecoveryLayer.ReinsuranceSenior || layer == RecoveryLayer.ReinsuranceJunior;
        bool isSenior = layer == RecoveryLayer.ReinsuranceSenior || layer == RecoveryLayer.Senior;
        return (isReinsurance ? reinsurance : backstop).shareOf(isSenior ? Tranche.Senior : Tranche.Junior);
    }

    /// @dev `who` has borne so much in interval 0, and it is registered.
    function bear(RecoveryLayer layer, address who, uint256 amount) private returns (uint256) {
        shareOf(layer).setBorne(segment, 0, who, amount);
        return recoveries.registerShares(layer, who, intervals(0));
    }

    function intervals(uint32 first) private pure returns (uint32[] memory list) {
        list = new uint32[](1);
        list[0] = first;
    }

    function idOf(uint256 round, RecoveryLayer layer) private view returns (uint256) {
        return recoveries.claimId(round, layer);
    }

    /* ORDER */

    /// @dev 10 lost by each of the five layers; each payment of 7 shows who is next.
    function test_FND10_layers_are_paid_in_the_reverse_order_of_the_waterfall() public {
        lose(ALICE, 10 * UNIT);
        for (uint256 layer = 1; layer < 5; ++layer) bear(RecoveryLayer(layer), BOB, 10 * UNIT);
        endRound();
        uint256 paidIn;
        for (uint256 i = 1; i <= 8; ++i) {
            uint256 forClaims = recover(1, 7e6);
            paidIn += 7 * UNIT;
            assertEq(forClaims, i < 8 ? 7e6 : 1e6, "for claims");
            uint256 rest = paidIn;
            for (uint256 layer = 0; layer < 5; ++layer) {
                uint256 expected = smaller(rest, 10 * UNIT);
                assertEq(recoveries.roundOf(idOf(1, RecoveryLayer(layer))).recovered, expected, "in turn");
                rest -= expected;
            }
        }
        assertEq(reserveOf(segment), 6 * UNIT, "the reserve comes last");
        for (uint256 layer = 1; layer < 5; ++layer) assertEq(claimAs(BOB, idOf(1, RecoveryLayer(layer))), 10e6, "paid");
        assertEq(claimAs(ALICE, 1), 10e6, "and holders");
        assertEq(token.balanceOf(address(recoveries)), 0, "nothing is left");
    }

    /// @dev A later round's holders come before an earlier round's underwriters, when both are named.
    function test_FND10_the_order_holds_over_all_rounds_named() public {
        bear(JUNIOR, BOB, 10 * UNIT);
        endRound();
        lose(ALICE, 10 * UNIT);
        endRound();
        recoveries.recover(listOf(1, 2), 12e6);
        assertRound(2, 10 * UNIT, 10 * UNIT, 0);
        assertRound(idOf(1, JUNIOR), 10 * UNIT, 2 * UNIT, 0);
    }

    function test_FND10_underwriters_of_a_layer_share_by_what_they_bore() public {
        bear(JUNIOR, ALICE, 30 * UNIT);
        bear(JUNIOR, BOB, 10 * UNIT);
        endRound();
        recover(1, 20e6);
        assertEq(claimAs(ALICE, idOf(1, JUNIOR)), 15e6, "three quarters");
        assertEq(claimAs(BOB, idOf(1, JUNIOR)), 5e6, "a quarter");
    }

    function test_R2_less_than_a_unit_of_the_token_is_not_paid_for() public {
        lose(ALICE, UNIT + 7e11);
        bear(JUNIOR, BOB, UNIT + 6e11);
        endRound();
        assertEq(recover(1, 3e6), 2e6 + 1, "both rounded down together");
        assertRound(1, UNIT + 7e11, UNIT + 7e11, 0);
        assertRound(idOf(1, JUNIOR), UNIT + 6e11, UNIT + 3e11, 0);
        assertEq(reserveOf(segment), UNIT - 1e12, "the rest is reserve");
    }

    /* REGISTRATION */

    function test_FND10_shares_are_registered_once_and_what_is_added_later_too() public {
        uint256 id = idOf(1, JUNIOR);
        shareOf(JUNIOR).setBorne(segment, 0, BOB, 4 * UNIT);
        uint32[] memory first = intervals(0);
        vm.expectEmit(address(recoveries));
        emit IRecoveries.RoundOpened(1, START + REGISTRATION);
        vm.expectEmit(address(recoveries));
        emit IRecoveries.SharesRegistered(id, BOB, 4 * UNIT);
        assertEq(recoveries.registerShares(JUNIOR, BOB, first), 4 * UNIT, "first");
        assertEq(recoveries.registerShares(JUNIOR, BOB, intervals(0)), 0, "nothing twice");
        assertEq(bear(JUNIOR, BOB, 6 * UNIT), 2 * UNIT, "the difference");
        assertEq(bear(JUNIOR, BOB, 5 * UNIT), 0, "never less");
        assertEq(recoveries.registeredSharesOf(JUNIOR, BOB, 0), 6 * UNIT, "known");
        assertEq(recoveries.balanceOf(BOB, idOf(1, JUNIOR)), 6 * UNIT, "his");
        shareOf(JUNIOR).setBorne(segment, 1, BOB, 9 * UNIT);
        uint32[] memory both = new uint32[](3);
        (both[0], both[1], both[2]) = (0, 1, 1);
        assertEq(recoveries.registerShares(JUNIOR, BOB, both), 9 * UNIT, "each interval once");
    }

    function test_FND10_nothing_borne_opens_no_round() public {
        assertEq(recoveries.registerShares(JUNIOR, BOB, intervals(3)), 0, "nothing");
        assertEq(recoveries.currentRound(), 0, "no round");
    }

    function test_FND10_layers_are_told_apart() public {
        bear(RecoveryLayer.Senior, BOB, 4 * UNIT);
        assertEq(recoveries.registerShares(JUNIOR, BOB, intervals(0)), 0, "junior");
        assertEq(recoveries.registerShares(RecoveryLayer.ReinsuranceSenior, BOB, intervals(0)), 0, "reinsurance");
        RecoveryRound memory entry = recoveries.roundOf(idOf(1, RecoveryLayer.Senior));
        assertEq(entry.endsAt, block.timestamp + REGISTRATION, "the round's end");
        assertEq(recoveries.roundOf(1).claims, 0, "holders have none");
    }

    function test_FND10_a_layer_that_is_not_there_has_no_shares() public {
        vm.expectRevert(abi.encodeWithSelector(IRecoveries.Recoveries_NoShares.selector, HOLDERS));
        recoveries.registerShares(HOLDERS, BOB, intervals(0));
        (venue, recoveries) = deploy(CapitalLayers(address(backstop), address(0)));
        for (uint256 i = 1; i < 3; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IRecoveries.Recoveries_NoShares.selector, RecoveryLayer(i)));
            recoveries.registerShares(RecoveryLayer(i), BOB, intervals(0));
        }
        (venue, recoveries) = deploy(noLayers());
        vm.expectRevert(abi.encodeWithSelector(IRecoveries.Recoveries_NoShares.selector, JUNIOR));
        recoveries.registerShares(JUNIOR, BOB, intervals(0));
    }

    /* CLAIMS */

    function test_FND10_claims_of_underwriters_are_transferable() public {
        bear(JUNIOR, BOB, 10 * UNIT);
        uint256 id = idOf(1, JUNIOR);
        endRound();
        recover(1, 4e6);
        vm.prank(BOB);
        recoveries.safeTransferFrom(BOB, CAROL, id, 10 * UNIT, "");
        recover(1, 6e6);
        assertEq(claimAs(BOB, id), 4e6, "before");
        assertEq(claimAs(CAROL, id), 6e6, "since");
    }

    /// @dev An id whose layer does not exist is no id, whatever round it names.
    function test_FND10_an_id_without_layer_is_none() public {
        bear(JUNIOR, BOB, 10 * UNIT);
        endRound();
        uint256 id = (uint256(5) << 128) | 1;
        assertEq(recoveries.roundOf(id).endsAt, 0, "no end");
        assertEq(recoveries.dueTo(id, BOB), 0, "nothing is due");
        vm.expectRevert(abi.encodeWithSelector(IRecoveries.Recoveries_TooLate.selector, id, 0));
        recoveries.claim(id, BOB);
        vm.expectRevert(abi.encodeWithSelector(IRecoveries.Recoveries_NothingToRelease.selector, id, 0));
        recoveries.release(id);
    }

    function test_FND10_what_underwriters_do_not_claim_becomes_reserve() public {
        bear(JUNIOR, BOB, 10 * UNIT);
        uint256 end = block.timestamp + REGISTRATION;
        uint256 id = idOf(1, JUNIOR);
        endRound();
        recover(1, 10e6);
        vm.warp(end + CLAIMABLE - 1);
        vm.expectRevert(abi.encodeWithSelector(IRecoveries.Recoveries_NothingToRelease.selector, id, end + CLAIMABLE));
        recoveries.release(id);
        vm.warp(end + CLAIMABLE);
        vm.expectRevert(abi.encodeWithSelector(IRecoveries.Recoveries_TooLate.selector, id, end + CLAIMABLE));
        claimAs(BOB, id);
        assertEq(recoveries.release(id), 10e6, "released");
        assertEq(reserveOf(segment), 10 * UNIT, "reserve");
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";
import {IERC1155Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC1155Receiver} from "@openzeppelin/contracts/token/ERC1155/IERC1155Receiver.sol";

import {CoverWrapper} from "../../../contracts/coverage/CoverWrapper.sol";
import {CoverWrapperFactory} from "../../../contracts/coverage/CoverWrapperFactory.sol";
import {ICoverWrapper, ICoverWrapperFactory} from "../../../contracts/interfaces/ICoverWrapper.sol";
import {PurchaseId, SeriesId} from "../../../contracts/types/Identifiers.sol";
import {vm} from "../support/Vm.sol";
import {VaultTest} from "./VaultTest.sol";

/// @dev CVR-03: Carol holds 10 tokens of one series and 4 of another.
contract CoverWrapperTest is VaultTest {
    CoverWrapperFactory private factory;
    CoverWrapper private wrapper;
    SeriesId private series;
    SeriesId private other;

    function setUp() public override {
        super.setUp();
        deposit(junior, ALICE, 100);
        deposit(senior, BOB, 100);
        series = openSeries(list(terms()), 5, 10);
        other = vault.openSeries(vault.seriesOf(series).product, uint96(2 * UNIT), uint32(block.timestamp / WEEK + 9));
        (uint256 first, ) = buy(series, CAROL, 10);
        (uint256 second, ) = buy(other, CAROL, 4);
        skip(1 days);
        vault.complete(PurchaseId.wrap(uint64(first)));
        vault.complete(PurchaseId.wrap(uint64(second)));
        factory = new CoverWrapperFactory(vault);
        wrapper = CoverWrapper(factory.create(series));
        vm.prank(CAROL);
        cover.setApprovalForAll(address(wrapper), true);
    }

    function test_CVR03_one_wrapper_a_series_at_the_address_that_was_foretold() external {
        assertTrue("foretold", factory.wrapperOf(other) != address(wrapper));
        assertTrue("not yet", factory.wrapperOf(other).code.length == 0);
        vm.prank(BOB);
        address made = factory.create(other);
        assertTrue("as foretold", made == factory.wrapperOf(other) && made.code.length != 0);
        assertTrue("the same again", factory.create(other) == made);
        assertTrue("of its series", SeriesId.unwrap(CoverWrapper(made).series()) == SeriesId.unwrap(other));
        assertTrue("and token", CoverWrapper(made).cover() == address(cover));
        assertTrue("name", keccak256(bytes(wrapper.name())) == keccak256("Bulwark Cover 1"));
        assertTrue("symbol", keccak256(bytes(wrapper.symbol())) == keccak256("bwCOVER-1"));
        assertEq("decimals", wrapper.decimals(), cover.decimals());
    }

    function test_CVR03_no_wrapper_of_a_series_that_does_not_exist() external {
        SeriesId none = SeriesId.wrap(99);
        vm.expectRevert(abi.encodeWithSelector(ICoverWrapperFactory.CoverWrapperFactory_UnknownSeries.selector, none));
        factory.create(none);
    }

    function test_CVR03_wrapped_and_unwrapped_one_to_one_by_whoever_holds_them() external {
        vm.prank(CAROL);
        wrapper.wrap(6 * UNIT, ALICE);
        assertEq("Alice's", wrapper.balanceOf(ALICE), 6 * UNIT);
        assertEq("held", cover.balanceOf(address(wrapper), 1), 6 * UNIT);
        vm.prank(ALICE);
        wrapper.transfer(BOB, 2 * UNIT + 1);
        vm.prank(BOB);
        wrapper.unwrap(2 * UNIT + 1, CAROL);
        assertEq("back", cover.balanceOf(CAROL, 1), 6 * UNIT + 1);
        assertEq("supply", wrapper.totalSupply(), 4 * UNIT - 1);
        assertEq("INV: supply = held", cover.balanceOf(address(wrapper), 1), wrapper.totalSupply());
    }

    function test_CVR03_whoever_unwraps_is_paid_like_every_holder() external {
        vm.prank(CAROL);
        wrapper.wrap(6 * UNIT, ALICE);
        verifier.open(series);
        verifier.close(series, 2 * UNIT);
        vault.sync(series);
        vm.prank(ALICE);
        wrapper.unwrap(6 * UNIT, ALICE);
        vm.prank(ALICE);
        assertEq("Alice", vault.redeem(series, uint96(6 * UNIT), ALICE), 12 * NATIVE);
        vm.prank(CAROL);
        assertEq("Carol", vault.redeem(series, uint96(4 * UNIT), CAROL), 8 * NATIVE);
    }

    function test_CVR03_cover_that_arrives_in_another_way_is_refused() external {
        vm.prank(CAROL);
        vm.expectRevert(abi.encodeWithSelector(ICoverWrapper.CoverWrapper_NotWrapping.selector, CAROL, 1));
        cover.safeTransferFrom(CAROL, address(wrapper), 1, UNIT, "");
        vm.prank(CAROL);
        vm.expectRevert(abi.encodeWithSelector(ICoverWrapper.CoverWrapper_NotWrapping.selector, CAROL, 2));
        cover.safeTransferFrom(CAROL, address(wrapper), 2, UNIT, "");
        uint256[] memory ids = new uint256[](1);
        ids[0] = 1;
        vm.prank(CAROL);
        vm.expectRevert(abi.encodeWithSelector(ICoverWrapper.CoverWrapper_NotWrapping.selector, CAROL, 1));
        cover.safeBatchTransferFrom(CAROL, address(wrapper), ids, ids, "");
        vm.expectRevert(abi.encodeWithSelector(ICoverWrapper.CoverWrapper_NotWrapping.selector, CAROL, 0));
        wrapper.onERC1155BatchReceived(CAROL, CAROL, new uint256[](0), new uint256[](0), "");
        // Another token cannot pass for cover, even by naming the wrapper as its operator.
        vm.expectRevert(abi.encodeWithSelector(ICoverWrapper.CoverWrapper_NotWrapping.selector, address(wrapper), 1));
        wrapper.onERC1155Received(address(wrapper), CAROL, 1, UNIT, "");
    }

    function test_CVR03_nobody_wraps_or_unwraps_what_he_has_not() external {
        vm.prank(BOB);
        cover.setApprovalForAll(address(wrapper), true);
        vm.prank(BOB);
        vm.expectRevert(abi.encodeWithSelector(IERC1155Errors.ERC1155InsufficientBalance.selector, BOB, 0, 1, 1));
        wrapper.wrap(1, BOB);
        vm.prank(CAROL);
        wrapper.wrap(UNIT, CAROL);
        vm.prank(BOB);
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, BOB, 0, 1));
        wrapper.unwrap(1, BOB);
        vm.prank(CAROL);
        cover.setApprovalForAll(address(wrapper), false);
        vm.prank(CAROL);
        vm.expectRevert(
            abi.encodeWithSelector(IERC1155Errors.ERC1155MissingApprovalForAll.selector, address(wrapper), CAROL)
        );
        wrapper.wrap(UNIT, CAROL);
    }

    function test_CVR10_a_receiver_that_calls_back_while_unwrapping_finds_his_tokens_burnt() external {
        Reenterer receiver = new Reenterer(wrapper);
        vm.prank(CAROL);
        wrapper.wrap(3 * UNIT, address(receiver));
        receiver.leave(3 * UNIT);
        assertEq("got what was his", cover.balanceOf(address(receiver), 1), 3 * UNIT);
        assertTrue("tried to take more", receiver.failed());
        assertEq("supply", wrapper.totalSupply(), cover.balanceOf(address(wrapper), 1));
    }

    function testFuzz_CVR03_supply_is_what_is_held(uint96 wrapped, uint96 unwrapped) external {
        wrapped = uint96(wrapped % (10 * UNIT + 1));
        vm.prank(CAROL);
        wrapper.wrap(wrapped, CAROL);
        unwrapped = uint96(unwrapped % (uint256(wrapped) + 1));
        vm.prank(CAROL);
        wrapper.unwrap(unwrapped, CAROL);
        assertEq("held", cover.balanceOf(address(wrapper), 1), wrapped - unwrapped);
        assertEq("supply", wrapper.totalSupply(), wrapped - unwrapped);
        assertEq("Carol's", cover.balanceOf(CAROL, 1) + wrapper.balanceOf(CAROL), 10 * UNIT);
    }

    function test_CVR03_it_says_what_it_receives() external view {
        assertTrue("receiver", wrapper.supportsInterface(type(IERC1155Receiver).interfaceId));
        assertTrue("ERC-165", wrapper.supportsInterface(0x01ffc9a7));
        assertTrue("not ERC-1155 itself", !wrapper.supportsInterface(type(IERC1155).interfaceId));
    }
}

/// @dev Unwraps again while it is being sent what it has unwrapped.
contract Reenterer {
    CoverWrapper private immutable WRAPPER;
    bool public failed;

    constructor(CoverWrapper wrapper) {
        WRAPPER = wrapper;
    }

    function leave(uint256 units) external {
        WRAPPER.unwrap(units, address(this));
    }

    function onERC1155Received(address, address, uint256, uint256, bytes calldata) external returns (bytes4) {
        try WRAPPER.unwrap(1, address(this)) {
            failed = false;
        } catch {
            failed = true;
        }
        return this.onERC1155Received.selector;
    }
}

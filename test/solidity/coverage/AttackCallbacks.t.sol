// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC1155Holder} from "@openzeppelin/contracts/token/ERC1155/utils/ERC1155Holder.sol";

import {ICoverageVault, VaultBooks} from "../../../contracts/interfaces/ICoverageVault.sol";
import {ICoverageVaultEvents} from "../../../contracts/interfaces/ICoverageVaultEvents.sol";
import {PurchaseId, SeriesId} from "../../../contracts/types/Identifiers.sol";
import {vm} from "../support/Vm.sol";
import {AttackVault} from "./AttackVault.sol";

/// @dev A holder of cover whose callback tries what it is told, and refuses when it is told.
contract HookedHolder is ERC1155Holder {
    address[] private _targets;
    bytes[] private _calls;
    bool private _refuses;

    uint256 public received;
    uint256 public successes;
    bytes[] public results;
    VaultBooks private _seen;
    ICoverageVault private immutable VAULT;

    error HookedHolder_Refused();

    constructor(ICoverageVault vault_) {
        VAULT = vault_;
    }

    function arm(address target, bytes calldata data) external {
        _targets.push(target);
        _calls.push(data);
    }

    function setRefuses(bool refuses) external {
        _refuses = refuses;
    }

    function execute(address target, bytes calldata data) external returns (bool success) {
        (success, ) = target.call(data);
    }

    function seen() external view returns (VaultBooks memory) {
        return _seen;
    }

    function onERC1155Received(address, address, uint256, uint256, bytes memory) public override returns (bytes4) {
        if (_refuses) revert HookedHolder_Refused();
        ++received;
        _seen = VAULT.books();
        for (uint256 i = 0; i < _targets.length; ++i) {
            (bool success, bytes memory result) = _targets[i].call(_calls[i]);
            if (success) ++successes;
            results.push(result);
        }
        return this.onERC1155Received.selector;
    }
}

/// @dev Attacks by the callback of ERC-1155. Junior 300, senior 700; the hooked holder has bought 20 tokens, which wait.
contract AttacksByCallbacksTest is AttackVault {
    SeriesId private series;
    HookedHolder private holder;
    PurchaseId private purchase;
    uint256 private price;

    function setUp() public override {
        super.setUp();
        deposit(junior, ALICE, 300);
        deposit(senior, BOB, 700);
        series = newSeries(10, 8);
        holder = new HookedHolder(vault);
        (purchase, price) = buyFor(series, address(holder), 20);
        fill(address(holder), 1_000 * NATIVE);
        skip(1 days);
    }

    /// @dev The mint comes last: the books that the callback sees are those that stay, and no door is open.
    function test_CVR10_the_mints_callback_sees_final_books_and_locked_doors() external {
        address me = address(holder);
        uint32 week = uint32(block.timestamp / WEEK + 3);
        holder.arm(address(vault), abi.encodeCall(vault.complete, (purchase)));
        holder.arm(address(vault), abi.encodeCall(vault.buy, (series, 1, 1_000, me)));
        holder.arm(address(vault), abi.encodeCall(vault.redeem, (series, uint96(UNIT), me)));
        holder.arm(address(vault), abi.encodeCall(vault.sync, (series)));
        holder.arm(address(vault), abi.encodeCall(vault.release, (series)));
        holder.arm(address(vault), abi.encodeCall(vault.accrue, ()));
        holder.arm(address(vault), abi.encodeCall(vault.payPremium, (1, week)));
        holder.arm(address(junior), abi.encodeWithSignature("deposit(uint256,address)", NATIVE, me));
        holder.arm(address(senior), abi.encodeWithSignature("claimExit(address)", me));

        assertTrue("minted", vault.complete(purchase));
        assertEq("called back", holder.received(), 1);
        assertEq("doors that opened", holder.successes(), 0);
        for (uint256 i = 0; i < 9; ++i) {
            assertTrue("locked", keccak256(holder.results(i)) == keccak256(locked()));
        }
        assertTrue("books", keccak256(abi.encode(holder.seen())) == keccak256(abi.encode(vault.books())));
        assertEq("tokens", cover.balanceOf(me, SeriesId.unwrap(series)), 20 * UNIT);
        assertSound();
    }

    /// @dev The lock does not stop tokens from moving: in the callback they can be passed on, and are then another's.
    function test_CVR03_tokens_passed_on_inside_the_callback_are_redeemed_by_their_holder_only() external {
        uint256 id = SeriesId.unwrap(series);
        holder.arm(address(cover), abi.encodeCall(cover.safeTransferFrom, (address(holder), CAROL, id, 15 * UNIT, "")));
        assertTrue("minted", vault.complete(purchase));
        assertEq("passed on", holder.successes(), 1);
        verifier.close(series, 3 * UNIT);
        assertEq("Carol", redeem(series, CAROL, 15 * UNIT), 45 * NATIVE);
        assertEq("holder", redeem(series, address(holder), 5 * UNIT), 15 * NATIVE);
        vm.prank(address(holder));
        vm.expectRevert(abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_InvalidAmount.selector, UNIT, 0));
        vault.redeem(series, uint96(UNIT), address(holder));
    }

    /// @dev A transfer between holders calls back without any lock of the vault: redeeming twice from inside it finds the tokens gone.
    function test_CVR05_redeeming_twice_from_inside_a_transfer_pays_once() external {
        vault.complete(purchase);
        insure(series, CAROL, 20);
        verifier.close(series, 3 * UNIT);
        bytes memory call_ = abi.encodeCall(vault.redeem, (series, uint96(30 * UNIT), address(holder)));
        holder.arm(address(vault), call_);
        holder.arm(address(vault), call_);
        uint256 held = token.balanceOf(address(holder));
        vm.prank(CAROL);
        cover.safeTransferFrom(CAROL, address(holder), SeriesId.unwrap(series), 10 * UNIT, "");
        assertEq("once", holder.successes(), 1);
        assertEq("paid", token.balanceOf(address(holder)) - held, 90 * NATIVE);
        assertTrue(
            "then nothing is left",
            keccak256(holder.results(1)) ==
                keccak256(
                    abi.encodeWithSelector(
                        ICoverageVaultEvents.CoverageVault_InvalidAmount.selector,
                        30 * UNIT,
                        10 * UNIT
                    )
                )
        );
        assertEq("Carol's rest", redeem(series, CAROL, 10 * UNIT), 30 * NATIVE);
        assertEq("payable", vault.books().payable_, 0);
    }

    /// @dev Refusing the tokens until a loss shows, to have the premium back or the cover, whichever is better: the premium comes back and
    /// there is no cover; without a loss the time is paid for, and nobody else waits.
    function test_CVR07_refusing_tokens_is_no_option_on_the_loss() external {
        holder.setRefuses(true);
        (PurchaseId other, ) = buyFor(series, CAROL, 1);
        skip(1 days);
        vm.expectRevert(abi.encodeWithSelector(HookedHolder.HookedHolder_Refused.selector));
        vault.complete(purchase);
        assertTrue("another's", vault.complete(other));
        uint256 held = token.balanceOf(address(holder));
        uint256 state = vm.snapshotState();

        verifier.setPreview(series, true, 5 * UNIT);
        holder.setRefuses(false);
        assertTrue("not minted", !vault.complete(purchase));
        assertEq("all of the premium", token.balanceOf(address(holder)) - held, price);

        vm.revertToState(state);
        skip(20 days);
        assertTrue("not minted", !vault.complete(purchase));
        // It has bound capital since a day before the other was minted: 21 of its 55 days.
        assertEq("the rest of the premium", token.balanceOf(address(holder)) - held, (price * 34) / 55);
        assertEq("liability", vault.books().liability, 10 * UNIT);
    }
}

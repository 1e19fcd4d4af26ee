// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ClaimVerifier} from "../../../contracts/claims/ClaimVerifier.sol";
import {VaultShareLossTrigger} from "../../../contracts/claims/triggers/VaultShareLossTrigger.sol";
import {IClaimVerifier} from "../../../contracts/interfaces/IClaimVerifier.sol";
import {OpenZeppelinVault} from "../../../contracts/mocks/bench/OpenZeppelinVault.sol";
import {MockToken} from "../../../contracts/mocks/MockToken.sol";
import {SeriesId} from "../../../contracts/types/Identifiers.sol";
import {Fuzz} from "../support/Fuzz.sol";
import {vm} from "../support/Vm.sol";

/// @dev A vault that shows a wrong share price to whoever it calls in the middle of a withdrawal: tokens are gone, shares are not burnt yet.
contract ReentrantVault {
    uint256 public assets = 1_000_000e6;
    uint256 public constant SHARES = 1_000_000e18;

    function convertToAssets(uint256 shares) external view returns (uint256) {
        return (shares * assets) / SHARES;
    }

    /// @dev Calls the caller back while the price shows half.
    function flash() external {
        assets /= 2;
        ICallback(msg.sender).called();
        assets *= 2;
    }
}

interface ICallback {
    function called() external;
}

/// @dev CLM-02 against who can move a share price for the length of a transaction; and a real vault, from loss to payment.
contract VaultManipulationTest is ICallback {
    uint256 private constant START = 1_800_000_000;
    uint256 private constant SHARES = 1_000e18;
    uint256 private constant BOND = 100e6;
    uint128 private constant LIMIT = 1e18;
    SeriesId private constant SERIES = SeriesId.wrap(1);

    ReentrantVault private target;
    VaultShareLossTrigger private trigger;
    ClaimVerifier private verifier;
    MockToken private usd;
    bytes32 private terms;
    uint256 private mark;
    bool private isPreparing;

    function setUp() public {
        vm.warp(START - 1 hours);
        target = new ReentrantVault();
        trigger = new VaultShareLossTrigger();
        usd = new MockToken("Test Dollar", "USDT", 6);
        verifier = new ClaimVerifier(address(usd), BOND, 1e6, address(0xFEE));
        usd.mint(address(this), 10_000_000e6);
        usd.approve(address(verifier), type(uint256).max);
        terms = _defined(address(target));
        trigger.prepare(terms);
        vm.warp(START);
        _register();
    }

    function called() external {
        if (isPreparing) trigger.prepare(terms);
        else trigger.observe(terms, mark);
    }

    /// @dev Twenty observations inside twenty withdrawals, and one honest one in between, at any second: nothing is confirmed.
    function test_CLM02_OneHonestObserverIsEnough() public {
        uint256 time = START + 1 days;
        for (uint256 i = 0; i < 20; ++i) {
            vm.warp(time + i * 5 minutes);
            target.flash();
            vm.warp(time + i * 5 minutes + ((i * 37) % 300));
            if (i % 2 == 1) trigger.observe(terms, mark);
        }
        Fuzz.assertEqual(trigger.streakOf(terms, mark).payout, 0, "nothing");
        vm.warp(time + 2 days);
        (uint256 payout, , ) = trigger.evaluate(terms, mark);
        Fuzz.assertEqual(payout, 0, "nothing");
    }

    /// @dev And without anybody who looks in ten minutes it is: the cost of this rule, which the interface names.
    function test_CLM02_NobodyWhoLooksIsNotEnough() public {
        for (uint256 i = 0; i < 3; ++i) {
            vm.warp(START + 1 days + i * 5 minutes);
            target.flash();
        }
        Fuzz.assertEqual(trigger.streakOf(terms, mark).payout, 0.45e18, "half, less the deductible");
    }

    /// @dev A mark below the true price only takes from who buys the cover, and he sees it before.
    function test_CLM02_AMarkPushedDownHarmsNoUnderwriter() public {
        isPreparing = true;
        vm.warp(START + 2 days);
        target.flash();
        vm.warp(START + 2 days + 1 hours);
        mark = trigger.checkpoint(terms, address(this), SERIES);
        Fuzz.assertEqual(uint128(mark), SHARES / 2e12, "half");
        (uint256 payout, , ) = trigger.evaluate(terms, mark);
        Fuzz.assertEqual(payout, 0, "no loss");
    }

    /// @dev From a real ERC-4626 vault's loss to what the verifier confirms; a gift to the vault before the start raises the mark for real.
    function test_CLM03_ARealVaultFromLossToPayment() public {
        OpenZeppelinVault vault = new OpenZeppelinVault(usd);
        usd.approve(address(vault), type(uint256).max);
        vault.deposit(1_000_000e6, address(this));
        terms = trigger.defineTerms(
            VaultShareLossTrigger.Definition({vault: address(vault), shares: 1_000e6, deductible: 0.05e18})
        );
        trigger.prepare(terms);
        vm.warp(START + 1 hours);
        SeriesId series = SeriesId.wrap(2);
        uint40 endsAt = uint40(START) + 7 days;
        verifier.registerSeries(series, address(trigger), terms, LIMIT, endsAt, endsAt + 7 days);
        mark = verifier.subjectOf(address(this), series).mark;

        usd.burn(address(vault), 300_000e6);
        (bool isDecided, , ) = verifier.preview(address(this), series);
        Fuzz.assertTrue(!isDecided, "not for sale any more");
        vm.expectRevert(abi.encodeWithSelector(IClaimVerifier.ClaimVerifier_NotDecided.selector, address(trigger)));
        verifier.open(address(this), series);
        for (uint256 i = 1; i <= 3; ++i) {
            // The row begins inside the cover's time and is confirmed after it.
            vm.warp(endsAt - 7 minutes + i * 5 minutes);
            trigger.observe(terms, mark);
        }
        verifier.open(address(this), series);
        Fuzz.assertEqual(verifier.incidentOf(address(this), series).eventAt, endsAt - 2 minutes, "event at");
        Fuzz.assertBetween(verifier.resolve(address(this), series), 0.25e18 - 1e12, 0.25e18 + 1e12, "30% less 5%");
    }

    /// @dev The same loss, first seen a second after the end.
    function test_CVR07_WhatIsFirstSeenAfterTheEndIsNotPaid() public {
        uint256 endsAt = START + 7 days;
        vm.warp(endsAt + 1);
        target.flash();
        vm.warp(endsAt + 1 + 5 minutes);
        target.flash();
        vm.warp(endsAt + 1 + 10 minutes);
        target.flash();
        vm.expectRevert(
            abi.encodeWithSelector(IClaimVerifier.ClaimVerifier_NothingHappened.selector, 0.45e18, 0, endsAt + 1)
        );
        verifier.open(address(this), SERIES);
    }

    function _defined(address vault) private returns (bytes32) {
        return
            trigger.defineTerms(VaultShareLossTrigger.Definition({vault: vault, shares: SHARES, deductible: 0.05e18}));
    }

    function _register() private {
        uint40 endsAt = uint40(START) + 7 days;
        verifier.registerSeries(SERIES, address(trigger), terms, LIMIT, endsAt, endsAt + 7 days);
        mark = verifier.subjectOf(address(this), SERIES).mark;
    }
}

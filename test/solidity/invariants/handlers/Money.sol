// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearingHouseCore} from "../../../../contracts/interfaces/IClearingHouseCore.sol";
import {IClearingHouseEvents as E} from "../../../../contracts/interfaces/IClearingHouseEvents.sol";
import {IClearingHouseExtension} from "../../../../contracts/interfaces/IClearingHouseExtension.sol";
import {IClearingHouseTreasury} from "../../../../contracts/interfaces/IClearingHouseTreasury.sol";
import {IInsuranceFund} from "../../../../contracts/interfaces/IInsuranceFund.sol";
import {MockToken} from "../../../../contracts/mocks/MockToken.sol";
import {AccountHeader} from "../../../../contracts/types/Clearing.sol";
import {AccountId, AssetId} from "../../../../contracts/types/Identifiers.sol";
import {vm} from "../../support/Vm.sol";
import {Ledger} from "./Ledger.sol";

/// @dev Money in and out: deposits (dust too), withdrawals, moves, gifts, fees and the net with the fund.
abstract contract Money is Ledger {
    uint256 private constant USD = 1e6;

    function deposit(uint256 seed) external step(seed) {
        AccountId account = _pickActive();
        uint256 amount = _chance(10) ? 1 : 1 + _draw(4_000 * USD);
        _deposit(account, CASH, amount);
    }

    function depositCollateral(uint256 seed) external step(seed) {
        AccountId account = _pickActive();
        uint256 amount = _chance(20) ? 1 : 1 + _draw(15 * UNIT);
        _deposit(account, WETH, amount);
    }

    function withdraw(uint256 seed) external step(seed) {
        AccountId account = _pickActive();
        AccountHeader memory header = HOUSE.headerOf(account);
        bool isCash = _chance(60);
        uint256 most =
            isCash ? (header.cash > 0 ? uint256(int256(header.cash)) / 1e12 : 0) : HOUSE.collateralOf(account, WETH);
        uint256 amount = _chance(10) ? 1 + _draw(1_000_000) : 1 + _draw(most / 2 + 1);
        MockToken token = isCash ? SYSTEM.usd() : SYSTEM.weth();
        uint256 before = token.balanceOf(account.owner());
        uint256 unallocated = HOUSE.unallocatedLoss();
        (bool ok, ) = _try(
            account.owner(),
            address(HOUSE),
            abi.encodeCall(IClearingHouseCore.withdraw, (account, isCash ? CASH : WETH, amount)),
            abi.encodePacked(
                E.ClearingHouse_BelowInitialMargin.selector,
                E.ClearingHouse_InsufficientBalance.selector,
                E.ClearingHouse_BlindAccount.selector,
                E.ClearingHouse_InsufficientLiquidity.selector
            ),
            "withdraw"
        );
        if (!ok) return;
        uint256 paid = token.balanceOf(account.owner()) - before;
        _require(paid <= amount, "CLR-07: paid more than asked");
        (uint256 waiting, ) = HOUSE.queuedWithdrawalOf(account);
        if (isCash && paid == 0 && waiting != 0) {
            // CLR-10: what the house has no tokens for waits, and is paid as far as they come in.
            HOUSE.claimWithdrawal(account);
            return;
        }
        _require(paid == amount || unallocated != 0, "CLR-07: paid less than asked");
        if (paid < amount) _reached("withdraw pro rata");
    }

    function move(uint256 seed) external step(seed) {
        uint256 from = SELF_DEALER + _draw(3);
        uint256 to = SELF_DEALER + ((from - SELF_DEALER + 1 + _draw(2)) % 3);
        bool isCash = _chance(70);
        AccountHeader memory header = HOUSE.headerOf(_accounts[from]);
        uint256 most =
            isCash ? (header.cash > 0 ? uint256(int256(header.cash)) : 0) : HOUSE.collateralOf(_accounts[from], WETH);
        uint256 amount = 1 + _draw(most + most / 10 + 1);
        _try(
            _accounts[from].owner(),
            address(HOUSE),
            abi.encodeCall(
                IClearingHouseExtension.move,
                (_accounts[from], _accounts[to], isCash ? CASH : WETH, amount)
            ),
            abi.encodePacked(
                E.ClearingHouse_BelowInitialMargin.selector,
                E.ClearingHouse_InsufficientBalance.selector,
                E.ClearingHouse_BlindAccount.selector,
                E.ClearingHouse_InAuction.selector
            ),
            "move"
        );
    }

    function donate(uint256 seed) external step(seed) {
        _donate(1 + _draw(50 * USD));
    }

    function settle(uint256 seed) external step(seed) {
        Snapshot memory before = _snapshot();
        (bool ok, ) = _try(
            address(this),
            address(FUND),
            abi.encodeCall(IInsuranceFund.settle, (SEGMENT)),
            "",
            "settle"
        );
        if (!ok) return;
        Snapshot memory afterwards = _snapshotAt(before.prices);
        int256 booked = int256(before.segment.reserve + before.segment.owed) + before.fundAccount;
        int256 now_ = int256(afterwards.segment.reserve + afterwards.segment.owed) + afterwards.fundAccount;
        _require(booked == now_, "FND-11: settling made or lost money");
        _require(afterwards.segment.reserve >= before.segment.reserve, "R5: settling took from the reserve");
        for (uint256 i = 0; i <= ACCOUNTS; ++i) {
            _require(before.values[i] == afterwards.values[i], "FND-11: settling touched an account");
        }
        if (afterwards.fundAccount != before.fundAccount) _reached("settle moved");
    }

    function collectFees(uint256 seed) external step(seed) {
        (uint256 fees, ) = HOUSE.totals();
        int256 account = HOUSE.fundAccount() - int256(HOUSE.unallocatedLoss());
        (bool ok, bytes memory result) = _try(
            address(this),
            address(HOUSE),
            abi.encodeCall(IClearingHouseTreasury.collectFees, ()),
            "",
            "collectFees"
        );
        if (!ok) return;
        uint256 paid = abi.decode(result, (uint256)) * 1e12;
        (uint256 left, ) = HOUSE.totals();
        int256 credited = HOUSE.fundAccount() - int256(HOUSE.unallocatedLoss()) - account;
        _require(fees == left + paid + uint256(credited), "CLR-08: fees made or lost money");
    }

    /* STEPS */

    function _deposit(AccountId account, AssetId asset, uint256 amount) internal {
        bool isCash = AssetId.unwrap(asset) == 0;
        MockToken token = isCash ? SYSTEM.usd() : SYSTEM.weth();
        address owner = account.owner();
        token.mint(owner, amount);
        vm.prank(owner);
        token.approve(address(HOUSE), amount);
        (bool ok, bytes memory result) = _try(
            owner,
            address(HOUSE),
            abi.encodeCall(IClearingHouseCore.deposit, (account, asset, amount)),
            isCash
                ? bytes("")
                : abi.encodePacked(E.ClearingHouse_InAuction.selector, E.ClearingHouse_AssetCapExceeded.selector),
            isCash ? bytes32("deposit") : bytes32("depositCollateral")
        );
        if (ok) _require(abi.decode(result, (uint256)) == amount * (isCash ? 1e12 : 1), "CLR-02: wrong credit");
        else token.burn(owner, amount);
    }

    function _donate(uint256 amount) internal {
        MockToken usd = SYSTEM.usd();
        usd.mint(address(this), amount);
        usd.approve(address(FUND), amount);
        _try(address(this), address(FUND), abi.encodeCall(IInsuranceFund.donate, (SEGMENT, amount)), "", "donate");
    }
}

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
        if (isCash) _withdrawCash(account, amount);
        else _withdrawCollateral(account, amount);
    }

    function move(uint256 seed) external step(seed) {
        uint256 from = SELF_DEALER + _draw(3);
        uint256 to = SELF_DEALER + ((from - SELF_DEALER + 1 + _draw(2)) % 3);
        bool isCash = _chance(70);
        AccountHeader memory header = HOUSE.headerOf(_accounts[from]);
        uint256 most =
            isCash ? (header.cash > 0 ? uint256(int256(header.cash)) : 0) : HOUSE.collateralOf(_accounts[from], WETH);
        uint256 amount = 1 + _draw(most + most / 10 + 1);
        uint256 share = HOUSE.deficitShareOf(_accounts[from]);
        (bool ok, bytes memory result) = _try(
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
                E.ClearingHouse_InAuction.selector,
                E.ClearingHouse_DeficitShareWithheld.selector
            ),
            "move"
        );
        bool isWithheld = !ok && bytes4(result) == E.ClearingHouse_DeficitShareWithheld.selector;
        _require(share != 0 || !isWithheld, "CLR-07: a move withheld for no measured loss");
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

    function _withdrawCollateral(AccountId account, uint256 amount) private {
        uint256 before = SYSTEM.weth().balanceOf(account.owner());
        if (_tryWithdrawal(account, WETH, amount))
            _require(SYSTEM.weth().balanceOf(account.owner()) == before + amount, "CLR-07: collateral paid");
    }

    /// @dev CLR-10: what is due is paid whole, or waits whole where tokens that nobody waits for do not suffice; CLR-07: what is due is what was
    /// asked for, or the part that everybody is paid while a loss is unallocated.
    function _withdrawCash(AccountId account, uint256 amount) internal {
        uint256 before = SYSTEM.usd().balanceOf(account.owner());
        (uint256 waited, uint256 reserved) = HOUSE.withdrawalQueue();
        (uint256 due, uint256 free) = _dueOf(amount, waited + reserved);
        if (!_tryWithdrawal(account, CASH, amount)) return;
        uint256 paid = SYSTEM.usd().balanceOf(account.owner()) - before;
        (uint256 waits, uint256 reservedAfter) = HOUSE.withdrawalQueue();
        uint256 queued = waits + reservedAfter - waited - reserved;
        _require(paid == (due > free ? 0 : due), "CLR-10: paid something else");
        _require(queued == (due > free ? due * 1e12 : 0), "CLR-10: something else waits");
        if (due > free) _reached("withdraw queued");
        if (due == amount) return;
        // The last to give up may give up more than is missing, by less than a unit of the token.
        quoteDust += 1e12;
        _reached("withdraw pro rata");
    }

    /// @dev In the token's own decimals: what `amount` comes to, and tokens that nobody waits for.
    function _dueOf(uint256 amount, uint256 claimed) private view returns (uint256 due, uint256 free) {
        uint256 held = SYSTEM.usd().balanceOf(address(HOUSE));
        uint256 taken = (claimed + 1e12 - 1) / 1e12;
        free = held > taken ? held - taken : 0;
        uint256 missing = HOUSE.unallocatedLoss();
        if (missing == 0) return (amount, free);
        int256 assets = int256(free * 1e12) - HOUSE.fundAccount();
        if (assets > 0) due = (amount * 1e12 * uint256(assets)) / (uint256(assets) + missing) / 1e12;
    }

    function _tryWithdrawal(AccountId account, AssetId asset, uint256 amount) private returns (bool ok) {
        uint256 share = HOUSE.deficitShareOf(account);
        uint256 missing = HOUSE.unallocatedLoss();
        bytes memory result;
        (ok, result) = _try(
            account.owner(),
            address(HOUSE),
            abi.encodeCall(IClearingHouseCore.withdraw, (account, asset, amount)),
            abi.encodePacked(
                E.ClearingHouse_BelowInitialMargin.selector,
                E.ClearingHouse_InsufficientBalance.selector,
                E.ClearingHouse_BlindAccount.selector,
                E.ClearingHouse_DeficitShareWithheld.selector,
                E.ClearingHouse_InsufficientLiquidity.selector
            ),
            "withdraw"
        );
        if (ok) return ok;
        bytes4 reason = bytes4(result);
        _require(share != 0 || reason != E.ClearingHouse_DeficitShareWithheld.selector, "CLR-07: nothing to withhold");
        if (reason == E.ClearingHouse_DeficitShareWithheld.selector) _reached("deficit share withheld");
        _require(
            missing != 0 || reason != E.ClearingHouse_InsufficientLiquidity.selector,
            "CLR-10: refused for tokens"
        );
    }

    function _donate(uint256 amount) internal {
        MockToken usd = SYSTEM.usd();
        usd.mint(address(this), amount);
        usd.approve(address(FUND), amount);
        _try(address(this), address(FUND), abi.encodeCall(IInsuranceFund.donate, (SEGMENT, amount)), "", "donate");
    }
}

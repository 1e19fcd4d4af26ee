// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC4626} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";

/// @title An ERC-4626 vault that misbehaves on command
/// @notice Tests only. One mode at a time; counts how often it was asked to move money.
contract HostileYieldVault is ERC4626 {
    /// @custom:value Honest behaves as OpenZeppelin's.
    /// @custom:value Reverts reverts every deposit and redemption: a frozen vault.
    /// @custom:value BurnsGas spends all gas it gets, in readers too.
    /// @custom:value ReturnBomb does as it should and returns 200 kB.
    /// @custom:value Reenters calls `target` with `payload` first, once for each deposit or redemption.
    /// @custom:value TakesLess takes a unit less than it is given, and mints for all.
    /// @custom:value TakesNothing mints and takes nothing.
    /// @custom:value MintsNothing takes and mints nothing.
    /// @custom:value Skims pays one unit for whatever is redeemed.
    /// @custom:value PaysNothing burns and pays nothing.
    /// @custom:value Overvalues says that shares are worth everything.
    /// @custom:value Blind does not say what shares are worth.
    /// @custom:value Short says it in 16 bytes.
    /// @custom:value Overcounts says that everybody holds all shares there can be.
    enum Mode {
        Honest,
        Reverts,
        BurnsGas,
        ReturnBomb,
        Reenters,
        TakesLess,
        TakesNothing,
        MintsNothing,
        Skims,
        PaysNothing,
        Overvalues,
        Blind,
        Short,
        Overcounts
    }

    error HostileYieldVault_Reverted();

    uint256 private constant BOMB_BYTES = 200_000;

    Mode public mode;
    uint256 public calls;
    address public target;
    bytes public payload;
    bool public reentrySucceeded;
    bytes public reentryResult;

    constructor(address token) ERC20("Hostile Yield", "hYIELD") ERC4626(IERC20(token)) {}

    function setMode(Mode mode_) external {
        mode = mode_;
    }

    function setReentry(address target_, bytes calldata payload_) external {
        (mode, target, payload) = (Mode.Reenters, target_, payload_);
    }

    /// @notice A loss: tokens leave, shares stay.
    function lose(uint256 amount) external {
        IERC20(asset()).transfer(address(0xdead), amount);
    }

    function deposit(uint256 assets, address receiver) public override returns (uint256 shares) {
        _misbehave();
        if (mode == Mode.TakesNothing) {
            _mint(receiver, assets);
            return assets;
        }
        if (mode == Mode.MintsNothing) {
            IERC20(asset()).transferFrom(msg.sender, address(this), assets);
            return assets;
        }
        shares = super.deposit(mode == Mode.TakesLess ? assets - 1 : assets, receiver);
        _bomb();
    }

    function redeem(uint256 shares, address receiver, address owner) public override returns (uint256 assets) {
        _misbehave();
        if (mode == Mode.Skims || mode == Mode.PaysNothing) {
            _burn(owner, shares);
            if (mode == Mode.Skims) IERC20(asset()).transfer(receiver, 1);
            return previewRedeem(shares);
        }
        assets = super.redeem(shares, receiver, owner);
        _bomb();
    }

    function balanceOf(address account) public view override(ERC20, IERC20) returns (uint256) {
        return mode == Mode.Overcounts ? type(uint256).max : super.balanceOf(account);
    }

    function convertToAssets(uint256 shares) public view override returns (uint256) {
        if (mode == Mode.Overvalues) return type(uint256).max;
        if (mode == Mode.Blind) revert HostileYieldVault_Reverted();
        _burnGas();
        if (mode == Mode.Short) {
            assembly ("memory-safe") {
                return(0, 16)
            }
        }
        return super.convertToAssets(shares);
    }

    function _misbehave() private {
        ++calls;
        if (mode == Mode.Reverts) revert HostileYieldVault_Reverted();
        _burnGas();
        // A mock that plays an attacker has to make a free call, and to survive its failure.
        if (mode == Mode.Reenters) (reentrySucceeded, reentryResult) = target.call(payload);
    }

    function _burnGas() private view {
        uint256 left = gasleft();
        while (mode == Mode.BurnsGas && left != 0) left = gasleft();
    }

    function _bomb() private view {
        if (mode != Mode.ReturnBomb) return;
        assembly ("memory-safe") {
            return(mload(0x40), BOMB_BYTES)
        }
    }
}

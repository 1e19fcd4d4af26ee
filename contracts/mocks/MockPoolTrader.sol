// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MockToken} from "./MockToken.sol";

/// @dev What a trader asks a Uniswap v3 pool.
interface IMockPool {
    function token0() external view returns (address);
    function token1() external view returns (address);
    function mint(
        address recipient,
        int24 tickLower,
        int24 tickUpper,
        uint128 amount,
        bytes calldata data
    ) external returns (uint256, uint256);
    function burn(int24 tickLower, int24 tickUpper, uint128 amount) external returns (uint256, uint256);
    function swap(
        address recipient,
        bool zeroForOne,
        int256 amountSpecified,
        uint160 sqrtPriceLimitX96,
        bytes calldata data
    ) external returns (int256, int256);
}

/// @title A trader in Uniswap v3 pools of mock tokens, who never runs out of them
/// @notice Tests only.
contract MockPoolTrader {
    uint256 private constant EVERYTHING = 1 << 200;

    function mint(IMockPool pool, int24 lower, int24 upper, uint128 liquidity) external {
        pool.mint(address(this), lower, upper, liquidity, "");
    }

    function burn(IMockPool pool, int24 lower, int24 upper, uint128 liquidity) external {
        pool.burn(lower, upper, liquidity);
    }

    /// @notice Trades until the pool's price is there.
    function moveTo(IMockPool pool, bool isDown, uint160 sqrtPriceX96) external {
        pool.swap(address(this), isDown, int256(EVERYTHING), sqrtPriceX96, "");
    }

    function uniswapV3MintCallback(uint256 amount0, uint256 amount1, bytes calldata) external {
        _pay(int256(amount0), int256(amount1));
    }

    function uniswapV3SwapCallback(int256 amount0, int256 amount1, bytes calldata) external {
        _pay(amount0, amount1);
    }

    function _pay(int256 amount0, int256 amount1) private {
        IMockPool pool = IMockPool(msg.sender);
        if (amount0 > 0) MockToken(pool.token0()).mint(msg.sender, uint256(amount0));
        if (amount1 > 0) MockToken(pool.token1()).mint(msg.sender, uint256(amount1));
    }
}

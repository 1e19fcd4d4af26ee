// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC4626} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @notice A market of Morpho Blue, as its functions name it.
struct LendingMarket {
    address loanToken;
    address collateralToken;
    address oracle;
    address irm;
    uint256 lltv;
}

/// @dev The part of Morpho Blue that a lender needs; written from its documentation.
interface ILendingProtocol {
    function supply(
        LendingMarket memory market,
        uint256 assets,
        uint256 shares,
        address onBehalf,
        bytes memory data
    ) external returns (uint256, uint256);

    function withdraw(
        LendingMarket memory market,
        uint256 assets,
        uint256 shares,
        address onBehalf,
        address receiver
    ) external returns (uint256, uint256);

    function position(bytes32 id, address user) external view returns (uint256 shares, uint128, uint128);

    function market(
        bytes32 id
    ) external view returns (uint128 assets, uint128 shares, uint128, uint128, uint128 lastUpdate, uint128);
}

/// @title OpenZeppelin's ERC-4626 vault that lends all it holds to one market of Morpho Blue
/// @notice For fork tests: its share price falls when the market takes a bad debt, by nobody's report.
contract LendingVault is ERC4626 {
    using SafeERC20 for IERC20;

    /// @dev Morpho's virtual amounts.
    uint256 private constant VIRTUAL_SHARES = 1e6;

    ILendingProtocol private immutable _protocol;
    LendingMarket private _market;

    constructor(
        ILendingProtocol protocol,
        LendingMarket memory market
    ) ERC20("Lending vault", "LEND") ERC4626(IERC20(market.loanToken)) {
        _protocol = protocol;
        _market = market;
        IERC20(market.loanToken).forceApprove(address(protocol), type(uint256).max);
    }

    /// @notice What is lent, as Morpho counts it.
    function totalAssets() public view override returns (uint256) {
        bytes32 id = keccak256(abi.encode(_market));
        (uint256 held, , ) = _protocol.position(id, address(this));
        (uint128 assets, uint128 shares, , , , ) = _protocol.market(id);
        return Math.mulDiv(held, uint256(assets) + 1, uint256(shares) + VIRTUAL_SHARES);
    }

    function _deposit(address caller, address receiver, uint256 assets, uint256 shares) internal override {
        super._deposit(caller, receiver, assets, shares);
        _protocol.supply(_market, assets, 0, address(this), "");
    }

    function _withdraw(
        address caller,
        address receiver,
        address owner,
        uint256 assets,
        uint256 shares
    ) internal override {
        _protocol.withdraw(_market, assets, 0, address(this), address(this));
        super._withdraw(caller, receiver, owner, assets, shares);
    }
}

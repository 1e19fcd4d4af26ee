// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {IClearingHouse} from "../interfaces/IClearingHouse.sol";
import {IInsuranceFund} from "../interfaces/IInsuranceFund.sol";
import {ILiquidationEngine} from "../interfaces/ILiquidationEngine.sol";
import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {IReserveSale} from "../interfaces/IReserveSale.sol";
import {GuardedCall} from "../libraries/GuardedCall.sol";
import {TokenUnits} from "../libraries/TokenUnits.sol";
import {WadMath} from "../libraries/WadMath.sol";
import {Asset} from "../types/Clearing.sol";
import {WAD} from "../types/Constants.sol";
import {AssetId, FeedId, SegmentId} from "../types/Identifiers.sol";

/// @title ReserveSale
/// @notice See IReserveSale. The factor on consensus falls by time alone, so that waiting gains what it costs others to be quicker, and no
/// seller's hand is in it.
contract ReserveSale is IReserveSale, ReentrancyGuardTransient {
    /// @dev From 101% to 97% of consensus in four hours; the last price stands until the sale ends.
    uint256 private constant START_FACTOR = 1.01e18;
    uint256 private constant END_FACTOR = 0.97e18;
    uint256 private constant DURATION = 4 hours;
    uint256 private constant LASTS = 1 days;

    IClearingHouse private immutable HOUSE;
    IInsuranceFund private immutable FUND;
    IPriceOracle private immutable ORACLE;
    SegmentId private immutable SEGMENT;
    address private immutable TOKEN;
    uint8 private immutable DECIMALS;

    mapping(AssetId asset => uint256 time) private _startedAt;

    constructor(IClearingHouse house) {
        if (address(house).code.length == 0 || house.engine() == address(0)) {
            revert ReserveSale_InvalidHouse(address(house));
        }
        HOUSE = house;
        FUND = IInsuranceFund(house.fund());
        ORACLE = IPriceOracle(house.oracle());
        SEGMENT = ILiquidationEngine(house.engine()).segment();
        TOKEN = house.settlementToken();
        (, DECIMALS) = TokenUnits.tryDecimals(TOKEN);
    }

    /// @inheritdoc IReserveSale
    function start(AssetId asset) external nonReentrant {
        uint256 held = _balance(_assetOf(asset).token);
        uint256 startsFrom = _startedAt[asset] == 0 ? 0 : _startedAt[asset] + LASTS;
        if (held == 0 || block.timestamp < startsFrom) revert ReserveSale_CannotStart(asset, held, startsFrom);
        _startedAt[asset] = block.timestamp;
        emit SaleStarted(asset, held);
    }

    /// @inheritdoc IReserveSale
    function buy(AssetId asset, uint256 amount, uint256 maxCost) external nonReentrant returns (uint256 cost) {
        // Check
        Asset memory listed = _assetOf(asset);
        uint256 held = _balance(listed.token);
        // Interaction: the oracle is our own, and keeps foreign code to static calls with bounded gas.
        ORACLE.refresh(FeedId.wrap(listed.feed));
        uint256 price = priceOf(asset);
        cost = _costUp(amount, listed.decimals, price);
        if (cost == 0 || amount > held) revert ReserveSale_InvalidAmount(amount, held);
        if (cost > maxCost) revert ReserveSale_CostAboveLimit(cost, maxCost);

        // Interaction: nothing of this contract's own changes; the lock keeps a hook from buying on what is half paid for.
        if (!GuardedCall.trySafeTransferFrom(TOKEN, msg.sender, address(this), cost)) {
            revert ReserveSale_TransferFailed(TOKEN);
        }
        _donate(cost);
        bool sent = GuardedCall.trySafeTransfer(listed.token, msg.sender, amount);
        if (!sent || _balance(listed.token) != held - amount) revert ReserveSale_TransferFailed(listed.token);
        emit Sold(asset, msg.sender, amount, cost, price);
    }

    /// @inheritdoc IReserveSale
    function forward() external nonReentrant returns (uint256 amount) {
        amount = _balance(TOKEN);
        if (amount == 0) return 0;
        _donate(amount);
        emit Forwarded(amount);
    }

    /// @inheritdoc IReserveSale
    function priceOf(AssetId asset) public view returns (uint256) {
        uint256 since = startedAt(asset);
        if (since == 0) revert ReserveSale_NotRunning(asset);
        uint256 elapsed = WadMath.min(block.timestamp - since, DURATION);
        uint256 factor = START_FACTOR - WadMath.mulDivDown(START_FACTOR - END_FACTOR, elapsed, DURATION);
        return WadMath.mulWadUp(ORACLE.consensusPrice(FeedId.wrap(_assetOf(asset).feed)), factor);
    }

    /// @inheritdoc IReserveSale
    function startedAt(AssetId asset) public view returns (uint256 time) {
        time = _startedAt[asset];
        if (time != 0 && block.timestamp >= time + LASTS) return 0;
    }

    /* STEPS */

    /// @dev The fund counts what arrives, and reverts when it is another amount.
    function _donate(uint256 amount) private {
        GuardedCall.tryCall(TOKEN, GuardedCall.TOKEN_GAS, abi.encodeCall(IERC20.approve, (address(FUND), amount)));
        FUND.donate(SEGMENT, amount);
    }

    function _assetOf(AssetId asset) private view returns (Asset memory listed) {
        (listed, ) = HOUSE.assetOf(asset);
        if (listed.token == address(0) || listed.token == TOKEN) revert ReserveSale_UnknownAsset(asset);
    }

    function _balance(address token) private view returns (uint256 amount) {
        (, amount) = GuardedCall.balanceOf(token, address(this));
    }

    function _costUp(uint256 amount, uint8 decimals, uint256 price) private view returns (uint256) {
        // What no account could hold is no amount; it also keeps the product in range.
        if (amount > type(uint128).max) return 0;
        return TokenUnits.toNativeUp(WadMath.mulDivUp(TokenUnits.toWad(amount, decimals), price, WAD), DECIMALS);
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {IBulwarkToken} from "../interfaces/IBulwarkToken.sol";
import {IClearingHouse} from "../interfaces/IClearingHouse.sol";
import {IGuardian} from "../interfaces/IGuardian.sol";
import {IInsuranceFund} from "../interfaces/IInsuranceFund.sol";
import {ILiquidationEngine} from "../interfaces/ILiquidationEngine.sol";
import {IRecapAuction} from "../interfaces/IRecapAuction.sol";
import {IRiskController} from "../interfaces/IRiskController.sol";
import {GuardedCall} from "../libraries/GuardedCall.sol";
import {TokenUnits} from "../libraries/TokenUnits.sol";
import {WadMath} from "../libraries/WadMath.sol";
import {MAX_PRICE, RATIO_ONE, WAD} from "../types/Constants.sol";
import {SegmentId} from "../types/Identifiers.sol";
import {PauseBits} from "../types/Pauses.sol";

/// @title Recapitalisation by auction (FND-07)
/// @notice See IRecapAuction.
contract RecapAuction is IRecapAuction, AccessManaged, ReentrancyGuardTransient {
    uint256 private constant CRITICAL_RATIO = (3 * RATIO_ONE) / 10;
    uint256 private constant CRITICAL_TIME = 24 hours;
    uint256 private constant MAX_GAP = 2 hours;
    uint256 private constant MAX_RATIO_AGE = 1 hours;
    /// @dev From 2^4 times the floor, halved each time: the floor after four.
    uint256 private constant HALVINGS = 4;
    uint256 private constant HALVING_TIME = 6 hours;
    uint256 private constant LASTS = 48 hours;
    uint256 private constant STEP_PARTS = 10;
    uint256 private constant STEP_WAIT = 7 days;

    IInsuranceFund private immutable FUND;
    IRiskController private immutable CONTROLLER;
    IBulwarkToken private immutable TOKEN;
    IGuardian private immutable GUARDIAN;
    SegmentId private immutable SEGMENT;
    address private immutable PAID_IN;
    uint8 private immutable DECIMALS;

    /// @inheritdoc IRecapAuction
    uint256 public floorPrice;

    /// @dev Of `drawn` in the fund's books: what has been replaced.
    uint256 private _replaced;
    uint256 private _startFloor;
    uint40 private _loweredFrom;
    uint40 private _startedAt;
    uint40 private _seenAt;
    uint40 private _criticalFor;
    bool private _wasCritical;

    constructor(
        address accessManager,
        IRiskController controller,
        IBulwarkToken token,
        IGuardian guardian,
        uint256 floorPrice_
    ) AccessManaged(accessManager) {
        _requireCode(address(controller));
        _requireCode(address(token));
        _requireCode(address(guardian));
        if (floorPrice_ == 0 || floorPrice_ > MAX_PRICE) revert RecapAuction_InvalidFloor(floorPrice_, 1, MAX_PRICE);
        IClearingHouse house = IClearingHouse(controller.house());
        CONTROLLER = controller;
        TOKEN = token;
        GUARDIAN = guardian;
        FUND = IInsuranceFund(house.fund());
        SEGMENT = ILiquidationEngine(house.engine()).segment();
        PAID_IN = house.settlementToken();
        (, DECIMALS) = TokenUnits.tryDecimals(PAID_IN);
        floorPrice = floorPrice_;
        _loweredFrom = uint40(block.timestamp + STEP_WAIT);
        emit FloorPriceSet(0, floorPrice_);
    }

    /// @inheritdoc IRecapAuction
    function observe() external nonReentrant {
        // Check
        uint256 setAt = CONTROLLER.ratioSetAt();
        if (block.timestamp > setAt + MAX_RATIO_AGE) revert RecapAuction_StaleRatio(setAt);
        uint256 ratio = CONTROLLER.ratio();

        // Effect
        bool isCritical = ratio < CRITICAL_RATIO;
        uint256 elapsed = block.timestamp - _seenAt;
        if (!isCritical) _criticalFor = 0;
        else if (_wasCritical && elapsed <= MAX_GAP) _criticalFor += uint40(elapsed);
        (_wasCritical, _seenAt) = (isCritical, uint40(block.timestamp));
        if (ratio >= RATIO_ONE && _missing() == 0) {
            _replaced = FUND.segmentOf(SEGMENT).drawn;
            emit Replenished(_replaced);
        }
        emit Observed(ratio, _criticalFor);
    }

    /// @inheritdoc IRecapAuction
    function start() external nonReentrant {
        // Check
        _requireNotPaused();
        uint256 running = startedAt();
        if (running != 0) revert RecapAuction_Running(running + LASTS);
        uint256 missing = needed();
        if (_criticalFor < CRITICAL_TIME || block.timestamp > _seenAt + MAX_GAP || missing == 0) {
            revert RecapAuction_NotCritical(_criticalFor, _seenAt, missing);
        }

        // Effect: the next auction needs a day of its own.
        (_startedAt, _startFloor, _criticalFor) = (uint40(block.timestamp), floorPrice, 0);
        emit RecapStarted(missing, floorPrice);
    }

    /// @inheritdoc IRecapAuction
    function buy(
        uint256 tokens,
        uint256 maxCost,
        address receiver
    ) external nonReentrant returns (uint256 bought, uint256 cost) {
        // Check
        _requireNotPaused();
        uint256 price = priceNow();
        uint256 missing = needed();
        uint256 mintable = TOKEN.mintable();
        bought = WadMath.min(tokens, WadMath.min(WadMath.mulDivDown(missing, WAD, price), mintable));
        if (bought == 0) revert RecapAuction_SoldOut(missing, mintable);
        cost = TokenUnits.toNativeUp(WadMath.mulDivUp(bought, price, WAD), DECIMALS);
        if (cost > maxCost) revert RecapAuction_CostAboveLimit(cost, maxCost);

        // Effect
        _replaced += TokenUnits.toWad(cost, DECIMALS);
        emit RecapSold(msg.sender, receiver, bought, cost, price);

        // Interaction: the fund counts what arrives, and reverts when it is another amount; then the new tokens.
        if (!GuardedCall.trySafeTransferFrom(PAID_IN, msg.sender, address(this), cost)) {
            revert RecapAuction_TransferFailed(PAID_IN);
        }
        GuardedCall.tryCall(PAID_IN, GuardedCall.TOKEN_GAS, abi.encodeCall(IERC20.approve, (address(FUND), cost)));
        FUND.donate(SEGMENT, cost);
        TOKEN.mint(receiver, bought);
    }

    /// @inheritdoc IRecapAuction
    function setFloorPrice(uint256 price) external restricted {
        uint256 previous = floorPrice;
        uint256 lowest = previous - previous / STEP_PARTS;
        if (price < lowest || price > MAX_PRICE) revert RecapAuction_InvalidFloor(price, lowest, MAX_PRICE);
        if (price < previous) {
            if (block.timestamp < _loweredFrom) revert RecapAuction_TooSoon(_loweredFrom);
            _loweredFrom = uint40(block.timestamp + STEP_WAIT);
        }
        floorPrice = price;
        emit FloorPriceSet(previous, price);
    }

    /// @inheritdoc IRecapAuction
    function priceNow() public view returns (uint256) {
        uint256 since = startedAt();
        if (since == 0) revert RecapAuction_NotRunning(_startedAt + LASTS);
        uint256 elapsed = block.timestamp - since;
        uint256 halvings = elapsed / HALVING_TIME;
        if (halvings >= HALVINGS) return _startFloor;
        uint256 price = _startFloor << (HALVINGS - halvings);
        return price - WadMath.mulDivDown(price, elapsed % HALVING_TIME, 2 * HALVING_TIME);
    }

    /// @inheritdoc IRecapAuction
    function needed() public view returns (uint256) {
        uint256 drawn = FUND.segmentOf(SEGMENT).drawn;
        return drawn > _replaced ? WadMath.min(drawn - _replaced, _missing()) : 0;
    }

    /// @inheritdoc IRecapAuction
    function criticalFor() external view returns (uint256 live, uint256 seenAt) {
        return (_criticalFor, _seenAt);
    }

    /// @inheritdoc IRecapAuction
    function startedAt() public view returns (uint256) {
        return block.timestamp < _startedAt + LASTS ? _startedAt : 0;
    }

    function _missing() private view returns (uint256) {
        (uint256 target, , ) = CONTROLLER.reserveTarget();
        uint256 available = CONTROLLER.resources();
        return target > available ? target - available : 0;
    }

    function _requireNotPaused() private view {
        uint256 until = GUARDIAN.pausedUntil(PauseBits.RECAPITALIZATION);
        if (until != 0) revert RecapAuction_Paused(until);
    }

    function _requireCode(address link) private view {
        if (link.code.length == 0) revert RecapAuction_InvalidLink(link);
    }
}

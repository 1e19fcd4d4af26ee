// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IClearingHouse} from "../interfaces/IClearingHouse.sol";
import {IGuardian} from "../interfaces/IGuardian.sol";
import {ILiquidationEngine} from "../interfaces/ILiquidationEngine.sol";
import {ISurplusPayments} from "../interfaces/ISurplusPayments.sol";
import {ISurplusStake, StakeView} from "../interfaces/ISurplusStake.sol";
import {GuardedCall} from "../libraries/GuardedCall.sol";
import {WadMath} from "../libraries/WadMath.sol";
import {COOLDOWN} from "../types/CoverageTerms.sol";
import {SegmentId} from "../types/Identifiers.sol";
import {PauseBits} from "../types/Pauses.sol";

/// @title Stakes and surplus (FND-07)
/// @notice See ISurplusStake.
contract SurplusStake is ISurplusStake, ReentrancyGuardTransient {
    using SafeCast for uint256;

    /// @dev Two slots and an index: 16 + 16, 5 + 16.
    struct Holder {
        uint128 active;
        uint128 waiting;
        uint40 activeFrom;
        uint128 due;
        uint256 index;
    }

    /// @dev Of settlement token per active token.
    uint256 private constant INDEX_ONE = 1e36;
    /// @dev 2% of supply.
    uint256 private constant LEAST_PARTS = 50;

    ISurplusPayments private immutable FUND;
    SegmentId private immutable SEGMENT;
    IGuardian private immutable GUARDIAN;
    address private immutable TOKEN;
    address private immutable PAID_IN;

    uint256 public totalActive;

    uint256 private _index;
    mapping(address holder => Holder) private _holders;

    constructor(IClearingHouse house, address token, IGuardian guardian) {
        if (address(house).code.length == 0 || house.engine() == address(0)) {
            revert SurplusStake_InvalidLink(address(house));
        }
        if (token.code.length == 0) revert SurplusStake_InvalidLink(token);
        if (address(guardian).code.length == 0) revert SurplusStake_InvalidLink(address(guardian));
        FUND = ISurplusPayments(house.fund());
        SEGMENT = ILiquidationEngine(house.engine()).segment();
        GUARDIAN = guardian;
        TOKEN = token;
        PAID_IN = house.settlementToken();
    }

    /// @inheritdoc ISurplusStake
    function stake(uint256 amount) external nonReentrant {
        // Check
        if (amount == 0 || amount > type(uint96).max) revert SurplusStake_InvalidAmount(amount, type(uint96).max);

        // Effect
        Holder storage holder = _holders[msg.sender];
        if (holder.waiting != 0 && block.timestamp >= holder.activeFrom) _activate(msg.sender, holder);
        uint256 activeFrom = block.timestamp + COOLDOWN;
        holder.waiting = (holder.waiting + amount).toUint128();
        holder.activeFrom = uint40(activeFrom);
        emit Staked(msg.sender, amount, activeFrom);

        // Interaction: our own token, which takes what it is told or fails.
        if (!GuardedCall.trySafeTransferFrom(TOKEN, msg.sender, address(this), amount)) {
            revert SurplusStake_TransferFailed(TOKEN);
        }
    }

    /// @inheritdoc ISurplusStake
    function activate(address holder) external nonReentrant {
        Holder storage entry = _holders[holder];
        if (entry.waiting == 0 || block.timestamp < entry.activeFrom) {
            revert SurplusStake_NotYet(holder, entry.activeFrom);
        }
        _activate(holder, entry);
    }

    /// @inheritdoc ISurplusStake
    function unstake(uint256 amount) external nonReentrant {
        // Check
        Holder storage holder = _holders[msg.sender];
        uint256 staked = uint256(holder.waiting) + holder.active;
        if (amount == 0 || amount > staked) revert SurplusStake_InvalidAmount(amount, staked);

        // Effect
        uint256 fromWaiting = WadMath.min(amount, holder.waiting);
        uint256 fromActive = amount - fromWaiting;
        holder.waiting -= uint128(fromWaiting); // Neither is above what it was.
        if (fromActive != 0) {
            _accrue(holder);
            holder.active -= uint128(fromActive);
            totalActive -= fromActive;
        }
        emit Unstaked(msg.sender, amount);

        // Interaction
        if (!GuardedCall.trySafeTransfer(TOKEN, msg.sender, amount)) revert SurplusStake_TransferFailed(TOKEN);
    }

    /// @inheritdoc ISurplusStake
    function share() external nonReentrant returns (uint256 amount) {
        // Check
        uint256 until = GUARDIAN.pausedUntil(PauseBits.SURPLUS);
        if (until != 0) revert SurplusStake_Paused(until);
        uint256 active = totalActive;
        uint256 least = leastActive();
        if (active == 0 || active < least) revert SurplusStake_TooFewActive(active, least);

        // Interaction: our own fund, which sends exactly what it says, or fails. The lock keeps a token's hook out.
        amount = FUND.paySurplus(SEGMENT);

        // Effect
        _index += WadMath.mulDivDown(amount, INDEX_ONE, active);
        emit SurplusShared(amount, active);
    }

    /// @inheritdoc ISurplusStake
    function claim(address receiver) external nonReentrant returns (uint256 amount) {
        Holder storage holder = _holders[msg.sender];
        _accrue(holder);
        amount = holder.due;
        if (amount == 0) revert SurplusStake_InvalidAmount(0, 0);
        holder.due = 0;
        emit SurplusClaimed(msg.sender, receiver, amount);
        if (!GuardedCall.trySafeTransfer(PAID_IN, receiver, amount)) revert SurplusStake_TransferFailed(PAID_IN);
    }

    /// @inheritdoc ISurplusStake
    function stakeOf(address holder) external view returns (StakeView memory) {
        Holder memory entry = _holders[holder];
        return
            StakeView({
                active: entry.active,
                waiting: entry.waiting,
                activeFrom: entry.activeFrom,
                due: entry.due + _earned(entry.active, entry.index)
            });
    }

    /// @inheritdoc ISurplusStake
    function leastActive() public view returns (uint256) {
        return IERC20(TOKEN).totalSupply() / LEAST_PARTS;
    }

    function _activate(address owner, Holder storage holder) private {
        _accrue(holder);
        uint256 amount = holder.waiting;
        holder.waiting = 0;
        holder.active = (holder.active + amount).toUint128();
        totalActive += amount;
        emit Activated(owner, amount);
    }

    function _accrue(Holder storage holder) private {
        holder.due = (holder.due + _earned(holder.active, holder.index)).toUint128();
        holder.index = _index;
    }

    function _earned(uint256 active, uint256 since) private view returns (uint256) {
        return WadMath.mulDivDown(active, _index - since, INDEX_ONE);
    }
}

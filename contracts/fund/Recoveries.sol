// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {IClearingHouse} from "../interfaces/IClearingHouse.sol";
import {ICoverageVault} from "../interfaces/ICoverageVault.sol";
import {CapitalLayers, IInsuranceFund} from "../interfaces/IInsuranceFund.sol";
import {ILiquidationEngine} from "../interfaces/ILiquidationEngine.sol";
import {RecoveryLayer, RecoveryRound} from "../interfaces/IRecoveries.sol";
import {ITrancheShare} from "../interfaces/ITrancheShare.sol";
import {GuardedCall} from "../libraries/GuardedCall.sol";
import {TokenUnits} from "../libraries/TokenUnits.sol";
import {WadMath} from "../libraries/WadMath.sol";
import {Tranche} from "../types/Coverage.sol";
import {AccountId, MarketId, SegmentId} from "../types/Identifiers.sol";
import {RecoveryClaims} from "./RecoveryClaims.sol";

/// @title Recoveries (FND-10)
/// @notice See IRecoveries. The ledger decides who is due what; tokens that are sent here without `recover` belong to
/// nobody.
contract Recoveries is RecoveryClaims, ReentrancyGuardTransient {
    /// @dev As long as an exit's cooldown: whoever bore a loss has had time to hear of it.
    uint256 private constant REGISTRATION = 28 days;
    /// @dev From a round's end. A claim can be paid for a year after the last payment.
    uint256 private constant PAYABLE = 3 * 365 days;
    uint256 private constant CLAIMABLE = 4 * 365 days;
    uint256 private constant MAX_ROUNDS = 8;

    IClearingHouse private immutable HOUSE;
    IInsuranceFund private immutable FUND;
    address private immutable TOKEN;
    uint8 private immutable DECIMALS;
    address private immutable BACKSTOP;
    address private immutable REINSURANCE;

    SegmentId public immutable segment;

    mapping(AccountId account => mapping(MarketId market => uint256 borne)) private _registered;
    mapping(RecoveryLayer layer => mapping(address owner => mapping(uint32 interval => uint256 borne)))
        private _registeredShares;

    constructor(IClearingHouse house_) {
        if (address(house_).code.length == 0 || house_.engine() == address(0)) {
            revert Recoveries_InvalidHouse(address(house_));
        }
        segment = ILiquidationEngine(house_.engine()).segment();
        if (SegmentId.unwrap(segment) == 0) revert Recoveries_InvalidHouse(address(house_));
        HOUSE = house_;
        FUND = IInsuranceFund(house_.fund());
        TOKEN = house_.settlementToken();
        (, DECIMALS) = TokenUnits.tryDecimals(TOKEN);
        // Chosen for good when the segment was registered.
        CapitalLayers memory layers = FUND.segmentOf(segment).layers;
        (BACKSTOP, REINSURANCE) = (layers.backstop, layers.reinsurance);
    }

    function house() external view returns (address) {
        return address(HOUSE);
    }

    function registeredOf(AccountId account, MarketId market) external view returns (uint256) {
        return _registered[account][market];
    }

    function registeredSharesOf(RecoveryLayer layer, address owner, uint32 interval) external view returns (uint256) {
        return _registeredShares[layer][owner][interval];
    }

    /* CLAIMS */

    /// @dev `borneBy` falls where a deleveraging takes base whose charge was not recorded yet: then nothing is added
    /// until it is above again.
    function register(AccountId account, MarketId[] calldata markets) external nonReentrant returns (uint256 amount) {
        for (uint256 i = 0; i < markets.length; ++i) {
            uint256 borne = HOUSE.borneBy(account, markets[i]);
            uint256 known = _registered[account][markets[i]];
            if (borne <= known) continue;
            _registered[account][markets[i]] = borne;
            amount += borne - known;
        }
        if (amount == 0) return 0;
        uint256 round = _openRound();
        _mintClaims(account.owner(), round, amount);
        emit LossRegistered(round, account, account.owner(), amount);
    }

    function registerShares(
        RecoveryLayer layer,
        address owner,
        uint32[] calldata intervals
    ) external nonReentrant returns (uint256 amount) {
        ITrancheShare share = _shareOf(layer);
        mapping(uint32 interval => uint256 borne) storage registered = _registeredShares[layer][owner];
        for (uint256 i = 0; i < intervals.length; ++i) {
            uint256 borne = share.borneBy(segment, intervals[i], owner);
            uint256 known = registered[intervals[i]];
            if (borne <= known) continue;
            registered[intervals[i]] = borne;
            amount += borne - known;
        }
        if (amount == 0) return 0;
        uint256 id = _idOf(_openRound(), layer);
        _mintClaims(owner, id, amount);
        emit SharesRegistered(id, owner, amount);
    }

    function claim(uint256 id, address receiver) external nonReentrant returns (uint256 paid) {
        // Check
        uint256 endsAt = _endOf(id);
        uint256 until = endsAt == 0 ? 0 : endsAt + CLAIMABLE;
        if (block.timestamp >= until) revert Recoveries_TooLate(id, until);
        paid = TokenUnits.toNativeDown(_dueTo(id, msg.sender), DECIMALS);
        if (paid == 0) revert Recoveries_NothingDue(id, msg.sender);

        // Effect
        _charge(id, msg.sender, TokenUnits.toWad(paid, DECIMALS));
        emit Claimed(id, msg.sender, receiver, paid);

        // Interaction
        _send(receiver, paid);
    }

    /* MONEY */

    /// @dev Tokens come first, because only what arrived may be credited; meanwhile the lock keeps the rounds as they
    /// were looked at.
    function recover(uint256[] calldata rounds, uint256 amount) external nonReentrant returns (uint256 forClaims) {
        // Check
        if (amount == 0) revert Recoveries_NothingToTake(amount);
        (uint256[5] memory lacking, uint256 sum) = _lackingOf(rounds);
        forClaims = WadMath.min(amount, TokenUnits.toNativeDown(sum, DECIMALS));

        // Interaction
        _pull(amount);

        // Effect: the waterfall backwards.
        uint256 left = TokenUnits.toWad(forClaims, DECIMALS);
        for (uint256 layer = 0; layer < lacking.length && left != 0; ++layer) {
            uint256 part = WadMath.min(left, lacking[layer]);
            _share(rounds, RecoveryLayer(layer), lacking[layer], part);
            left -= part;
        }

        // Interaction: our own fund.
        if (amount != forClaims) _passToReserve(amount - forClaims);
    }

    function release(uint256 id) external nonReentrant returns (uint256 amount) {
        // Check
        RecoveryRound storage entry = _rounds[id];
        uint256 endsAt = _endOf(id);
        uint256 from = endsAt == 0 ? 0 : endsAt + CLAIMABLE;
        amount = TokenUnits.toNativeDown(entry.recovered - entry.claimed, DECIMALS);
        if (from == 0 || block.timestamp < from || amount == 0) revert Recoveries_NothingToRelease(id, from);

        // Effect
        entry.claimed += uint128(TokenUnits.toWad(amount, DECIMALS)); // Not above what was recovered.

        // Interaction: our own fund.
        _passToReserve(amount);
    }

    /* STEPS */

    /// @dev The round that takes registrations now.
    function _openRound() private returns (uint256 round) {
        round = _latest;
        if (block.timestamp < _rounds[round].endsAt) return round;
        _latest = ++round;
        uint256 endsAt = block.timestamp + REGISTRATION;
        _rounds[round].endsAt = uint40(endsAt);
        emit RoundOpened(round, endsAt);
    }

    function _shareOf(RecoveryLayer layer) private view returns (ITrancheShare) {
        bool isReinsurance = layer == RecoveryLayer.ReinsuranceSenior || layer == RecoveryLayer.ReinsuranceJunior;
        address vault = isReinsurance ? REINSURANCE : BACKSTOP;
        if (layer == RecoveryLayer.Holders || vault == address(0)) revert Recoveries_NoShares(layer);
        bool isSenior = layer == RecoveryLayer.ReinsuranceSenior || layer == RecoveryLayer.Senior;
        return ITrancheShare(ICoverageVault(vault).shareOf(isSenior ? Tranche.Senior : Tranche.Junior));
    }

    /// @dev What the rounds' claims have not been paid yet, by layer.
    function _lackingOf(uint256[] calldata rounds) private view returns (uint256[5] memory lacking, uint256 sum) {
        if (rounds.length == 0 || rounds.length > MAX_ROUNDS) {
            revert Recoveries_InvalidRoundCount(rounds.length, MAX_ROUNDS);
        }
        uint256 previous;
        for (uint256 i = 0; i < rounds.length; ++i) {
            if (rounds[i] <= previous) revert Recoveries_NotAscending(previous, rounds[i]);
            previous = rounds[i];
            uint256 from = _rounds[previous].endsAt;
            uint256 until = from == 0 ? 0 : from + PAYABLE;
            if (block.timestamp < from || block.timestamp >= until) {
                revert Recoveries_NotPayable(previous, from, until);
            }
            for (uint256 layer = 0; layer < lacking.length; ++layer) {
                uint256 own = _lacking(_rounds[_idOf(previous, RecoveryLayer(layer))]);
                lacking[layer] += own;
                sum += own;
            }
        }
    }

    /// @dev In proportion to what each lacks; parts are taken off what is left, so that they add up exactly.
    /// @param lacking sum over the rounds, at least `amount`
    function _share(uint256[] calldata rounds, RecoveryLayer layer, uint256 lacking, uint256 amount) private {
        for (uint256 i = 0; i < rounds.length && amount != 0; ++i) {
            uint256 id = _idOf(rounds[i], layer);
            RecoveryRound storage entry = _rounds[id];
            uint256 own = _lacking(entry);
            uint256 part = WadMath.mulDivDown(amount, own, lacking);
            amount -= part;
            lacking -= own;
            entry.recovered += uint128(part); // Not above the round's claims.
            emit Recovered(id, msg.sender, part, entry.recovered, entry.claims);
        }
    }

    function _lacking(RecoveryRound storage entry) private view returns (uint256) {
        return entry.claims - entry.recovered;
    }

    /// @dev The fund counts what arrives, and reverts when it is another amount.
    function _passToReserve(uint256 amount) private {
        GuardedCall.tryCall(TOKEN, GuardedCall.TOKEN_GAS, abi.encodeCall(IERC20.approve, (address(FUND), amount)));
        FUND.donate(segment, amount);
        emit PassedToReserve(amount);
    }

    function _pull(uint256 amount) private {
        (bool readable, uint256 before) = GuardedCall.balanceOf(TOKEN, address(this));
        bool delivered = readable && GuardedCall.trySafeTransferFrom(TOKEN, msg.sender, address(this), amount);
        (, uint256 current) = GuardedCall.balanceOf(TOKEN, address(this));
        uint256 received = delivered && current > before ? current - before : 0;
        if (received != amount) revert Recoveries_UnexpectedTransfer(amount, received);
    }

    function _send(address receiver, uint256 amount) private {
        (bool readable, uint256 before) = GuardedCall.balanceOf(TOKEN, address(this));
        bool sent = readable && GuardedCall.trySafeTransfer(TOKEN, receiver, amount);
        (, uint256 rest) = GuardedCall.balanceOf(TOKEN, address(this));
        if (!sent || rest + amount != before) revert Recoveries_TransferFailed(receiver, amount);
    }
}

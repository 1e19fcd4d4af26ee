// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IClearingHouseEvents} from "../interfaces/IClearingHouseEvents.sol";
import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {TokenUnits} from "../libraries/TokenUnits.sol";
import {
    AccountHeader,
    AccountRecord,
    Asset,
    Deficits,
    Ending,
    GenerationEnd,
    Interest,
    Market,
    Measured,
    Position,
    Side,
    SideFacts,
    WithdrawalQueue
} from "../types/Clearing.sol";
import {MIN_PENALTY_RATE, PENALTY_STEP} from "../types/Constants.sol";
import {Header} from "../types/Headers.sol";
import {AccountId, AssetId, MarketId, toAccountId} from "../types/Identifiers.sol";
import {Words} from "../types/Words.sol";

/// @title Storage, links and rights of the clearing house
/// @notice Slots are laid out one concept each; see types/Clearing.sol for the bytes of every struct. Nothing here is upgradeable.
abstract contract ClearingStorage is IClearingHouseEvents, AccessManaged, ReentrancyGuardTransient {
    using SafeCast for uint256;
    using SafeCast for int256;
    using Words for AccountHeader;
    using Words for Market;

    /// @dev A delegate's scopes over all sub-accounts of one owner.
    struct Delegate {
        uint8 scopes;
        uint40 expiry;
    }

    /// @dev One slot. 20 + 2 + 2 + 4 + 4 = 32 bytes. `deficitsUntil` is when all measured deficits will have lapsed, 0 without any: read
    /// with the rest, so that fills and bids pay nothing for CLR-07 while nobody is flagged.
    struct Config {
        address engine;
        uint16 bandBps;
        uint16 takerFeeBps;
        uint32 ratio;
        uint32 deficitsUntil;
    }

    /// @dev One slot: 16 + 12 + 1. `hasQueue` while withdrawals wait for tokens or for their claimants (CLR-10).
    struct FundAccount {
        int128 balance;
        uint96 unallocated;
        bool hasQueue;
    }

    /// @dev Four slots: who calls from above, each set once. `guardian` may pause markets (GOV-03).
    struct Links {
        address fund;
        address orderBook;
        address riskController;
        address guardian;
    }

    /// @dev One slot: 16 + 16.
    struct Totals {
        uint128 fees;
        uint128 negativeCash;
    }

    /// @dev Everything that set-up decides once.
    struct Settings {
        address accessManager;
        address oracle;
        address settlementToken;
        address feeRecipient;
        uint256 minMaintenanceMargin;
        uint16 bandBps;
        uint16 takerFeeBps;
        uint16 fundFeeShareBps;
        uint16 negativeCashShareBps;
        uint16 negativeCashCapBps;
    }

    IPriceOracle internal immutable ORACLE;
    address internal immutable SETTLEMENT_TOKEN;
    uint8 internal immutable SETTLEMENT_DECIMALS;
    address internal immutable FEE_RECIPIENT;
    uint256 internal immutable MIN_MAINTENANCE_MARGIN;
    uint256 internal immutable FUND_FEE_SHARE_BPS;
    uint256 internal immutable NEGATIVE_CASH_SHARE_BPS;
    uint256 internal immutable NEGATIVE_CASH_CAP_BPS;

    mapping(AccountId account => AccountHeader) internal _headers;
    mapping(AccountId account => mapping(uint256 market => Position)) internal _positions;
    mapping(AccountId account => mapping(uint256 asset => uint256 amount)) internal _collateral;
    mapping(AccountId account => uint256 cost) internal _liquidationCost;
    mapping(address owner => mapping(address delegate => Delegate)) internal _delegates;

    mapping(uint256 market => Market) internal _markets;
    mapping(uint256 market => Interest) internal _interest;
    mapping(uint256 market => mapping(bool long => Side)) internal _sides;
    mapping(uint256 market => mapping(bool long => SideFacts)) internal _facts;
    mapping(uint256 market => mapping(bool long => mapping(uint256 generation => GenerationEnd))) internal _ends;

    mapping(uint256 asset => Asset) internal _assets;
    mapping(uint256 asset => uint256 total) internal _assetTotals;

    Config internal _config;
    FundAccount internal _fundAccount;
    Totals internal _totals;
    Deficits internal _deficits;
    mapping(AccountId account => Measured) internal _measured;
    mapping(uint256 market => Ending) internal _endings;

    WithdrawalQueue internal _queue;
    /// @dev The queue is a side index of its own: base is what waits, quote is what tokens have been set aside for.
    Side internal _queueSide;
    mapping(uint256 generation => GenerationEnd) internal _queueEnds;
    mapping(AccountId account => Position) internal _queued;
    mapping(AccountId account => mapping(uint256 market => AccountRecord)) internal _records;
    Links internal _links;
    /// @dev Markets that are listed, one bit each.
    uint48 internal _listed;

    modifier onlyLinked(address expected) {
        if (msg.sender != expected) revert ClearingHouse_NotLinked(msg.sender, expected);
        _;
    }

    constructor(Settings memory settings) AccessManaged(settings.accessManager) {
        ORACLE = IPriceOracle(settings.oracle);
        SETTLEMENT_TOKEN = settings.settlementToken;
        FEE_RECIPIENT = settings.feeRecipient;
        MIN_MAINTENANCE_MARGIN = settings.minMaintenanceMargin;
        FUND_FEE_SHARE_BPS = settings.fundFeeShareBps;
        NEGATIVE_CASH_SHARE_BPS = settings.negativeCashShareBps;
        NEGATIVE_CASH_CAP_BPS = settings.negativeCashCapBps;
        if (settings.fundFeeShareBps >= 100_00) revert ClearingHouse_InvalidSettings();
        SETTLEMENT_DECIMALS = _readDecimals(settings.settlementToken, 0);
        _config.bandBps = settings.bandBps;
        _config.takerFeeBps = settings.takerFeeBps;
        // 1 until risk control writes it (MRG-01).
        _config.ratio = 1e9;
        _assets[0] = Asset({
            token: settings.settlementToken,
            decimals: SETTLEMENT_DECIMALS,
            feed: 0,
            haircut: 0,
            cap: type(uint64).max
        });
    }

    /* RIGHTS */

    function _requireAuthorized(AccountId account, uint8 scope) internal view {
        if (!_isAuthorized(account, msg.sender, scope)) {
            revert ClearingHouse_NotAuthorized(account, msg.sender, scope);
        }
    }

    function _isAuthorized(AccountId account, address caller, uint8 scopes) internal view returns (bool) {
        address owner = account.owner();
        if (caller == owner) return true;
        Delegate memory delegate = _delegates[owner][caller];
        return delegate.scopes & scopes == scopes && block.timestamp < delegate.expiry;
    }

    /* ACCOUNT HEADERS */

    /// @dev Writes a header back, keeps the sum of negative cash and the time since when cash is negative (CLR-10).
    function _saveHeader(AccountId account, Header memory header) internal {
        _saveHeader(account, _headers[account].load().cash(), header);
    }

    /// @dev As above, where it is known.
    /// @param before cash that is stored
    function _saveHeader(AccountId account, int256 before, Header memory header) internal {
        int256 current = header.word.cash();
        if (before < 0 || current < 0) {
            uint256 sum = _totals.negativeCash;
            if (before < 0) sum -= uint256(-before);
            if (current < 0) sum += uint256(-current);
            _totals.negativeCash = sum.toUint128();
            // Units of 256 seconds, rounded up, so that no right begins early; uint24 lasts until the year 2106.
            if (current >= 0) header.setNegativeSince(0);
            else if (before >= 0) header.setNegativeSince(((block.timestamp + 255) >> 8).toUint24());
        }
        _headers[account].store(header.word);
    }

    function _addCash(Header memory header, int256 amount) internal pure {
        // Where the sum wraps round, it comes out within 2^127 of the far end of int256, which no int128 is: the cast refuses it.
        unchecked {
            header.setCash((header.word.cash() + amount).toInt128());
        }
    }

    /// @dev Income of the fund repays an unallocated loss first (LIQ-05).
    function _creditFund(uint256 amount) internal {
        (int256 balance, uint96 missing) = (_fundAccount.balance, _fundAccount.unallocated);
        if (missing != 0) {
            uint256 repaid = amount < missing ? amount : missing;
            _fundAccount.unallocated = missing - uint96(repaid); // Not above `missing`.
            amount -= repaid;
        }
        // As in _addCash.
        unchecked {
            _fundAccount.balance = (balance + amount.toInt256()).toInt128();
        }
    }

    /// @dev Books what the fund has drawn and segregated: the house now has a claim on the fund (FND-11).
    function _debitFund(uint256 amount) internal {
        // As in _addCash.
        unchecked {
            _fundAccount.balance = (int256(_fundAccount.balance) - amount.toInt256()).toInt128();
        }
    }

    /* SMALL READERS */

    function _readDecimals(address token, uint16 haircut) internal view returns (uint8) {
        (bool ok, uint8 decimals) = TokenUnits.tryDecimals(token);
        if (!ok || decimals > 18) revert ClearingHouse_InvalidAsset(token, decimals, haircut);
        return decimals;
    }

    /// @param rate basis points, within its bounds and a multiple of PENALTY_STEP above the lowest
    function _setPenaltyRate(uint256 market, uint256 rate) internal {
        Market storage settings = _markets[market];
        settings.store(settings.load().withPenaltySteps((rate - MIN_PENALTY_RATE) / PENALTY_STEP));
    }

    function _clearingAccount() internal view returns (AccountId) {
        return toAccountId(address(this), 0);
    }

    function _requireMarket(MarketId market) internal view returns (uint256 index) {
        index = MarketId.unwrap(market);
        if (_listed & (1 << index) == 0) revert ClearingHouse_UnknownMarket(market);
    }

    function _requireAsset(AssetId asset) internal view returns (uint256 index) {
        index = AssetId.unwrap(asset);
        if (_assets[index].token == address(0)) revert ClearingHouse_UnknownAsset(asset);
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {IInsuranceFund} from "../interfaces/IInsuranceFund.sol";
import {IReserveInvestments} from "../interfaces/IReserveInvestments.sol";
import {IYieldDesk} from "../interfaces/IYieldDesk.sol";
import {GuardedCall} from "../libraries/GuardedCall.sol";
import {WadMath} from "../libraries/WadMath.sol";
import {BPS_ONE} from "../types/Constants.sol";
import {ANNOUNCEMENT} from "../types/CoverageTerms.sol";
import {SegmentId} from "../types/Identifiers.sol";

/// @title Yield desk (FND-06)
/// @notice See IYieldDesk.
contract YieldDesk is IYieldDesk, AccessManaged, ReentrancyGuardTransient {
    /// @param shares that deposits have brought and redemptions have not used: what is valued, whatever the vault says
    /// that the desk has
    /// @param price settlement tokens per share at the last checkpoint, PRICE_ONE; 0 before the first
    /// @param checkedAt its time
    /// @param activeFrom from when the vault may be used; 0 when it is not listed
    /// @param isKnown whether it was ever announced
    struct YieldVault {
        uint256 shares;
        uint256 price;
        uint64 checkedAt;
        uint64 activeFrom;
        bool isKnown;
    }

    /// @dev Room for vaults that pass a deposit on to several markets.
    uint256 private constant VAULT_GAS = 2_000_000;
    uint256 private constant VAULT_VIEW_GAS = 1_000_000;
    /// @dev Of a share price: 1e27 keeps 9 digits of the cheapest shares (18 decimals, a virtual offset of 6, a token
    /// of 6).
    uint256 private constant PRICE_ONE = 1e27;
    /// @dev More than any reserve: what a vault says is cut to it, so that no answer makes the desk fail.
    uint256 private constant MAX_ANSWER = type(uint128).max;
    uint256 private constant MAX_GROWTH_BPS = 20_00;
    uint256 private constant MIN_ENTRY_BPS = 99_90;

    IInsuranceFund private immutable FUND;
    address private immutable TOKEN;

    SegmentId public immutable segment;

    mapping(address vault => YieldVault) private _vaults;

    constructor(address accessManager, IInsuranceFund fund_, SegmentId segment_) AccessManaged(accessManager) {
        if (address(fund_).code.length == 0) revert YieldDesk_InvalidFund(address(fund_), segment_);
        FUND = fund_;
        segment = segment_;
        // Reverts when the segment does not exist.
        TOKEN = fund_.segmentOf(segment_).token;
    }

    /* LISTING */

    function announceVault(address vault) external restricted {
        // Check
        YieldVault storage entry = _vaults[vault];
        if (entry.activeFrom != 0) revert YieldDesk_AlreadyListed(vault, entry.activeFrom);
        (bool answers, uint256 asset) = GuardedCall.tryReadWord(
            vault,
            VAULT_VIEW_GAS,
            abi.encodeCall(IERC4626.asset, ())
        );
        if (!answers || asset != uint160(TOKEN) || vault == TOKEN) revert YieldDesk_InvalidVault(vault);

        // Effect
        uint256 activeFrom = block.timestamp + ANNOUNCEMENT;
        entry.activeFrom = uint64(activeFrom);
        entry.isKnown = true;
        emit VaultAnnounced(vault, activeFrom);
    }

    function removeVault(address vault) external restricted {
        YieldVault storage entry = _vaults[vault];
        if (entry.activeFrom == 0) revert YieldDesk_NotListed(vault, 0);
        entry.activeFrom = 0;
        emit VaultRemoved(vault);
    }

    /* MONEY */

    /// @dev Nothing is written before the vault is called but the fund's books, and everything is undone unless exactly
    /// `amount` went and shares came.
    function invest(address vault, uint256 amount) external restricted nonReentrant returns (uint256 shares) {
        // Check
        YieldVault storage entry = _vaults[vault];
        uint256 activeFrom = entry.activeFrom;
        if (activeFrom == 0 || block.timestamp < activeFrom) revert YieldDesk_NotListed(vault, activeFrom);
        uint256 tokens = _balance(TOKEN);
        shares = _balance(vault);

        // Interaction: our own fund, then the vault.
        IReserveInvestments(address(FUND)).invest(segment, amount);
        _approve(vault, amount);
        bool ok = GuardedCall.tryCall(vault, VAULT_GAS, abi.encodeCall(IERC4626.deposit, (amount, address(this))));
        uint256 held = _balance(vault);
        if (!ok || held <= shares || _balance(TOKEN) != tokens) revert YieldDesk_DepositFailed(vault, amount);
        shares = held - shares;
        uint256 least = WadMath.mulDivUp(amount, MIN_ENTRY_BPS, BPS_ONE);
        uint256 value = _worthOf(vault, shares);
        if (value < least) revert YieldDesk_SharesBelowValue(vault, value, least);

        // Effect: the first price is what was paid; nothing that the vault says can raise it.
        entry.shares += shares;
        if (entry.checkedAt == 0) {
            entry.price = WadMath.mulDivDown(amount, PRICE_ONE, shares);
            entry.checkedAt = uint64(block.timestamp);
        }
        emit Invested(vault, amount, shares);
        _checkpoint(vault, entry);
    }

    function divest(address vault, uint256 shares) external nonReentrant returns (uint256 amount) {
        // Check
        YieldVault storage entry = _vaults[vault];
        if (!entry.isKnown) revert YieldDesk_UnknownVault(vault);
        // Shares that were a gift may be used too.
        shares = WadMath.min(shares, _balance(vault));
        if (shares == 0) revert YieldDesk_NoShares(vault);
        uint256 before = _balance(TOKEN);

        // Effect
        entry.shares -= WadMath.min(shares, entry.shares);

        // Interaction: whether it succeeded is what the balance says.
        GuardedCall.tryCall(vault, VAULT_GAS, abi.encodeCall(IERC4626.redeem, (shares, address(this), address(this))));
        amount = _balance(TOKEN);
        if (amount <= before) revert YieldDesk_NothingReceived(vault, shares);
        emit Divested(vault, msg.sender, shares, amount);

        // Interaction: our own fund, which reverts unless exactly this arrives.
        _approve(address(FUND), amount);
        IReserveInvestments(address(FUND)).reinstate(segment, amount);
    }

    function checkpoint(address vault) external nonReentrant returns (uint256 price) {
        YieldVault storage entry = _vaults[vault];
        if (!entry.isKnown) revert YieldDesk_UnknownVault(vault);
        return _checkpoint(vault, entry);
    }

    /* READERS */

    function valueOf(address vault) external view returns (uint256) {
        YieldVault storage entry = _vaults[vault];
        uint256 shares = _sharesIn(vault, entry);
        if (shares == 0) return 0;
        uint256 counted = WadMath.mulDivDown(shares, _grown(entry), PRICE_ONE);
        return WadMath.min(counted, _worthOf(vault, shares));
    }

    function listedFrom(address vault) external view returns (uint256) {
        return _vaults[vault].activeFrom;
    }

    function checkpointOf(address vault) external view returns (uint256 price, uint256 time) {
        return (_vaults[vault].price, _vaults[vault].checkedAt);
    }

    function fund() external view returns (address) {
        return address(FUND);
    }

    /* STEPS */

    /// @dev A vault that does not answer is not written down to nothing: its next price could not rise from there.
    function _checkpoint(address vault, YieldVault storage entry) private returns (uint256 price) {
        uint256 shares = _sharesIn(vault, entry);
        uint256 worth = _worthOf(vault, shares);
        if (shares == 0 || worth == 0) revert YieldDesk_NoPrice(vault, shares);
        price = WadMath.min(_grown(entry), WadMath.mulDivDown(worth, PRICE_ONE, shares));
        emit Checkpointed(vault, entry.price, price);
        (entry.price, entry.checkedAt) = (price, uint64(block.timestamp));
    }

    function _sharesIn(address vault, YieldVault storage entry) private view returns (uint256) {
        return WadMath.min(entry.shares, _balance(vault));
    }

    /// @dev The last price, grown by the cap: linear between two checkpoints.
    function _grown(YieldVault storage entry) private view returns (uint256) {
        uint256 elapsed = block.timestamp - entry.checkedAt;
        return entry.price + WadMath.mulDivDown(entry.price, MAX_GROWTH_BPS * elapsed, BPS_ONE * 365 days);
    }

    /// @dev What the vault says that shares are worth; 0 when it does not say.
    function _worthOf(address vault, uint256 shares) private view returns (uint256 amount) {
        (, amount) = GuardedCall.tryReadWord(vault, VAULT_VIEW_GAS, abi.encodeCall(IERC4626.convertToAssets, (shares)));
        return WadMath.min(amount, MAX_ANSWER);
    }

    /// @dev Of a token or of a vault's shares, cut likewise. A balance that cannot be read is none: then nothing that
    /// is measured adds up.
    function _balance(address token) private view returns (uint256 amount) {
        (, amount) = GuardedCall.balanceOf(token, address(this));
        return WadMath.min(amount, MAX_ANSWER);
    }

    /// @dev Exact, and used up whenever the caller goes on. A token that refuses shows in what it does not move.
    function _approve(address spender, uint256 amount) private {
        GuardedCall.tryCall(TOKEN, GuardedCall.TOKEN_GAS, abi.encodeCall(IERC20.approve, (spender, amount)));
    }
}

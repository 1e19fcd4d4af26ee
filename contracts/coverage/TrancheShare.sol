// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {ICoverageVault} from "../interfaces/ICoverageVault.sol";
import {ITrancheShare} from "../interfaces/ITrancheShare.sol";
import {GuardedCall} from "../libraries/GuardedCall.sol";
import {TokenUnits} from "../libraries/TokenUnits.sol";
import {TrancheMath} from "../libraries/TrancheMath.sol";
import {WadMath} from "../libraries/WadMath.sol";
import {ExitRequest, SegmentLoss, Tranche} from "../types/Coverage.sol";
import {COOLDOWN, MAX_DELAY, WINDOW} from "../types/CoverageTerms.sol";
import {SegmentId} from "../types/Identifiers.sol";
import {ShareRegister} from "./ShareRegister.sol";

/// @title Share of one tranche of a vault
/// @notice See ITrancheShare. When losses take the whole tranche its epoch ends, and with it all shares: balances and supply start at zero,
/// without a Transfer event for each holder.
/// @dev Queued shares count as this contract's own balance, which the vault keeps: nobody can send it any. The book-keeping of OpenZeppelin's
/// ERC20 is replaced by one per epoch; its functions, allowances and errors stay.
contract TrancheShare is ITrancheShare, ERC20, ReentrancyGuardTransient {
    using ShareRegister for ShareRegister.Holding;

    ICoverageVault public immutable vault;
    Tranche public immutable tranche;
    /// @notice Token of the vault's books (ERC-4626).
    address public immutable asset;

    uint8 private immutable _assetDecimals;

    mapping(uint256 epoch => ShareRegister.Register) private _registers;

    constructor(
        Tranche tranche_,
        address asset_,
        uint8 assetDecimals
    )
        ERC20(
            tranche_ == Tranche.Junior ? "Bulwark Junior Tranche" : "Bulwark Senior Tranche",
            tranche_ == Tranche.Junior ? "bwJUNIOR" : "bwSENIOR"
        )
    {
        vault = ICoverageVault(msg.sender);
        tranche = tranche_;
        asset = asset_;
        _assetDecimals = assetDecimals;
    }

    /* DEPOSIT */

    function deposit(uint256 assets, address receiver) external nonReentrant returns (uint256) {
        return _deposit(assets, receiver, 0);
    }

    function deposit(uint256 assets, address receiver, uint256 minShares) external nonReentrant returns (uint256) {
        return _deposit(assets, receiver, minShares);
    }

    /* EXIT */

    function requestRedeem(
        uint256 shares,
        address controller,
        address owner
    ) external nonReentrant returns (uint256 requestId) {
        if (owner != msg.sender) revert TrancheShare_NotOwner(msg.sender, owner);
        if (controller != owner) revert TrancheShare_NotOwner(controller, owner);
        _toQueue(owner, shares);
        emit RedeemRequest(controller, owner, 0, msg.sender, shares);
        vault.onExitRequest(tranche, owner, shares);
        return 0;
    }

    function cancelRedeemRequest() external nonReentrant returns (uint256 shares) {
        shares = vault.onExitCancel(tranche, msg.sender);
        _return(msg.sender, shares);
    }

    function claimExit(address receiver) external nonReentrant returns (uint256) {
        return _claim(receiver, 0);
    }

    function claimExit(address receiver, uint256 minAssets) external nonReentrant returns (uint256) {
        return _claim(receiver, minAssets);
    }

    function expireRedeemRequest(address owner) external nonReentrant returns (uint256 shares) {
        shares = vault.onExitExpired(tranche, owner, totalSupply());
        _return(owner, shares);
    }

    /* THE VAULT: no guard, it calls in the middle of the exits above. */

    function burnQueued(uint256 shares) external {
        _requireVault();
        _registers[vault.epochOf(tranche)].supply.subtract(shares);
        emit Transfer(address(this), address(0), shares);
    }

    function keepHolding(address owner, uint32 epoch, uint32 interval) external {
        _requireVault();
        _keepHolding(_registers[epoch], owner, epoch, interval);
        _keepSupply(_registers[epoch], interval);
    }

    function returnDead(address owner, uint32 epoch, uint256 shares) external {
        _requireVault();
        _registers[epoch].holdings[owner].add(shares);
    }

    /* READERS */

    /// @dev One share is a WAD, whatever the decimals of the token.
    function totalSupply() public view override returns (uint256) {
        return _registers[vault.epochOf(tranche)].supply.shares;
    }

    function balanceOf(address account) public view override returns (uint256) {
        if (account == address(this)) return vault.queuedOf(tranche);
        return _registers[vault.epochOf(tranche)].holdings[account].shares;
    }

    function borneBy(SegmentId segment, uint32 interval, address owner) external view returns (uint256) {
        SegmentLoss memory loss = vault.lossOf(segment, interval);
        bool isJunior = tranche == Tranche.Junior;
        (uint96 lost, uint32 epoch) = isJunior ? (loss.junior, loss.juniorEpoch) : (loss.senior, loss.seniorEpoch);
        ShareRegister.Register storage register = _registers[epoch];
        uint256 supply = register.supply.heldIn(register.past[address(0)], interval, 0);
        if (lost == 0 || supply == 0) return 0;
        uint256 queued = _queuedIn(epoch, owner);
        uint256 held = register.holdings[owner].heldIn(register.past[owner], interval, queued);
        return WadMath.mulDivDown(lost, held, supply);
    }

    function pendingRedeemRequest(uint256, address controller) external view returns (uint256 shares) {
        ExitRequest memory request = _requestOf(controller);
        return block.timestamp < request.requestedAt + COOLDOWN ? request.shares : 0;
    }

    function claimableRedeemRequest(uint256, address controller) external view returns (uint256 shares) {
        ExitRequest memory request = _requestOf(controller);
        uint256 opensAt = request.requestedAt + COOLDOWN;
        uint256 closesAt = opensAt + WINDOW + (request.isWithheld ? MAX_DELAY : 0);
        return block.timestamp >= opensAt && block.timestamp <= closesAt ? request.shares : 0;
    }

    /* ERC-4626: readers, and what exits by request leave of it */

    function totalAssets() external view returns (uint256) {
        return TokenUnits.toNativeDown(_value(), _assetDecimals);
    }

    function convertToShares(uint256 assets) public view returns (uint256) {
        return TrancheMath.toSharesDown(TokenUnits.toWad(assets, _assetDecimals), _value(), totalSupply());
    }

    function convertToAssets(uint256 shares) external view returns (uint256) {
        return TokenUnits.toNativeDown(TrancheMath.toAssetsDown(shares, _value(), totalSupply()), _assetDecimals);
    }

    function previewDeposit(uint256 assets) external view returns (uint256) {
        return convertToShares(assets);
    }

    function maxDeposit(address) external view returns (uint256) {
        return TokenUnits.toNativeDown(type(uint96).max - _value(), _assetDecimals);
    }

    function maxMint(address) external pure returns (uint256) {
        return 0;
    }

    function maxWithdraw(address) external pure returns (uint256) {
        return 0;
    }

    function maxRedeem(address) external pure returns (uint256) {
        return 0;
    }

    function previewMint(uint256) external pure returns (uint256) {
        revert TrancheShare_NotSupported();
    }

    function previewWithdraw(uint256) external pure returns (uint256) {
        revert TrancheShare_NotSupported();
    }

    function previewRedeem(uint256) external pure returns (uint256) {
        revert TrancheShare_NotSupported();
    }

    function mint(uint256, address) external pure returns (uint256) {
        revert TrancheShare_NotSupported();
    }

    function withdraw(uint256, address, address) external pure returns (uint256) {
        revert TrancheShare_NotSupported();
    }

    function redeem(uint256, address, address) external pure returns (uint256) {
        revert TrancheShare_NotSupported();
    }

    /* INTERNAL */

    function _deposit(uint256 assets, address receiver, uint256 minShares) private returns (uint256 shares) {
        // Check
        if (receiver == address(0) || receiver == address(this)) revert ERC20InvalidReceiver(receiver);

        // Interaction: first, because only what arrived at the vault may be credited.
        (bool readable, uint256 before) = GuardedCall.balanceOf(asset, address(vault));
        bool delivered = readable && GuardedCall.trySafeTransferFrom(asset, msg.sender, address(vault), assets);
        (, uint256 current) = GuardedCall.balanceOf(asset, address(vault));
        uint256 received = delivered && current > before ? current - before : 0;
        if (received != assets) revert TrancheShare_UnexpectedTransfer(assets, received);

        // Effect
        uint32 epoch;
        uint32 interval;
        (shares, epoch, interval) = vault.onDeposit(tranche, assets, totalSupply());
        if (shares == 0) revert TrancheShare_ZeroShares(assets);
        if (shares < minShares) revert TrancheShare_SharesBelowMinimum(shares, minShares);
        ShareRegister.Register storage register = _registers[epoch];
        if (epoch != 0 && register.supply.shares == 0) emit EpochStarted(epoch);
        if (interval != 0) {
            _keepSupply(register, interval);
            _keepHolding(register, receiver, epoch, interval);
        }
        register.supply.add(shares);
        register.holdings[receiver].add(shares);
        emit Transfer(address(0), receiver, shares);
        emit Deposit(msg.sender, receiver, assets, shares);
    }

    function _claim(address receiver, uint256 minAssets) private returns (uint256 assets) {
        uint256 burnt;
        (assets, burnt) = vault.onExit(tranche, msg.sender, receiver, totalSupply());
        if (assets < minAssets) revert TrancheShare_AssetsBelowMinimum(assets, minAssets);
        emit Withdraw(msg.sender, receiver, msg.sender, assets, burnt);
    }

    /// @dev What the owner holds does not change, nor does it by `_return`.
    function _toQueue(address owner, uint256 shares) private {
        ShareRegister.Holding storage holding = _registers[vault.epochOf(tranche)].holdings[owner];
        uint256 balance = _requireBalance(holding, owner, shares);
        holding.shares = uint128(balance - shares); // Fits: not above what it was.
        emit Transfer(owner, address(this), shares);
    }

    function _return(address owner, uint256 shares) private {
        if (shares > 0) {
            _registers[vault.epochOf(tranche)].holdings[owner].add(shares);
            emit Transfer(address(this), owner, shares);
        }
        emit RedeemRequestEnded(owner, shares);
    }

    /// @dev What OpenZeppelin's functions come to: transfers. Mint, burn and the queue have functions of their own.
    function _update(address from, address to, uint256 value) internal override {
        if (to == address(this)) revert ERC20InvalidReceiver(to);
        (uint32 epoch, uint32 interval) = vault.openInterval(tranche);
        ShareRegister.Register storage register = _registers[epoch];
        _requireBalance(register.holdings[from], from, value);
        if (interval != 0) {
            _keepHolding(register, from, epoch, interval);
            _keepHolding(register, to, epoch, interval);
        }
        register.holdings[from].subtract(value);
        register.holdings[to].add(value);
        emit Transfer(from, to, value);
    }

    function _requireBalance(
        ShareRegister.Holding storage holding,
        address owner,
        uint256 value
    ) private view returns (uint256 balance) {
        balance = holding.shares;
        if (balance < value) revert ERC20InsufficientBalance(owner, balance, value);
    }

    function _requireVault() private view {
        if (msg.sender != address(vault)) revert TrancheShare_NotVault(msg.sender);
    }

    function _keepHolding(
        ShareRegister.Register storage register,
        address owner,
        uint32 epoch,
        uint32 interval
    ) private {
        ShareRegister.Holding storage holding = register.holdings[owner];
        if (holding.since != interval) holding.keep(register.past[owner], interval, _queuedIn(epoch, owner));
    }

    function _keepSupply(ShareRegister.Register storage register, uint32 interval) private {
        register.supply.keep(register.past[address(0)], interval, 0);
    }

    function _queuedIn(uint32 epoch, address owner) private view returns (uint256) {
        ExitRequest memory request = vault.exitRequestOf(tranche, owner);
        return request.epoch == epoch ? request.shares : 0;
    }

    /// @dev None when its shares died with their epoch.
    function _requestOf(address owner) private view returns (ExitRequest memory request) {
        request = vault.exitRequestOf(tranche, owner);
        if (request.epoch != vault.epochOf(tranche)) delete request;
    }

    function _value() private view returns (uint256 value) {
        (value, ) = vault.trancheState(tranche);
    }
}

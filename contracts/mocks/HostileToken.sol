// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {WAD} from "../types/Constants.sol";

/// @title An ERC-20 that misbehaves on command
/// @notice Tests only. One mode at a time; balances may be rebased and addresses blocked in any mode.
contract HostileToken {
    /// @custom:value Honest behaves as ERC-20 says.
    /// @custom:value Fee takes `feeBps` of what is moved from the receiver.
    /// @custom:value FeeOnTop moves the amount and burns `feeBps` more from the sender.
    /// @custom:value ReturnsFalse moves nothing and returns false.
    /// @custom:value Lies moves nothing and returns true.
    /// @custom:value Reverts reverts every transfer.
    /// @custom:value Paused reverts every transfer with an error of its own, as a paused USDC would.
    /// @custom:value ReturnsNothing moves the amount and returns no data, as USDT does.
    /// @custom:value ReturnsGarbage moves the amount and returns a word that is neither 0 nor 1.
    /// @custom:value BurnsGas moves nothing and spends all gas it gets.
    /// @custom:value ReturnBomb moves the amount and returns a megabyte.
    /// @custom:value Reenters calls `target` with `payload`, once per transfer, then moves the amount.
    /// @custom:value BlindBalance behaves, but `balanceOf` reverts.
    enum Mode {
        Honest,
        Fee,
        FeeOnTop,
        ReturnsFalse,
        Lies,
        Reverts,
        Paused,
        ReturnsNothing,
        ReturnsGarbage,
        BurnsGas,
        ReturnBomb,
        Reenters,
        BlindBalance
    }

    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed owner, address indexed spender, uint256 value);

    error HostileToken_Reverted();
    error HostileToken_Paused();
    error HostileToken_Blocked(address account);
    error HostileToken_Blind();
    error HostileToken_Insufficient(uint256 asked, uint256 held);

    uint256 private constant BOMB_BYTES = 1 << 20;
    uint256 private constant BPS_ONE = 100_00;

    uint8 public decimals;
    Mode public mode;
    uint16 public feeBps = 1_00;
    /// @notice Every balance is its share times this, WAD.
    uint256 public rebaseFactor = WAD;
    uint256 public totalSupply;
    mapping(address account => bool) public isBlocked;
    mapping(address owner => mapping(address spender => uint256)) public allowance;

    address public target;
    bytes public payload;
    /// @notice How often the token has called `target`, and what the last call gave.
    uint256 public reentries;
    bool public reentrySucceeded;
    bytes public reentryResult;

    bool private _entered;
    mapping(address account => uint256) private _shares;

    constructor(uint8 decimals_) {
        decimals = decimals_;
    }

    function setMode(Mode mode_) external {
        mode = mode_;
    }

    function setFee(uint16 feeBps_) external {
        feeBps = feeBps_;
    }

    function setDecimals(uint8 decimals_) external {
        decimals = decimals_;
    }

    function setBlocked(address account, bool blocked) external {
        isBlocked[account] = blocked;
    }

    function setReentry(address target_, bytes calldata payload_) external {
        target = target_;
        payload = payload_;
        mode = Mode.Reenters;
    }

    /// @notice Multiplies every balance: 1.1e18 adds a tenth, 0.9e18 takes one.
    function rebase(uint256 factor) external {
        rebaseFactor = (rebaseFactor * factor) / WAD;
    }

    function mint(address to, uint256 amount) external {
        _shares[to] += _toShares(amount);
        totalSupply += amount;
        emit Transfer(address(0), to, amount);
    }

    function approve(address spender, uint256 amount) external returns (bool) {
        allowance[msg.sender][spender] = amount;
        emit Approval(msg.sender, spender, amount);
        return true;
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        return _misbehave(msg.sender, to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        uint256 allowed = allowance[from][msg.sender];
        if (allowed < amount) revert HostileToken_Insufficient(amount, allowed);
        if (allowed != type(uint256).max) allowance[from][msg.sender] = allowed - amount;
        return _misbehave(from, to, amount);
    }

    function balanceOf(address account) external view returns (uint256) {
        if (mode == Mode.BlindBalance) revert HostileToken_Blind();
        return _toAmount(_shares[account]);
    }

    function _misbehave(address from, address to, uint256 amount) private returns (bool) {
        if (isBlocked[from]) revert HostileToken_Blocked(from);
        if (isBlocked[to]) revert HostileToken_Blocked(to);
        Mode now_ = mode;
        if (now_ == Mode.Paused) revert HostileToken_Paused();
        if (now_ == Mode.Reverts) revert HostileToken_Reverted();
        if (now_ == Mode.ReturnsFalse) return false;
        if (now_ == Mode.Lies) return true;
        if (now_ == Mode.BurnsGas) {
            while (true) totalSupply = totalSupply;
        }
        if (now_ == Mode.Reenters) _reenter();

        uint256 fee = now_ == Mode.Fee || now_ == Mode.FeeOnTop ? (amount * feeBps) / BPS_ONE : 0;
        if (now_ == Mode.FeeOnTop) _take(from, fee);
        _take(from, amount);
        _shares[to] += _toShares(now_ == Mode.Fee ? amount - fee : amount);
        emit Transfer(from, to, amount);

        if (now_ == Mode.ReturnsNothing) {
            assembly ("memory-safe") {
                return(0, 0)
            }
        }
        if (now_ == Mode.ReturnsGarbage) {
            assembly ("memory-safe") {
                mstore(0, 2)
                return(0, 32)
            }
        }
        if (now_ == Mode.ReturnBomb) {
            assembly ("memory-safe") {
                return(mload(0x40), BOMB_BYTES)
            }
        }
        return true;
    }

    function _take(address from, uint256 amount) private {
        uint256 shares = _toShares(amount);
        uint256 held = _shares[from];
        if (shares > held) revert HostileToken_Insufficient(amount, _toAmount(held));
        _shares[from] = held - shares;
    }

    function _reenter() private {
        if (_entered) return;
        _entered = true;
        reentries += 1;
        // A mock that plays an attacker has to make a free call, and to survive its failure.
        (reentrySucceeded, reentryResult) = target.call(payload);
        _entered = false;
    }

    function _toShares(uint256 amount) private view returns (uint256) {
        return (amount * WAD) / rebaseFactor;
    }

    function _toAmount(uint256 shares) private view returns (uint256) {
        return (shares * rebaseFactor) / WAD;
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC20Votes} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Votes.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {Time} from "@openzeppelin/contracts/utils/types/Time.sol";

import {IBulwarkToken} from "../interfaces/IBulwarkToken.sol";
import {BPS_ONE} from "../types/Constants.sol";

/// @title The token that votes (GOV-01, FND-07)
contract BulwarkToken is IBulwarkToken, ERC20, ERC20Permit, ERC20Votes, AccessManaged {
    uint256 private constant INITIAL_SUPPLY = 100_000_000e18;
    /// @dev Growth of supply in any 7 days, and in any 365, at most.
    uint256 private constant WEEK_BPS = 2_00;
    uint256 private constant YEAR_BPS = 10_00;

    /// @inheritdoc IBulwarkToken
    address public override minter;

    constructor(
        address accessManager,
        address holder
    ) ERC20("Bulwark", "BLWK") ERC20Permit("Bulwark") AccessManaged(accessManager) {
        _mint(holder, INITIAL_SUPPLY);
    }

    /// @inheritdoc IBulwarkToken
    function linkMinter(address minter_) external override restricted {
        if (minter != address(0)) revert BulwarkToken_AlreadyLinked(minter);
        if (minter_.code.length == 0) revert BulwarkToken_InvalidMinter(minter_);
        minter = minter_;
        emit MinterLinked(minter_);
    }

    /// @inheritdoc IBulwarkToken
    function mint(address to, uint256 amount) external override {
        if (msg.sender != minter) revert BulwarkToken_NotMinter(msg.sender, minter);
        uint256 allowed = mintable();
        if (amount > allowed) revert BulwarkToken_AboveCap(amount, allowed);
        _mint(to, amount);
    }

    /// @inheritdoc IBulwarkToken
    function mintable() public view override returns (uint256 amount) {
        uint256 byWeek = _grown(7 days, WEEK_BPS);
        uint256 byYear = _grown(365 days, YEAR_BPS);
        uint256 most = byWeek < byYear ? byWeek : byYear;
        uint256 supply = totalSupply();
        return most > supply ? most - supply : 0;
    }

    /// @notice Votes are counted by time, as delays are.
    function clock() public view override returns (uint48) {
        return Time.timestamp();
    }

    /// @notice ERC-6372.
    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() public pure override returns (string memory) {
        return "mode=timestamp";
    }

    /// @inheritdoc ERC20Permit
    function nonces(address owner) public view override(ERC20Permit, Nonces) returns (uint256) {
        return super.nonces(owner);
    }

    function _update(address from, address to, uint256 value) internal override(ERC20, ERC20Votes) {
        super._update(from, to, value);
    }

    /// @dev Supply of `period` ago, which has been kept since the first mint, and the part by which it may have grown since. Nobody can burn.
    function _grown(uint256 period, uint256 bps) private view returns (uint256) {
        uint256 then = block.timestamp > period ? getPastTotalSupply(block.timestamp - period) : 0;
        if (then < INITIAL_SUPPLY) then = INITIAL_SUPPLY;
        return (then * (BPS_ONE + bps)) / BPS_ONE;
    }
}

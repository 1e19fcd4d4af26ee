// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @dev A token whose balances can be read until it is asked to move something; then it says yes or no, and a yes is true.
contract SilencedToken is ERC20 {
    error SilencedToken_Silent();

    bool private _isArmed;
    bool private _saysYes;
    bool private _isSilent;

    constructor() ERC20("Silenced", "HUSH") {}

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    /// @dev From its next transfer on.
    function fallSilent(bool saysYes) external {
        (_isArmed, _saysYes) = (true, saysYes);
    }

    function speak() external {
        (_isArmed, _isSilent) = (false, false);
    }

    function transfer(address to, uint256 amount) public override returns (bool) {
        if (!_isArmed) return super.transfer(to, amount);
        _isSilent = true;
        return _saysYes && super.transfer(to, amount);
    }

    function balanceOf(address account) public view override returns (uint256) {
        if (_isSilent) revert SilencedToken_Silent();
        return super.balanceOf(account);
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FeedId} from "../../../contracts/types/Identifiers.sol";

/// @dev An oracle whose consensus a test sets, second by second: the real one reads a feed once in a transaction, and one test function is
/// one transaction. The triggers run on the real one in test/typescript/claims.
contract SetOracle {
    uint256 private _price = 1e18;
    bool private _hasConsensus = true;

    mapping(FeedId feed => address token) public tokenOf;

    function setToken(FeedId feed, address token) external {
        tokenOf[feed] = token;
    }

    function set(uint256 price) external {
        (_price, _hasConsensus) = (price, true);
    }

    function lose() external {
        _hasConsensus = false;
    }

    function refresh(FeedId) external view returns (uint256, bool) {
        return (_price, _hasConsensus);
    }

    function quote(FeedId) external view returns (uint256, bool) {
        return (_price, _hasConsensus);
    }
}

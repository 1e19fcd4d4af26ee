// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrigger} from "../../interfaces/ITrigger.sol";
import {MAX_MARKETS} from "../../types/Constants.sol";
import {MarketId} from "../../types/Identifiers.sol";

/// @title Terms of triggers that look at one side of a market
/// @notice One word: the market in bits 0 to 7, bit 8 set for longs, nothing above. One meaning has one encoding.
library SideTerms {
    uint256 private constant LONG = 1 << 8;

    /// @notice Terms for one side of a market.
    function encode(MarketId market, bool long) internal pure returns (bytes32 terms) {
        terms = bytes32(uint256(MarketId.unwrap(market)) | (long ? LONG : 0));
        decode(terms);
    }

    /// @notice The side that terms speak of. Reverts when they are not the encoding of any.
    function decode(bytes32 terms) internal pure returns (MarketId market, bool long) {
        uint256 word = uint256(terms);
        long = word & LONG != 0;
        uint256 index = long ? word - LONG : word;
        if (index >= MAX_MARKETS) revert ITrigger.Trigger_InvalidTerms(terms);
        market = MarketId.wrap(uint8(index));
    }
}

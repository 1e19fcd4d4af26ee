// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountHeader} from "../../../contracts/types/Clearing.sol";
import {Header} from "../../../contracts/types/Headers.sol";
import {Words} from "../../../contracts/types/Words.sol";
import {Fuzz} from "../support/Fuzz.sol";

/// @notice A header that is one word says what the compiler's struct says, and each change of it changes one field.
contract HeadersTest {
    using Words for AccountHeader;

    AccountHeader private _header;

    function testFuzz_CLR01_aHeaderIsReadAsItWasStored(AccountHeader memory expected) external {
        Header memory header = _stored(expected);
        Fuzz.assertEqual(header.word.cash(), expected.cash, "cash");
        Fuzz.assertEqual(header.word.markets(), uint256(expected.markets), "markets");
        Fuzz.assertEqual(header.word.assets(), uint256(expected.assets), "assets");
        Fuzz.assertEqual(uint256(header.word.flags()), expected.flags, "flags");
        Fuzz.assertEqual(uint256(header.word.negativeSince()), expected.negativeSince, "negativeSince");
        for (uint256 bit = 0; bit < 48; ++bit) {
            Fuzz.assertTrue(header.word.hasMarket(bit) == (expected.markets & (1 << bit) != 0), "hasMarket");
        }
        for (uint256 bit = 0; bit < 8; ++bit) {
            Fuzz.assertTrue(header.word.hasAsset(bit) == (expected.assets & (1 << bit) != 0), "hasAsset");
        }
    }

    function testFuzz_CLR01_newCashLeavesTheRestOfAHeader(AccountHeader memory expected, int128 cash) external {
        Header memory header = _stored(expected);
        header.setCash(cash);
        expected.cash = cash;
        _requireStored(header, expected);
    }

    function testFuzz_CLR01_aMarketComesAndGoes(AccountHeader memory expected, uint8 draw) external {
        uint256 market = draw % 48;
        Header memory header = _stored(expected);
        header.addMarket(market);
        expected.markets |= uint48(1 << market);
        _requireStored(header, expected);
        header.removeMarket(market);
        expected.markets &= ~uint48(1 << market);
        _requireStored(header, expected);
    }

    function testFuzz_CLR01_aSetOfMarketsIsLeftOut(AccountHeader memory expected, uint48 bits) external {
        Header memory header = _stored(expected);
        header.word = header.word.withoutMarkets(bits);
        expected.markets &= ~bits;
        _requireStored(header, expected);
    }

    function testFuzz_CLR01_anAssetComesAndGoes(AccountHeader memory expected, uint8 draw) external {
        uint256 asset = draw % 8;
        Header memory header = _stored(expected);
        header.addAsset(asset);
        expected.assets |= uint8(1 << asset);
        _requireStored(header, expected);
        header.removeAsset(asset);
        expected.assets &= ~uint8(1 << asset);
        _requireStored(header, expected);
    }

    function testFuzz_CLM03_theTimeOfALiquidationLeavesTheRestOfAHeader(
        AccountHeader memory expected,
        uint40 timestamp
    ) external {
        Header memory header = _stored(expected);
        header.setLastLiquidatedAt(timestamp);
        expected.lastLiquidatedAt = timestamp;
        _requireStored(header, expected);
    }

    function testFuzz_CLR10_theTimeOfNegativeCashLeavesTheRestOfAHeader(
        AccountHeader memory expected,
        uint24 since
    ) external {
        Header memory header = _stored(expected);
        header.setNegativeSince(since);
        expected.negativeSince = since;
        _requireStored(header, expected);
    }

    function testFuzz_CLR01_flagsThatAreLoweredLeaveTheRestOfAHeader(
        AccountHeader memory expected,
        uint8 flag
    ) external {
        Header memory header = _stored(expected);
        header.lower(flag);
        expected.flags &= ~flag;
        _requireStored(header, expected);
    }

    function _stored(AccountHeader memory expected) private returns (Header memory) {
        _header = expected;
        return Header({word: _header.load()});
    }

    function _requireStored(Header memory header, AccountHeader memory expected) private {
        _header.store(header.word);
        AccountHeader memory stored = _header;
        Fuzz.assertTrue(keccak256(abi.encode(stored)) == keccak256(abi.encode(expected)), "header");
    }
}

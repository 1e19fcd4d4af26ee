// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountId, FeedId, MarketId, feedOfMarket, toAccountId} from "../../../contracts/types/Identifiers.sol";
import {Fuzz} from "../support/Fuzz.sol";

/// @dev CLR-01: an account is its holder's address and a number.
contract IdentifiersTest {
    function testFuzz_CLR01_AnAccountIsItsOwnerAndANumber(address holder, uint96 number) external pure {
        AccountId account = toAccountId(holder, number);
        Fuzz.assertTrue(account.owner() == holder, "owner");
        Fuzz.assertEqual(uint96(uint256(AccountId.unwrap(account))), number, "number");
        Fuzz.assertTrue(account == toAccountId(holder, number), "the same");
        unchecked {
            Fuzz.assertTrue(account != toAccountId(holder, number + 1), "another number");
        }
    }

    function testFuzz_ORC02_AMarketsFeedBearsItsNumber(uint8 number) external pure {
        Fuzz.assertEqual(FeedId.unwrap(feedOfMarket(MarketId.wrap(number))), number, "feed");
    }
}

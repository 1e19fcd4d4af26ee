// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

import {FeedRules, SourceListing} from "../../../contracts/interfaces/IPriceOracle.sol";
import {ITrigger} from "../../../contracts/interfaces/ITrigger.sol";
import {MockAggregator} from "../../../contracts/mocks/MockAggregator.sol";
import {MockPullReader, MockTimeWeightedReader} from "../../../contracts/mocks/MockKinds.sol";
import {PriceOracle} from "../../../contracts/oracle/PriceOracle.sol";
import {ChainlinkSource} from "../../../contracts/oracle/sources/ChainlinkSource.sol";
import {FeedId, SeriesId} from "../../../contracts/types/Identifiers.sol";
import {vm} from "../support/Vm.sol";

/// @dev A real oracle over three sources with a band, for a price of 1.00 at START, 8 decimals.
abstract contract PriceTest {
    uint256 internal constant START = 1_800_000_000;
    uint256 internal constant SOURCES = 3;
    int256 internal constant PAR = 1e8;
    FeedId internal constant FEED = FeedId.wrap(9);
    FeedId internal constant FEED_WITHOUT_SOURCES = FeedId.wrap(8);
    address internal constant VAULT = address(0xBA017);
    SeriesId internal constant SERIES = SeriesId.wrap(1);

    PriceOracle internal oracle;
    MockAggregator[SOURCES] internal sources;

    function setUp() public virtual {
        vm.warp(START);
        oracle = new PriceOracle(address(new AccessManager(address(this))), address(0), 0);
        ChainlinkSource[SOURCES] memory readers = [
            new ChainlinkSource(),
            new MockPullReader(),
            new MockTimeWeightedReader()
        ];
        SourceListing[] memory listing = new SourceListing[](SOURCES);
        for (uint256 i = 0; i < SOURCES; ++i) {
            sources[i] = new MockAggregator(8, PAR);
            sources[i].setBand(0.1e8, 1_000_000e8);
            listing[i] = SourceListing({
                reader: address(readers[i]),
                target: address(sources[i]),
                settings: abi.encode(uint32(1 days))
            });
        }
        FeedRules memory rules = FeedRules({
            quorum: 2,
            kinds: 2,
            maxDeviation: 0.01e18,
            maxGap: 5 minutes,
            volatilityFloor: 0.4e18
        });
        oracle.listFeed(FEED, rules, listing);
    }

    /// @dev All sources say so, now.
    function setPrice(int256 price) internal {
        for (uint256 i = 0; i < SOURCES; ++i) sources[i].setAnswer(price);
    }

    /// @dev Two sources of three are gone: no consensus.
    function breakSources() internal {
        sources[0].setMode(MockAggregator.Mode.Reverts);
        sources[1].setMode(MockAggregator.Mode.BurnsGas);
    }

    function mendSources() internal {
        sources[0].setMode(MockAggregator.Mode.Honest);
        sources[1].setMode(MockAggregator.Mode.Honest);
    }

    function unreadable(bytes32 terms) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(ITrigger.Trigger_Unreadable.selector, terms);
    }

    function undecided(bytes32 terms) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(ITrigger.Trigger_Undecided.selector, terms);
    }

    function invalidTerms(bytes32 terms) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(ITrigger.Trigger_InvalidTerms.selector, terms);
    }
}

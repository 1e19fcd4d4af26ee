// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearingHouse} from "../../interfaces/IClearingHouse.sol";
import {ITrigger} from "../../interfaces/ITrigger.sol";
import {SideFacts} from "../../types/Clearing.sol";
import {MarketId} from "../../types/Identifiers.sol";
import {SideTerms} from "./SideTerms.sol";

/// @title A trigger on the facts of one side of a market (CLM-03)
/// @notice Terms: see SideTerms; `termsOf` makes them. Facts are final when they are written, so a claim can be decided at once.
/// @dev Warning: the house keeps one time for a side, that of the last charge or deleveraging. When another one follows after the end
/// of a cover, before anyone has opened an incident, then nothing shows any longer that the first came in time. Report at once.
abstract contract SideTrigger is ITrigger {
    /// @notice Thrown when the house has no code.
    error SideTrigger_InvalidHouse(address house);

    IClearingHouse private immutable HOUSE;

    constructor(IClearingHouse house_) {
        if (address(house_).code.length == 0) revert SideTrigger_InvalidHouse(address(house_));
        HOUSE = house_;
    }

    /// @notice Terms for one side of a market of this house, listed or not.
    function termsOf(MarketId market, bool long) external pure returns (bytes32 terms) {
        return SideTerms.encode(market, long);
    }

    /// @notice House whose facts decide; immutable.
    function house() external view returns (address) {
        return address(HOUSE);
    }

    /// @inheritdoc ITrigger
    /// @dev None: a fact of the house.
    function tokenOf(bytes32) external pure returns (address) {
        return address(0);
    }

    function _factsOf(bytes32 terms) internal view returns (SideFacts memory facts) {
        (MarketId market, bool long) = SideTerms.decode(terms);
        // A market that is not listed has facts too, all 0: it would be sold cover that nothing can ever trigger.
        if (HOUSE.listedMarkets() & (1 << MarketId.unwrap(market)) == 0) revert Trigger_InvalidTerms(terms);
        (, facts) = HOUSE.sideOf(market, long);
    }
}

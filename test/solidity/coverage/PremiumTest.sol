// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PremiumModel} from "../../../contracts/coverage/PremiumModel.sol";
import {IPremiumModel} from "../../../contracts/interfaces/IPremiumModel.sol";
import {IPriceOracle} from "../../../contracts/interfaces/IPriceOracle.sol";
import {FeedId} from "../../../contracts/types/Identifiers.sol";
import {CurveState, ModelKind, ModelTerms, PremiumRequest} from "../../../contracts/types/Premium.sol";
import {vm} from "../support/Vm.sol";
import {SetPriceOracle} from "./SetPriceOracle.sol";

/// @dev One premium model on an oracle that the test sets; ETH at 2,000.
abstract contract PremiumTest {
    uint256 internal constant START = 3_000 * 7 days;
    uint256 internal constant SPOT = 2_000e18;
    /// @dev 80% a year, WAD per second.
    uint256 internal constant EIGHTY = 20_294_266_870;

    SetPriceOracle internal oracle;
    IPremiumModel internal model;

    function setUp() public virtual {
        vm.warp(START);
        oracle = new SetPriceOracle();
        model = new PremiumModel(IPriceOracle(address(oracle)));
    }

    function _hazard(uint64 rate) internal pure returns (ModelTerms memory terms) {
        terms.kind = ModelKind.HazardRate;
        terms.hazardRate = rate;
    }

    /// @dev Feed 1, one sudden move a year, 60% over a cycle.
    function _priced(ModelKind kind, uint256 level, uint256 lower) internal pure returns (ModelTerms memory) {
        return
            ModelTerms({
                kind: kind,
                feed: FeedId.wrap(1),
                isBelow: true,
                hazardRate: 1e18,
                volatilityFloor: 0.6e18,
                level: uint112(level),
                lowerLevel: uint112(lower)
            });
    }

    /// @dev Cover of `cost` for 10 weeks from a day from now, for a vault of 1,000 of which `bound` is bound.
    function _request(uint256 cost, uint256 bound) internal view returns (PremiumRequest memory) {
        return
            PremiumRequest({
                cost: cost,
                bound: bound,
                capital: 1_000e18,
                startsAt: block.timestamp + 1 days,
                endsAt: block.timestamp + 71 days
            });
    }

    function _fresh() internal pure returns (CurveState memory curve) {}
}

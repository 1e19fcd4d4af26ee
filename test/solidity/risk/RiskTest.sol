// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

import {IClearingHouse} from "../../../contracts/interfaces/IClearingHouse.sol";
import {MockRiskHouse} from "../../../contracts/mocks/MockRiskHouse.sol";
import {MockRiskInputs} from "../../../contracts/mocks/MockRiskInputs.sol";
import {RiskController} from "../../../contracts/risk/RiskController.sol";
import {Interest, Market} from "../../../contracts/types/Clearing.sol";
import {LayerAmounts} from "../../../contracts/types/Coverage.sol";
import {AccountId, FeedId, MarketClass, MarketId, toAccountId} from "../../../contracts/types/Identifiers.sol";
import {ClassParameters} from "../../../contracts/types/Risk.sol";
import {vm} from "../support/Vm.sol";

/// @dev Risk control before a house and a fund whose figures the tests set: market 0 major at 200, market 1 mid at 50, market 2 tail at 10,
/// each 1,000 units of base at most, all at 100% volatility a year; the parameters of deploy/modules/defaults.ts.
contract RiskTest {
    MarketId internal constant MAJOR = MarketId.wrap(0);
    MarketId internal constant MID = MarketId.wrap(1);
    MarketId internal constant TAIL = MarketId.wrap(2);
    /// @dev Variances per second of 40%, 100% and 200% a year.
    uint256 internal constant VAR_40 = 5_073_566_718;
    uint256 internal constant VAR_100 = 31_709_791_984;
    uint256 internal constant VAR_200 = 126_839_167_936;
    uint96 internal constant LISTED_CAP = 1_000e18;
    uint256 internal constant ONE = 1e9;
    uint256 internal constant START = 1_800_000_000;

    AccessManager internal immutable manager;
    MockRiskHouse internal immutable house;
    MockRiskInputs internal immutable inputs;
    RiskController internal immutable controller;

    constructor() {
        vm.warp(START);
        manager = new AccessManager(address(this));
        house = new MockRiskHouse();
        inputs = new MockRiskInputs();
        house.setLinks(address(inputs), address(inputs), address(inputs));
        _list(MAJOR, MarketClass.Major, 5_000, 200e18);
        _list(MID, MarketClass.Mid, 5_000, 50e18);
        _list(TAIL, MarketClass.Tail, 10_000, 10e18);
        controller = _deploy(_defaults());
        _setResources(1_000_000e18);
    }

    function _list(MarketId market, MarketClass class, uint16 rate, uint256 price) private {
        house.list(market, class, rate, LISTED_CAP);
        inputs.setPrice(_feed(market), price);
        inputs.setVariance(_feed(market), VAR_100, VAR_100);
    }

    function _deploy(ClassParameters[3] memory parameters) internal returns (RiskController) {
        return new RiskController(address(manager), IClearingHouse(address(house)), parameters);
    }

    function _defaults() internal pure returns (ClassParameters[3] memory parameters) {
        parameters[0] = ClassParameters(3_000, 25_000, 400, 150, 3_500, 1_000, 1_000, 15_000);
        parameters[1] = ClassParameters(5_000, 35_000, 400, 300, 2_000, 1_000, 1_000, 15_000);
        parameters[2] = ClassParameters(10_000, 50_000, 400, 600, 1_000, 1_000, 1_000, 15_000);
    }

    /// @dev A reserve of which budgets let all through.
    function _setResources(uint256 amount) internal {
        inputs.setLayers(LayerAmounts(amount, 0, 0, 0), amount);
    }

    function _setVolatility(MarketId market, uint256 fast, uint256 slow) internal {
        inputs.setVariance(_feed(market), fast, slow);
    }

    function _market(MarketId market) internal view returns (Market memory settings, Interest memory interest) {
        return house.marketOf(market);
    }

    function _feed(MarketId market) internal pure returns (FeedId) {
        return FeedId.wrap(MarketId.unwrap(market));
    }

    function _account(uint256 number) internal pure returns (AccountId) {
        return toAccountId(address(uint160(0xACC0 + number)), 0);
    }
}

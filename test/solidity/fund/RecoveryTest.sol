// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Recoveries} from "../../../contracts/fund/Recoveries.sol";
import {IClearingHouse} from "../../../contracts/interfaces/IClearingHouse.sol";
import {CapitalLayers} from "../../../contracts/interfaces/IInsuranceFund.sol";
import {RecoveryRound} from "../../../contracts/interfaces/IRecoveries.sol";
import {HostileToken} from "../../../contracts/mocks/HostileToken.sol";
import {HostileVenue} from "../../../contracts/mocks/HostileVenue.sol";
import {AccountId, MarketId, SegmentId, toAccountId} from "../../../contracts/types/Identifiers.sol";
import {vm} from "../support/Vm.sol";
import {FundTest} from "./FundTest.sol";

/// @dev A venue whose accounts have borne what a test says.
contract BearingVenue is HostileVenue {
    mapping(AccountId account => mapping(MarketId market => uint256)) public borneBy;

    constructor(address token, address engine_, address fund_) HostileVenue(token, engine_, fund_) {}

    function setBorne(AccountId account, MarketId market, uint256 borne) external {
        borneBy[account][market] = borne;
    }
}

/// @dev Recoveries of a venue without vaults; the test is its engine, pays in, and its people are addresses.
abstract contract RecoveryTest is FundTest {
    address internal constant ALICE = address(0xA11CE);
    address internal constant BOB = address(0xB0B);
    address internal constant CAROL = address(0xCA401);
    MarketId internal constant MARKET = MarketId.wrap(3);

    uint256 internal constant REGISTRATION = 28 days;
    uint256 internal constant PAYABLE = 3 * 365 days;
    uint256 internal constant CLAIMABLE = 4 * 365 days;

    /// @dev As LiquidationEngine: the segment of the venue.
    SegmentId public segment;
    BearingVenue internal venue;
    HostileToken internal token;
    Recoveries internal recoveries;

    function setUp() public virtual override {
        super.setUp();
        token = new HostileToken(6);
        (venue, recoveries) = deploy(noLayers());
        token.mint(address(this), 1e15);
        token.approve(address(recoveries), type(uint256).max);
    }

    function deploy(CapitalLayers memory layers) internal returns (BearingVenue bearing, Recoveries deployed) {
        bearing = new BearingVenue(address(token), address(this), address(fund));
        segment = fund.registerSegment(address(bearing), budgets(), layers);
        deployed = new Recoveries(IClearingHouse(address(bearing)));
    }

    /// @dev `who`'s first account has borne so much in all, and it is registered.
    function lose(address who, uint256 borne) internal returns (uint256) {
        venue.setBorne(toAccountId(who, 0), MARKET, borne);
        return recoveries.register(toAccountId(who, 0), markets());
    }

    function recover(uint256 round, uint256 amount) internal returns (uint256) {
        return recoveries.recover(listOf(round), amount);
    }

    /// @dev To the end of the current round.
    function endRound() internal returns (uint256 round) {
        round = recoveries.currentRound();
        vm.warp(recoveries.roundOf(round).endsAt);
    }

    function claimAs(address who, uint256 round) internal returns (uint256) {
        vm.prank(who);
        return recoveries.claim(round, who);
    }

    function markets() internal pure returns (MarketId[] memory list) {
        list = new MarketId[](1);
        list[0] = MARKET;
    }

    function listOf(uint256 round) internal pure returns (uint256[] memory list) {
        list = new uint256[](1);
        list[0] = round;
    }

    function listOf(uint256 first, uint256 second) internal pure returns (uint256[] memory list) {
        list = new uint256[](2);
        (list[0], list[1]) = (first, second);
    }

    function assertRound(uint256 round, uint256 claims, uint256 recovered, uint256 claimed) internal view {
        RecoveryRound memory entry = recoveries.roundOf(round);
        assertEq(entry.claims, claims, "claims");
        assertEq(entry.recovered, recovered, "recovered");
        assertEq(entry.claimed, claimed, "claimed");
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

import {YieldDesk} from "../../../contracts/fund/YieldDesk.sol";
import {IReserveInvestments} from "../../../contracts/interfaces/IReserveInvestments.sol";
import {HostileToken} from "../../../contracts/mocks/HostileToken.sol";
import {HostileVenue} from "../../../contracts/mocks/HostileVenue.sol";
import {HostileYieldVault} from "../../../contracts/mocks/HostileYieldVault.sol";
import {ANNOUNCEMENT} from "../../../contracts/types/CoverageTerms.sol";
import {SegmentId} from "../../../contracts/types/Identifiers.sol";
import {vm} from "../support/Vm.sol";
import {FundTest} from "./FundTest.sol";

/// @dev A segment with 1,000 units of reserve, its desk, and one vault that has waited. The test is the engine and the
/// administrator.
abstract contract YieldTest is FundTest {
    address internal constant ANYONE = address(0xA11);

    AccessManager internal manager;
    SegmentId internal segment;
    HostileVenue internal venue;
    HostileToken internal token;
    YieldDesk internal desk;
    HostileYieldVault internal vault;

    function setUp() public virtual override {
        super.setUp();
        manager = new AccessManager(address(this));
        (segment, venue, token) = newSegment(6, 1_000, budgets());
        desk = new YieldDesk(address(manager), fund, segment);
        bytes memory call = abi.encodeCall(IReserveInvestments.announceDesk, (segment, address(desk), 0));
        manager.execute(address(fund), call);
        vault = new HostileYieldVault(address(token));
        desk.announceVault(address(vault));
        vm.warp(START + ANNOUNCEMENT);
    }

    /// @dev As LiquidationEngine: who may name a desk.
    function authority() external view returns (address) {
        return address(manager);
    }

    function divestAll() internal returns (uint256) {
        vm.prank(ANYONE);
        return desk.divest(address(vault), type(uint256).max);
    }

    /// @dev What the vault earns, in the token's own decimals.
    function earn(uint256 amount) internal {
        token.mint(address(vault), amount);
    }

    function investedOf() internal view returns (uint256) {
        return investments().investmentOf(segment).invested;
    }

    function problem(bytes4 selector) internal view returns (bytes memory) {
        return abi.encodeWithSelector(selector, address(vault));
    }

    function problem(bytes4 selector, uint256 value) internal view returns (bytes memory) {
        return abi.encodeWithSelector(selector, address(vault), value);
    }
}

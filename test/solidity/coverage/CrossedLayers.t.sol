// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {InsuranceFund} from "../../../contracts/fund/InsuranceFund.sol";
import {ICoverageVault} from "../../../contracts/interfaces/ICoverageVault.sol";
import {BudgetShares, CapitalLayers, IInsuranceFund} from "../../../contracts/interfaces/IInsuranceFund.sol";
import {HostileVenue} from "../../../contracts/mocks/HostileVenue.sol";
import {CoverRequest, LayerAmounts} from "../../../contracts/types/Coverage.sol";
import {SegmentId} from "../../../contracts/types/Identifiers.sol";
import {AttackVault} from "./AttackVault.sol";

/// @dev CVR-09: reinsurance is acyclic. A vault calls no other: that one vault stands before another in one segment and behind it in the next
/// makes no circle, and no unit of capital answers twice. Two venues, two vaults, each the backstop of one and the reinsurance of the other.
contract CrossedLayersTest is AttackVault {
    SegmentId private constant OTHER = SegmentId.wrap(2);

    InsuranceFund private fund;
    ICoverageVault private first;
    ICoverageVault private second;

    function setUp() public override {
        super.setUp();
        fund = new InsuranceFund();
        first = _newVault();
        second = _newVault();
        BudgetShares memory open = BudgetShares(100_00, 100_00, 100_00, 100_00, 100_00);
        HostileVenue one = new HostileVenue(address(token), address(this), address(fund));
        HostileVenue two = new HostileVenue(address(token), address(this), address(fund));
        fund.registerSegment(address(one), open, CapitalLayers(address(first), address(second)));
        fund.registerSegment(address(two), open, CapitalLayers(address(second), address(first)));
        _promise(first);
        _promise(second);
        skip(COOLDOWN + WINDOW + 1);
        for (uint256 i = 1; i <= 2; ++i) {
            first.activateCommitment(SegmentId.wrap(uint16(i)));
            second.activateCommitment(SegmentId.wrap(uint16(i)));
        }
        // Nothing is drawn in the first days of a commitment.
        skip(72 hours);
    }

    function test_CVR09_each_answers_in_its_place_and_for_its_own_promise() external {
        LayerAmounts memory paid = _book(SEGMENT, 250 * UNIT);
        assertEq("first before", paid.junior + paid.senior, 200 * UNIT);
        assertEq("second behind", paid.reinsurance, 50 * UNIT);
        paid = _book(OTHER, 350 * UNIT);
        assertEq("second before", paid.junior + paid.senior, 200 * UNIT);
        assertEq("first behind", paid.reinsurance, 150 * UNIT);
        assertEq("the first has paid", first.owedTo(SEGMENT) + first.owedTo(OTHER), 350 * UNIT);
        assertEq("the second has paid", second.owedTo(SEGMENT) + second.owedTo(OTHER), 250 * UNIT);
    }

    /// @dev Both promises whole to both segments: 400 of 500 in each vault. A loss of everything in both takes each unit once.
    function testFuzz_CVR09_no_unit_of_capital_answers_twice(uint96 one, uint96 two, bool isOtherFirst) external {
        uint256 before = _capital(first) + _capital(second);
        (uint256 lossOne, uint256 lossTwo) = (uint256(one) % (900 * UNIT), uint256(two) % (900 * UNIT));
        uint256 paid;
        if (isOtherFirst) paid = _sum(_book(OTHER, lossTwo)) + _sum(_book(SEGMENT, lossOne));
        else paid = _sum(_book(SEGMENT, lossOne)) + _sum(_book(OTHER, lossTwo));
        assertEq("what was paid is gone", _capital(first) + _capital(second) + paid, before);
        uint256 owed = first.owedTo(SEGMENT) + first.owedTo(OTHER) + second.owedTo(SEGMENT) + second.owedTo(OTHER);
        assertEq("and is owed to the fund, once", owed, paid);
        uint256 most = (lossOne < 400 * UNIT ? lossOne : 400 * UNIT) + (lossTwo < 400 * UNIT ? lossTwo : 400 * UNIT);
        assertEq("both promises of each are kept in whatever order", paid, most);
    }

    function test_CVR09_no_vault_stands_behind_itself() external {
        HostileVenue three = new HostileVenue(address(token), address(this), address(fund));
        BudgetShares memory open = BudgetShares(100_00, 100_00, 100_00, 100_00, 100_00);
        (bool done, bytes memory reason) = address(fund).call(
            abi.encodeCall(fund.registerSegment, (address(three), open, CapitalLayers(address(first), address(first))))
        );
        assertTrue("refused", !done);
        assertEq(
            "and why",
            uint256(keccak256(reason)),
            uint256(
                keccak256(abi.encodeWithSelector(IInsuranceFund.InsuranceFund_InvalidLayer.selector, address(first)))
            )
        );
    }

    function _newVault() private returns (ICoverageVault) {
        useVault(address(fund), address(verifier));
        deposit(junior, ALICE, 200);
        deposit(senior, BOB, 300);
        return vault;
    }

    function _promise(ICoverageVault from) private {
        from.announceCommitment(SEGMENT, uint96(200 * UNIT));
        from.announceCommitment(OTHER, uint96(200 * UNIT));
    }

    function _book(SegmentId segment, uint256 shortfall) private returns (LayerAmounts memory) {
        return fund.cover(segment, CoverRequest([shortfall, 0, 0], UNIT, 0)).paid;
    }

    function _sum(LayerAmounts memory paid) private pure returns (uint256) {
        return paid.reserve + paid.junior + paid.senior + paid.reinsurance;
    }

    function _capital(ICoverageVault of_) private view returns (uint256) {
        return of_.books().junior + of_.books().senior;
    }
}

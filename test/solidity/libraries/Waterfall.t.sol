// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Waterfall} from "../../../contracts/libraries/Waterfall.sol";
import {LayerAmounts} from "../../../contracts/types/Coverage.sol";
import {Fuzz} from "../support/Fuzz.sol";

/// @notice Who pays, in which order, and that splitting changes nothing (R1, R2, R3, INV-03, INV-21).
contract WaterfallTest {
    /// forge-config: default.fuzz.runs = 10000
    function testFuzz_R2_everyWeiIsPaidByOneLayerOrLeft(uint256 loss, LayerAmounts memory available) external pure {
        (LayerAmounts memory paid, uint256 residual) = Waterfall.splitDown(loss, available);
        // Taken off one by one: the sum of the layers may not fit, what they pay does.
        Fuzz.assertTrue(
            loss - paid.reserve - paid.junior - paid.senior - paid.reinsurance == residual,
            "sum of the layers"
        );
    }

    /// forge-config: default.fuzz.runs = 10000
    function testFuzz_R1_aLayerPaysOnlyWhenTheOnesBeforeHavePaidAll(uint256 raw) external pure {
        LayerAmounts memory available = draw(raw);
        uint256 loss = word(raw, 9) % (available.total() + available.total() / 4 + 2);
        (LayerAmounts memory paid, uint256 residual) = Waterfall.splitDown(loss, available);
        bool reserveIsEmpty = paid.reserve == available.reserve;
        bool juniorIsEmpty = reserveIsEmpty && paid.junior == available.junior;
        bool seniorIsEmpty = juniorIsEmpty && paid.senior == available.senior;
        bool allAreEmpty = seniorIsEmpty && paid.reinsurance == available.reinsurance;
        Fuzz.assertTrue(paid.junior == 0 || reserveIsEmpty, "reserve before junior");
        Fuzz.assertTrue(paid.senior == 0 || juniorIsEmpty, "junior before senior");
        Fuzz.assertTrue(paid.reinsurance == 0 || seniorIsEmpty, "senior before reinsurance");
        Fuzz.assertTrue(residual == 0 || allAreEmpty, "all before anyone else");
        Fuzz.assertTrue(loss <= available.total() == (residual == 0), "left only when all is used");
    }

    function test_R1_theOrderOfTheLayers() external pure {
        LayerAmounts memory available = LayerAmounts({reserve: 5, junior: 7, senior: 11, reinsurance: 13});
        (LayerAmounts memory paid, uint256 residual) = Waterfall.splitDown(20, available);
        Fuzz.assertEqual(paid.reserve, 5, "reserve");
        Fuzz.assertEqual(paid.junior, 7, "junior");
        Fuzz.assertEqual(paid.senior, 8, "senior");
        Fuzz.assertEqual(paid.reinsurance, 0, "reinsurance");
        Fuzz.assertEqual(residual, 0, "residual");
        (paid, residual) = Waterfall.splitDown(40, available);
        Fuzz.assertEqual(paid.reinsurance, 13, "reinsurance");
        Fuzz.assertEqual(residual, 4, "residual");
    }

    /// forge-config: default.fuzz.runs = 10000
    function testFuzz_INV03_coverAddsUpToTheWei(uint256 raw, uint256 rawFraction) external pure {
        LayerAmounts memory available = draw(raw);
        uint256 whole = word(raw, 9) % (2 * available.total() + 1);
        uint256 fraction = Fuzz.between(rawFraction, 0, 1e18);
        (LayerAmounts memory paid, uint256 shortfall, uint256 residual) = Waterfall.cover(whole, fraction, available);
        Fuzz.assertEqual(paid.total() + residual, shortfall, "sum");
        Fuzz.assertBetween(shortfall * 1e18 - whole * fraction, 0, 1e18 - 1, "rounded up");
        // The most each layer may be asked for is its part, so a bid never reverts for lack of money (INV-04).
        Fuzz.assertTrue(paid.reserve * 1e18 <= available.reserve * fraction, "reserve");
        Fuzz.assertTrue(paid.junior * 1e18 <= available.junior * fraction, "junior");
        Fuzz.assertTrue(paid.senior * 1e18 <= available.senior * fraction, "senior");
        Fuzz.assertTrue(paid.reinsurance * 1e18 <= available.reinsurance * fraction, "reinsurance");
        if (whole <= available.total()) Fuzz.assertBetween(residual, 0, 4, "only rounding is left");
    }

    /// @dev Taking f1, then f2 of the rest at the same terms, is taking f1 + (1 - f1) f2 at once.
    /// forge-config: default.fuzz.runs = 10000
    function testFuzz_INV21_splittingABidChangesNoLayer(
        uint256 raw,
        uint256 rawFirst,
        uint256 rawSecond
    ) external pure {
        LayerAmounts memory available = draw(raw);
        uint256 whole = word(raw, 9) % (2 * available.total() + 1);
        uint256 first = Fuzz.between(rawFirst, 0, 1e18);
        uint256 second = Fuzz.between(rawSecond, 0, 1e18);

        (LayerAmounts memory one, uint256 shortfall, ) = Waterfall.cover(whole, first, available);
        LayerAmounts memory rest = LayerAmounts({
            reserve: available.reserve - one.reserve,
            junior: available.junior - one.junior,
            senior: available.senior - one.senior,
            reinsurance: available.reinsurance - one.reinsurance
        });
        (LayerAmounts memory two, , ) = Waterfall.cover(whole - shortfall, second, rest);
        // first + (1 - first) * second in 1e36, so that only the layers' own rounding is left.
        uint256 both = first * 1e18 + (1e18 - first) * second;
        (LayerAmounts memory all, ) = Waterfall.splitDown(whole, available);

        assertNear(one.reserve + two.reserve, all.reserve, both, "reserve");
        assertNear(one.junior + two.junior, all.junior, both, "junior");
        assertNear(one.senior + two.senior, all.senior, both, "senior");
        assertNear(one.reinsurance + two.reinsurance, all.reinsurance, both, "reinsurance");
    }

    /// forge-config: default.fuzz.runs = 10000
    function testFuzz_LIQ04_aFractionOfALayerIsRoundedDown(uint256 raw, uint256 rawFraction) external pure {
        LayerAmounts memory amounts = draw(raw);
        uint256 fraction = Fuzz.between(rawFraction, 0, 1e18);
        LayerAmounts memory part = Waterfall.takeFractionDown(amounts, fraction);
        Fuzz.assertBetween(amounts.reserve * fraction - part.reserve * 1e18, 0, 1e18 - 1, "reserve");
        Fuzz.assertBetween(amounts.junior * fraction - part.junior * 1e18, 0, 1e18 - 1, "junior");
        Fuzz.assertBetween(amounts.senior * fraction - part.senior * 1e18, 0, 1e18 - 1, "senior");
        Fuzz.assertBetween(amounts.reinsurance * fraction - part.reinsurance * 1e18, 0, 1e18 - 1, "reinsurance");
    }

    function draw(uint256 raw) private pure returns (LayerAmounts memory) {
        return
            LayerAmounts({
                reserve: Fuzz.ofAnySize(word(raw, 0), 96),
                junior: Fuzz.ofAnySize(word(raw, 1), 96),
                senior: Fuzz.ofAnySize(word(raw, 2), 96),
                reinsurance: Fuzz.ofAnySize(word(raw, 3), 96)
            });
    }

    function word(uint256 raw, uint256 i) private pure returns (uint256) {
        return uint256(keccak256(abi.encode(raw, i)));
    }

    /// @dev Within 4 wei of amount * fraction / 1e36: two payments rounded down, and the wei by which the shortfall of
    /// the first was rounded up and the payments before were rounded down shift what the second begins with.
    function assertNear(uint256 found, uint256 amount, uint256 fraction, string memory what) private pure {
        uint256 expected = (amount * fraction) / 1e36;
        Fuzz.assertBetween(found, expected > 4 ? expected - 4 : 0, expected + 4, what);
    }
}

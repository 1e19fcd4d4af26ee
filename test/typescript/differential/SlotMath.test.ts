import { network } from "hardhat";
import { BPS_ONE, MAX_PRICE, PRODUCT_ONE, RATE_ONE, RATIO_ONE, WAD } from "../../../sdk/math/constants.ts";
import * as margin from "../../../sdk/math/MarginMath.ts";
import * as side from "../../../sdk/math/SideIndex.ts";
import { signedMulDivDown } from "../../../sdk/math/WadMath.ts";
import { itAgreesWithItsTwin, twinCase } from "../support/differential.ts";
import type { Random } from "../support/random.ts";

const { ethers } = await network.create();

/*
 * SlotMath has no twin of its own: it is SideIndex and MarginMath without checks, for numbers that come out of slots. So it must agree with
 * their twins, within the ranges that it states. Beyond them it is never asked.
 */
const product = (random: Random): bigint => random.between(1n, PRODUCT_ONE);
/** Prices, and twice the highest where one was moved (ORC-07). */
const price = (random: Random): bigint => random.between(0n, 2n * MAX_PRICE);
const base = (random: Random): bigint => random.int(111n);
const MAX_RATE = RATE_ONE;
const MAX_ADD_ON = (1n << 20n) - 1n;
/** As in the slot: sum 16 bytes, product 14, generation 2. */
const packed = (sum: bigint, of: bigint): bigint => BigInt.asUintN(128, sum) | (of << 128n);

describe("SlotMath and the twins of what it shortens (CLR-09, MRG-01, SDK-01)", () => {
  itAgreesWithItsTwin(
    () => ethers.deployContract("LibraryHarnessSlotMath"),
    [
      twinCase({ name: "baseOf", draw: (random) => [base(random), product(random)], twin: side.baseOf }),
      twinCase({ name: "sharesOf", draw: (random) => [base(random), product(random)], twin: side.sharesOf }),
      twinCase({
        name: "effectiveSumDown",
        draw: (random) => [packed(random.int(127n), random.between(0n, PRODUCT_ONE)), random.int(97n)],
        twin: (word: bigint, funding: bigint) =>
          side.effectiveSumDown(
            { sum: BigInt.asIntN(128, word), product: BigInt.asUintN(112, word >> 128n), generation: 0n },
            funding,
          ),
      }),
      twinCase({
        name: "quoteValueDown",
        draw: (random) => [base(random), random.int(128n), random.int(129n)],
        twin: side.quoteValueDown,
      }),
      twinCase({
        name: "storedQuoteDown",
        draw: (random) => [base(random), random.int(128n), random.int(129n)],
        twin: side.storedQuoteDown,
      }),
      twinCase({
        name: "notionalDown",
        draw: (random) => [base(random), price(random)],
        twin: (amount: bigint, at: bigint) => signedMulDivDown(amount, at, WAD),
      }),
      twinCase({
        name: "initialRate",
        draw: (random) => [random.uint(16n), random.between(0n, 2n * RATIO_ONE)],
        twin: margin.initialRate,
      }),
      twinCase({
        name: "marginsUp",
        draw: (random) => {
          const rates = [random.between(0n, MAX_RATE), random.uint(18n)] as const;
          return [random.uint(96n), price(random), ...rates, random.oneIn(3n) ? 0n : random.between(0n, MAX_ADD_ON)];
        },
        twin: (amount: bigint, at: bigint, rate: bigint, startRate: bigint, addOn: bigint) => {
          const { linear, size } = margin.positionMarginUp(amount, at, rate, addOn);
          return [linear, size, margin.initialMarginUp(amount, at, startRate, addOn)];
        },
      }),
      twinCase({
        name: "collateralDown",
        draw: (random) => [random.uint(124n), random.uint(112n), random.between(0n, BPS_ONE)],
        twin: (amount: bigint, at: bigint, haircut: bigint) => [
          margin.valueDown(amount, at),
          margin.haircutValueDown(amount, at, haircut),
        ],
      }),
    ],
  );
});

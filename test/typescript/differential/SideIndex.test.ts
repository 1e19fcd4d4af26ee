import { network } from "hardhat";
import { MAX_OPEN_INTEREST, MAX_PRICE, PRODUCT_FLOOR, PRODUCT_ONE, WAD } from "../../../sdk/math/constants.ts";
import * as twin from "../../../sdk/math/SideIndex.ts";
import { min } from "../../../sdk/math/WadMath.ts";
import { type AbiValue, itAgreesWithItsTwin, twinCase } from "../support/differential.ts";
import type { Random } from "../support/random.ts";

const { ethers } = await network.create();

type AbiSide = readonly [sum: bigint, product: bigint, generation: bigint];
type AbiEnd = readonly [product: bigint, sum: bigint];

const sideFrom = ([sum, product, generation]: AbiSide): twin.Side => ({ sum, product, generation });
const sideTo = ({ sum, product, generation }: twin.Side): AbiSide => [sum, product, generation];

const product = (random: Random): bigint =>
  random.oneIn(20n) ? random.uint(112n) : random.between(PRODUCT_FLOOR, PRODUCT_ONE);
const side = (random: Random): AbiSide => [
  random.int(random.pick([60n, 100n, 120n, 128n])),
  product(random),
  random.uint(16n),
];
const end = (random: Random): AbiEnd => [random.between(0n, PRODUCT_ONE), random.int(122n)];
const funding = (random: Random): bigint => random.intOrBeyond(96n);
const shares = (random: Random): bigint => random.intOrBeyond(112n);
const quote = (random: Random): bigint => random.intOrBeyond(128n);
const price = (random: Random): bigint => random.between(0n, 2n * MAX_PRICE);
const openInterest = (random: Random): bigint =>
  random.oneIn(20n) ? random.uint(256n) : random.between(1n, MAX_OPEN_INTEREST);

describe("SideIndex and its twin (CLR-09, SDK-01)", () => {
  itAgreesWithItsTwin(
    () => ethers.deployContract("LibraryHarnessSideIndex"),
    [
      twinCase({ name: "baseOf", draw: (random) => [shares(random), product(random)], twin: twin.baseOf }),
      twinCase({
        name: "sharesOf",
        draw: (random) => [random.intOrBeyond(96n), product(random)],
        twin: twin.sharesOf,
      }),
      twinCase({
        name: "effectiveSumDown",
        draw: (random) => [side(random), funding(random)],
        twin: (before: AbiSide, f: bigint) => twin.effectiveSumDown(sideFrom(before), f),
      }),
      twinCase({
        name: "quoteValueDown",
        draw: (random) => [shares(random), quote(random), random.intOrBeyond(128n)],
        twin: twin.quoteValueDown,
      }),
      twinCase({
        name: "storedQuoteDown",
        draw: (random) => [shares(random), quote(random), random.intOrBeyond(128n)],
        twin: twin.storedQuoteDown,
      }),
      twinCase({
        name: "charge",
        draw: (random) => {
          const base = openInterest(random);
          return [
            side(random),
            random.flag(),
            random.between(0n, min((base * MAX_PRICE) / WAD, (1n << 256n) - 1n)),
            base,
          ];
        },
        twin: (before: AbiSide, long: boolean, amount: bigint, base: bigint) => {
          const { side: after, perUnit } = twin.charge(sideFrom(before), long, amount, base);
          return [sideTo(after), perUnit];
        },
      }),
      twinCase({
        name: "chargePerUnit",
        draw: (random) => [side(random), random.flag(), random.uintOrBeyond(90n)],
        twin: (before: AbiSide, long: boolean, perUnit: bigint) =>
          sideTo(twin.chargePerUnit(sideFrom(before), long, perUnit)),
      }),
      twinCase({
        name: "deleverage",
        draw: (random) => {
          const all = random.between(0n, MAX_OPEN_INTEREST);
          const base = random.oneIn(40n) ? all + random.uint(90n) : random.between(0n, all);
          return [side(random), random.flag(), base, all, price(random), funding(random)];
        },
        twin: (before: AbiSide, long: boolean, base: bigint, all: bigint, p: bigint, f: bigint) => {
          const closing = { base, openInterest: all, price: p, funding: f };
          const { side: after, productBefore } = twin.deleverage(sideFrom(before), long, closing);
          return [sideTo(after), productBefore];
        },
      }),
      twinCase({
        name: "endsGeneration",
        draw: (random) => [side(random), funding(random)],
        twin: (before: AbiSide, f: bigint) => twin.endsGeneration(sideFrom(before), f),
      }),
      twinCase({
        name: "startGeneration",
        draw: (random) => [side(random), funding(random)],
        twin: (before: AbiSide, f: bigint): AbiValue => {
          const started = twin.startGeneration(sideFrom(before), f);
          return [sideTo(started.side), [started.end.product, started.end.sum]];
        },
      }),
      twinCase({
        name: "rollOnce",
        draw: (random) => [shares(random), quote(random), end(random)],
        twin: (held: bigint, stored: bigint, [p, sum]: AbiEnd) => {
          const rolled = twin.rollOnce(held, stored, { product: p, sum });
          return [rolled.shares, rolled.quote];
        },
      }),
      twinCase({
        name: "deleveragedLn",
        draw: (random) => {
          const before = random.between(1n, PRODUCT_ONE);
          return [before, random.oneIn(10n) ? random.between(0n, PRODUCT_ONE) : before - random.between(0n, before)];
        },
        twin: twin.deleveragedLn,
      }),
    ],
  );
});

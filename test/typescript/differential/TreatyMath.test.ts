import { expect } from "chai";
import { network } from "hardhat";
import { WAD } from "../../../sdk/math/constants.ts";
import { YEAR } from "../../../sdk/math/PremiumMath.ts";
import * as twin from "../../../sdk/math/TreatyMath.ts";
import { itAgreesWithItsTwin, twinCase } from "../support/differential.ts";
import type { Random } from "../support/random.ts";

const { ethers } = await network.create();

const ANY_LOSS = (1n << 256n) - 1n;
const FOURTEEN_WEEKS = 14n * 7n * 86_400n;

/** On and beside every corner: no attachment, attached, in the gap, at its end, above the limit, and a loss of any size. */
function layerLoss(random: Random): readonly [bigint, bigint, bigint, bigint] {
  const borne = random.uintOrBeyond(127n);
  const gap = random.oneIn(3n) ? 0n : random.uint(90n);
  const limit = random.oneIn(8n) ? 0n : random.uint(96n);
  const above = borne + gap > ANY_LOSS ? ANY_LOSS : borne + gap;
  const attachesAt = random.oneIn(6n) ? 0n : above;
  const around = random.pick([0n, gap, gap + limit]) + random.pick([-1n, 0n, 1n]);
  const needed = random.pick([ANY_LOSS, around < 0n ? 0n : around, random.uint(97n)]);
  return [attachesAt, borne, needed, limit];
}

describe("TreatyMath and its twin (CVR-09, SDK-01)", () => {
  itAgreesWithItsTwin(
    () => ethers.deployContract("LibraryHarnessTreatyMath"),
    [
      twinCase({
        name: "offered",
        draw: layerLoss,
        twin: (attachesAt, borne, needed, limit) => twin.offered({ attachesAt, borne, needed, limit }),
      }),
      twinCase({
        name: "premiumUp",
        draw: (random) => {
          if (random.oneIn(20n)) return [random.uintOrBeyond(127n), random.uint(160n), random.uint(160n)];
          return [random.uintOrBeyond(127n), random.between(0n, 10_000n), random.between(0n, FOURTEEN_WEEKS)];
        },
        twin: twin.premiumUp,
      }),
    ],
  );

  // Two equal mistakes agree with each other: these numbers are worked out by hand.
  it("CVR-09: 50 in excess of 100", () => {
    const pays = (borne: bigint, needed: bigint, attachesAt = 100n) =>
      twin.offered({ attachesAt, borne, needed, limit: 50n });
    expect(pays(0n, 100n), "below").to.equal(0n);
    expect(pays(0n, 101n), "the first wei above").to.equal(1n);
    expect(pays(60n, 60n), "20 above").to.equal(20n);
    expect(pays(60n, 90n), "used up").to.equal(50n);
    expect(pays(60n, 91n), "no more").to.equal(50n);
    expect(pays(100n, 7n), "attached").to.equal(7n);
    expect(pays(99n, ANY_LOSS), "a gap of one wei: not surely").to.equal(0n);
    expect(pays(100n, ANY_LOSS), "no gap: surely").to.equal(50n);
    expect(pays(0n, 7n, 0n), "no attachment").to.equal(7n);
  });

  it("CVR-09: premium for the whole term at once, rounded up", () => {
    expect(twin.premiumUp(1_000n * WAD, 500n, YEAR)).to.equal(50n * WAD);
    expect(twin.premiumUp(1_000n * WAD, 500n, YEAR / 4n)).to.equal((50n * WAD) / 4n);
    expect(twin.premiumUp(1n, 1n, 1n), "the smallest is not free").to.equal(1n);
    expect(twin.premiumUp(1_000n * WAD, 500n, 0n)).to.equal(0n);
  });
});

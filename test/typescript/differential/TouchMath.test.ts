import { expect } from "chai";
import { network } from "hardhat";
import { MAX_PRICE, WAD } from "../../../sdk/math/constants.ts";
import * as twin from "../../../sdk/math/TouchMath.ts";
import { itAgreesWithItsTwin, twinCase } from "../support/differential.ts";
import { Random, seedOfRun } from "../support/random.ts";

const { ethers } = await network.create();

type Drawn = readonly [readonly [bigint, bigint, bigint, bigint], bigint];

/** A position at 1 to 1e9 that has between nothing and three times its notional beside it. */
function drawn(random: Random): Drawn {
  const price = random.oneIn(10n) ? random.between(0n, MAX_PRICE) : random.between(WAD, 100_000n * WAD);
  const size = random.between(1n, random.oneIn(4n) ? 1n << 95n : 1_000n * WAD);
  const base = random.oneIn(2n) ? size : -size;
  const notional = (size * price) / WAD;
  const equity = random.between(0n, random.oneIn(4n) ? 3n * notional + 1n : notional / 4n + 1n);
  const rate = random.between(1n, random.oneIn(4n) ? 50_000n : 5_000n);
  const addOn = random.oneIn(3n) ? 0n : random.between(0n, 20_000n);
  return [[equity - (base * price) / WAD, base, rate, addOn], price];
}

const named = ([balance, base, rate, addOn]: Drawn[0]): twin.OnePosition => ({ balance, base, rate, addOn });

describe("TouchMath and its twin (CVR-07, SDK-01)", () => {
  itAgreesWithItsTwin(
    () => ethers.deployContract("LibraryHarnessTouchMath"),
    [
      twinCase({
        name: "isLiquidatable",
        draw: drawn,
        twin: (position: Drawn[0], price: bigint) => twin.isLiquidatable(named(position), price),
      }),
    ],
  );

  // A search takes up to 90 steps: too much gas for a batch.
  it("touchPrice: 200 draws, and a wei further the account has its margin", async () => {
    const harness = await ethers.deployContract("LibraryHarnessTouchMath");
    const random = new Random(seedOfRun()).for("touchPrice");
    let found = 0;
    for (let done = 0; done < 200; ++done) {
      const [position, price] = drawn(random);
      const expected = twin.touchPrice(named(position), price);
      expect(await harness.touchPrice(named(position), price), `${position.join()} at ${price}`).to.equal(expected);
      if (expected === 0n) continue;
      ++found;
      expect(twin.isLiquidatable(named(position), expected)).to.equal(true);
      expect(twin.isLiquidatable(named(position), expected + (position[1] > 0n ? 1n : -1n))).to.equal(false);
    }
    expect(found).to.be.greaterThan(20);
  });

  // Two equal mistakes agree with each other: these numbers are worked out by hand.
  it("CVR-07: ten at 200 with 200 of cash and 4% of margin", () => {
    // Long: 200 - 2,000 + 10 p = 0.4 p, p = 1,800 / 9.6. Short: 200 + 2,000 - 10 p = 0.4 p, p = 2,200 / 10.4.
    const terms = { rate: 4_000n, addOn: 0n };
    const long = { balance: -1_800n * WAD, base: 10n * WAD, ...terms };
    const short = { balance: 2_200n * WAD, base: -10n * WAD, ...terms };
    const at = 200n * WAD;
    expect(twin.touchPrice(long, at)).to.equal((1_875n * WAD) / 10n - 1n);
    expect(twin.isLiquidatable(long, (1_875n * WAD) / 10n), "at it exactly it has its margin").to.equal(false);
    const lowest = (2_200n * WAD * 10n) / 104n + 1n;
    expect(twin.touchPrice(short, at)).to.equal(lowest);
    expect(twin.isLiquidatable(short, lowest - 1n)).to.equal(false);
  });

  it("CVR-07: whoever has paid for all of it, or is below his margin, has no such price", () => {
    const terms = { rate: 4_000n, addOn: 0n };
    const at = 200n * WAD;
    expect(twin.touchPrice({ balance: 0n, base: WAD, ...terms }, at), "paid for").to.equal(0n);
    expect(twin.touchPrice({ balance: -193n * WAD, base: WAD, ...terms }, at), "7 of 8").to.equal(0n);
    expect(twin.touchPrice({ balance: -192n * WAD, base: WAD, ...terms }, at), "8 of 8").to.be.greaterThan(0n);
  });
});

import { expect } from "chai";

import { ETH_MARKET, USD, WAD } from "../support/deployment.ts";
import { withDefences } from "../support/defences.ts";
import { ETH_SHORTS_PRODUCT, standBehind } from "../support/underwriting.ts";
import { useWorld } from "../support/world.ts";

/*
 * What is done in parts: cover that is bought in ten pieces to be cheaper, and a batch of bids of which one is dropped because the batch was given
 * too little gas.
 */

const copies = withDefences({
  meanRate: {
    contracts: ["PremiumModel"],
    edits: [
      [
        "contracts/libraries/PremiumCurve.sol",
        "if (from == to) return rateUp(kinkRate, to);",
        "return rateUp(kinkRate, to);",
      ],
    ],
  },
  floorOfGas: {
    contracts: ["LiquidationEngine"],
    edits: [["contracts/libraries/GuardedCall.sol", "requireGas(gasFloor);", ""]],
  },
});

const MAX = (1n << 255n) - 1n;
const WEEK = 7 * 86_400;

describe("attack: cover bought in ten parts", () => {
  const UNITS = 600n * WAD;
  const PARTS = 10n;
  /** Of 5,900 that may be bound 4,500 are, so that the purchase goes from 76% to 86%: over the kink, beyond which it is dear. */
  const world = useWorld(async (w) => {
    const capital = { junior: 2_000n, senior: 4_000n, committed: 4_500n, reinsurance: 300n, reinsured: 100n };
    await standBehind(w, w.frank, capital);
    await w.setEth(200n * WAD, 0);
    await w.setBtc(8_000n * WAD, 0);
  });
  /** What Erin pays for all of it at once, and what in ten purchases. */
  const attack = async () => {
    const w = world();
    const { vault } = await vaultAndMoney();
    const week = Math.floor(Number(await w.now()) / WEEK) + 8;
    const series = await vault.openSeries.staticCall(ETH_SHORTS_PRODUCT, WAD, week);
    await vault.openSeries(ETH_SHORTS_PRODUCT, WAD, week);
    const priceOf = async (parts: bigint) => {
      const { restore } = await w.networkHelpers.takeSnapshot();
      const before = await w.usd.balanceOf(w.erin.address);
      for (let part = 0n; part < parts; ++part) {
        await vault.connect(w.erin).buy(series, UNITS / parts, MAX, w.erin.address);
      }
      const paid = before - (await w.usd.balanceOf(w.erin.address));
      await restore();
      return paid;
    };
    return { atOnce: await priceOf(1n), inParts: await priceOf(PARTS) };
  };
  const vaultAndMoney = async () => {
    const w = world();
    const { layers } = await w.fund.segmentOf(w.segment);
    const vault = await w.ethers.getContractAt("ICoverageVault", layers.backstop);
    await w.usd.mint(w.erin.address, 5_000n * USD);
    await w.usd.connect(w.erin).approve(layers.backstop, MAX);
    return { vault };
  };

  it("INV-21, CVR-08: costs the same, to a token unit for each part", async () => {
    const { atOnce, inParts } = await attack();
    expect(atOnce > 3n * USD).to.equal(true);
    expect(inParts - atOnce).to.be.within(-PARTS, PARTS);
  });

  it("where each purchase pays the rate at its end, ten parts cost less than half of one", async () => {
    await copies.takeOut(world(), "meanRate");
    const { atOnce, inParts } = await attack();
    expect(inParts * 2n < atOnce).to.equal(true);
  });
});

describe("attack: a batch of bids with the gas of an estimate", () => {
  const world = useWorld(async (w) => {
    await w.cash(w.alice, 2_500n);
    await w.cash(w.bob, 100_000n);
    await w.cash(w.carol, 1_000_000n);
    await w.trade(w.id(w.alice), w.id(w.bob), ETH_MARKET, 100n * WAD, 200n * WAD);
    await w.setEth(182n * WAD);
  });
  /** The least gas with which the transaction does not revert; what the bidder has won with it, and what she wins with enough. */
  const attack = async () => {
    const w = world();
    const requests = [w.request(w.carol, w.id(w.alice))];
    const engine = w.engine.connect(w.carol);
    const gasLimit = await engine.bidMany.estimateGas(requests);
    const winWith = async (options: { gasLimit: bigint }) => {
      const { restore } = await w.networkHelpers.takeSnapshot();
      const before = await w.valueOf(w.id(w.carol));
      await engine.bidMany(requests, options);
      const won = (await w.valueOf(w.id(w.carol))) - before;
      await restore();
      return won;
    };
    return { starved: await winWith({ gasLimit }), fed: await winWith({ gasLimit: 10_000_000n }) };
  };

  it("LIQ-09, R1a: the least gas is enough for the bid", async () => {
    const { starved, fed } = await attack();
    expect(fed > 2n * WAD).to.equal(true);
    expect(starved).to.equal(fed);
  });

  it("without the floor the least gas is that of a batch without the bid, and the bidder wins nothing", async () => {
    await copies.takeOut(world(), "floorOfGas");
    const { starved, fed } = await attack();
    expect([starved, fed > 2n * WAD]).to.deep.equal([0n, true]);
  });
});

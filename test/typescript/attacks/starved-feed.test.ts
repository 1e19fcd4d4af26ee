import { expect } from "chai";

import { BTC_MARKET, ETH_MARKET, WAD } from "../support/deployment.ts";
import { refusalOf } from "../support/refusal.ts";
import { DOLLAR, reportOf, Scope, useWorld } from "../support/world.ts";
import { oracle } from "./support/oracle.ts";

/*
 * A feed is given so little gas that it seems to have failed. What a refresh came to holds for the transaction, collateral without a consensus
 * counts nothing, and an account that lives on it is for sale.
 */

/** Runtime code: calls the address in the second word of its input with the gas in the first and the rest as data, and stops, however that ended. */
const CALLER = "0x604036038060405f375f5f825f5f6020355f35f100";
const CALLER_PLACE = "0x00000000000000000000000000000000000051a2";
/** Enough for the oracle, too little for what it asks its readers to have. */
const LITTLE_GAS = 45_000n;

describe("attack: starving a feed of gas, so that it seems to have failed", () => {
  const SIZE = (5n * WAD) / 4n;
  /** Alice: 15 ether at 200 behind 10,000 of bitcoin, less a fee of 5. Carol bids. */
  const world = useWorld(async (w) => {
    await w.collateral(w.alice, 15n * WAD);
    await w.cash(w.bob, 100_000n);
    await w.cash(w.carol, 1_000_000n);
    await w.trade(w.id(w.alice), w.id(w.bob), BTC_MARKET, SIZE, 8_000n * WAD);
    await w.networkHelpers.setCode(CALLER_PLACE, CALLER);
    await w.networkHelpers.time.increase(60);
  });
  /** In one transaction: a refresh of ether's price with little gas, then a bid. */
  const attack = async () => {
    const w = world();
    const alice = w.id(w.alice);
    const together = await w.ethers.deployContract("SameTransaction");
    await w.house.connect(w.carol).setDelegate(await together.getAddress(), Scope.Trade, 2n ** 40n - 1n);
    const refresh = w.oracle.interface.encodeFunctionData("refresh", [ETH_MARKET]);
    const words = w.ethers.AbiCoder.defaultAbiCoder().encode(
      ["uint256", "address"],
      [LITTLE_GAS, await w.oracle.getAddress()],
    );
    const steps = [
      { target: CALLER_PLACE, data: words + refresh.slice(2) },
      { target: w.engineAddress, data: w.engine.interface.encodeFunctionData("bid", [w.request(w.carol, alice)]) },
    ];
    const before = await w.valueOf(alice);
    let cost = 0n;
    const run = together.run(steps, { gasLimit: 10_000_000n }).then(async (sent) => {
      const { income, fraction, penalty } = await reportOf(w, sent);
      cost = (income * fraction) / WAD + penalty;
    });
    const refusal = await refusalOf(run, together);
    return { refusal, cost, lost: before - (await w.valueOf(alice)), base: await w.baseOf(alice, BTC_MARKET) };
  };

  it("ORC-01, R1a: nothing is read with too little gas, so that the bid finds a healthy account", async () => {
    expect(await attack()).to.deep.equal({ refusal: "SameTransaction_Failed", cost: 0n, lost: 0n, base: SIZE });
  });

  it("without the floor of gas she is sold out of her position, and has the bidder's income and the penalty less", async () => {
    await oracle.takeOut(world(), "floorOfGas");
    const { refusal, cost, lost, base } = await attack();
    expect([refusal, base]).to.deep.equal([undefined, 0n]);
    expect(cost > 30n * DOLLAR).to.equal(true);
    expect(lost - cost).to.be.within(0n, 2n);
  });
});

import { expect } from "chai";
import { encodeBytes32String } from "ethers";

import { openAave } from "./support/aave.ts";
import type { Aave } from "./support/aave.ts";
import { Cover, Incident, partOf } from "./support/claims.ts";
import { onNetwork, USDC } from "./support/fork.ts";
import { useWorld } from "./support/world.ts";

const LENT = 100_000n * USDC;
/** Growth of the deficit at which a token is paid a whole unit. */
const SCALE = 20_000n * USDC;
/** A second's interest and the roundings of indices, in the token's smallest unit. */
const INTEREST = 10_000n;

onNetwork("A bad debt of the real Aave v3 (CLM-03)", ["aave", "usdc", "weth", "chainlink"], () => {
  let aave: Aave;
  const world = useWorld(async (w) => {
    aave = await openAave(w);
    await aave.lend(w.bob, LENT);
    await aave.borrow(w.alice);
  });
  /** Cover on growth of the deficit in USDC. */
  const insure = async () => {
    const w = world();
    const trigger = await w.ethers.deployContract("AaveDeficitTrigger");
    const definition = { pool: aave.address, asset: w.usdc.address, scale: SCALE };
    const terms = await trigger.defineTerms.staticCall(definition);
    await trigger.defineTerms(definition);
    return Cover.begin(w, trigger, terms);
  };
  /** Ether loses half: ten of them no longer carry a debt of 70% of what they were worth. Returns the new deficit. */
  const makeBadDebt = async () => {
    const w = world();
    const before = await aave.deficit();
    await w.setPrice(w.price / 2n);
    await aave.liquidate(w.carol, w.alice);
    return (await aave.deficit()) - before;
  };

  it("CLM-03: a liquidation that takes all collateral leaves a deficit: the debt less what the liquidator paid", async () => {
    const w = world();
    const before = await aave.deficit();
    await w.setPrice(w.price / 2n);
    const debt = await aave.debtOf(w.alice);
    const paid = await aave.liquidate(w.carol, w.alice);
    const deficit = (await aave.deficit()) - before;
    expect(deficit).to.be.greaterThan(0n);
    expect(deficit - (debt - paid)).to.be.within(-1n, INTEREST);
    expect(await aave.debtOf(w.alice)).to.equal(0n);
  });

  it("CLM-02, CLM-03: the deficit confirms after three observations, in proportion to the wei", async () => {
    const w = world();
    const cover = await insure();
    const deficit = await makeBadDebt();
    await cover.observe();
    await cover.observe();
    await expect(cover.open(), "two observations").to.be.revertedWithCustomError(
      w.verifier,
      "ClaimVerifier_NotDecided",
    );
    await cover.observe();
    expect(await cover.claim()).to.equal(partOf(deficit, SCALE));
    expect(await cover.status()).to.equal(Incident.Confirmed);
  });

  it("CLM-03: a liquidation that is paid in full leaves no deficit, and nothing can be claimed", async () => {
    const w = world();
    const cover = await insure();
    const before = await aave.deficit();
    await w.setPrice((w.price * 80n) / 100n);
    expect(await aave.liquidate(w.carol, w.alice)).to.be.greaterThan(0n);
    expect(await aave.deficit()).to.equal(before);
    await cover.observeAll();
    expect(await cover.wouldConfirm()).to.equal(0n);
    await expect(cover.open())
      .to.be.revertedWithCustomError(w.verifier, "ClaimVerifier_NothingHappened")
      .withArgs(0n, 0n, 0n);
  });

  it("CLM-03: a deficit from before the series is not paid, one that comes on top is", async () => {
    const w = world();
    await makeBadDebt();
    await w.setPrice(w.price);
    const cover = await insure();
    await cover.observeAll();
    await expect(cover.open())
      .to.be.revertedWithCustomError(w.verifier, "ClaimVerifier_NothingHappened")
      .withArgs(0n, 0n, 0n);
    await aave.borrow(w.alice);
    const more = await makeBadDebt();
    await cover.observeAll();
    expect(await cover.claim()).to.equal(partOf(more, SCALE));
  });

  it("CLM-02: a deficit that Aave's own insurance makes good before the third observation is not paid", async () => {
    const w = world();
    const cover = await insure();
    await makeBadDebt();
    await cover.observe();
    await cover.observe();
    // Umbrella burns receipts of its own for the whole deficit.
    const owner = await aave.provider.readAddress("owner");
    await w.act(owner);
    await aave.provider.send("setAddress", [encodeBytes32String("UMBRELLA"), w.frank.address], owner);
    const deficit = await aave.deficit();
    await aave.lend(w.frank, deficit + USDC);
    await aave.pool.send("eliminateReserveDeficit", [w.usdc.address, deficit], w.frank.address);
    expect(await aave.deficit()).to.equal(0n);
    await cover.observeAll();
    await expect(cover.open(), "doubtful for a day").to.be.revertedWithCustomError(
      w.verifier,
      "ClaimVerifier_NotDecided",
    );
    await w.networkHelpers.time.increase(86_400);
    await expect(cover.open())
      .to.be.revertedWithCustomError(w.verifier, "ClaimVerifier_NothingHappened")
      .withArgs(0n, 0n, 0n);
    expect(await cover.status()).to.equal(Incident.None);
  });
});

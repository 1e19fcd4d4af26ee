import { expect } from "chai";

import { Cover, Incident } from "./support/claims.ts";
import { onNetwork, USDC, WAD } from "./support/fork.ts";
import { openMorpho } from "./support/morpho.ts";
import type { Morpho } from "./support/morpho.ts";
import { useWorld } from "./support/world.ts";

const LENT = 100_000n * USDC;
/** What Morpho adds to assets and shares. */
const [VIRTUAL_ASSETS, VIRTUAL_SHARES] = [1n, 10n ** 6n];

onNetwork("A bad debt of the real Morpho Blue (CLM-03)", ["morpho", "usdc", "weth", "chainlink"], () => {
  let morpho: Morpho;
  let debt: bigint;
  const world = useWorld(async (w) => {
    morpho = await openMorpho(w);
    await morpho.lend(w.bob, LENT);
    debt = await morpho.borrow(w.alice);
  });
  const insureMarket = async (deductible = 0n, series = 1n) => {
    const w = world();
    const trigger = await w.ethers.deployContract("MorphoBadDebtTrigger");
    const definition = { morpho: morpho.address, market: morpho.id, deductible };
    const terms = await trigger.defineTerms.staticCall(definition);
    await trigger.defineTerms(definition);
    return Cover.begin(w, trigger, terms, series);
  };
  /** A vault that has lent as much as Bob has, to the same market; and cover of its shares. */
  const insureVault = async () => {
    const w = world();
    const vault = await w.ethers.deployContract("LendingVault", [morpho.address, [...morpho.market]]);
    const at = await vault.getAddress();
    await w.mint(w.frank.address, LENT);
    await w.usdc.send("approve", [at, LENT], w.frank.address);
    await vault.connect(w.frank).getFunction("deposit(uint256,address)")(LENT, w.frank.address);
    const trigger = await w.ethers.deployContract("VaultShareLossTrigger");
    const definition = { vault: at, shares: LENT, deductible: 0n };
    const terms = await trigger.defineTerms.staticCall(definition);
    await trigger.defineTerms(definition);
    return { vault, cover: await Cover.begin(w, trigger, terms) };
  };
  /** Ether falls by 40%, and all collateral is seized. Returns what the lenders have lost. */
  const makeBadDebt = async () => {
    const w = world();
    await morpho.setPrice((w.price * 60n) / 100n);
    return debt - (await morpho.liquidate(w.carol, w.alice));
  };
  /** Assets for 1e30 shares. */
  const sharePrice = async () => {
    const { supplyAssets, supplyShares } = await morpho.state();
    return ((supplyAssets + VIRTUAL_ASSETS) * 10n ** 30n) / (supplyShares + VIRTUAL_SHARES);
  };
  const NOTHING = [0n, 0n, 0n] as const;

  it("CLM-03: the rest of a liquidated debt is taken from the lenders at once", async () => {
    const lost = await makeBadDebt();
    expect(lost).to.be.greaterThan(0n);
    expect((await morpho.state()).supplyAssets).to.equal(LENT - lost);
  });

  it("CLM-02, CLM-03: the fall of the share price confirms after three observations, in proportion to the wei", async () => {
    const w = world();
    const cover = await insureMarket();
    const start = await sharePrice();
    const lost = await makeBadDebt();
    await cover.observe();
    await cover.observe();
    await expect(cover.open(), "two observations").to.be.revertedWithCustomError(
      w.verifier,
      "ClaimVerifier_NotDecided",
    );
    await cover.observe();
    const paid = await cover.claim();
    expect(paid).to.equal(((start - (await sharePrice())) * WAD) / start);
    // By another way: what was lost of what was lent, good to the reading's digits.
    expect(paid - (lost * WAD) / LENT).to.be.within(-(WAD / 10n ** 9n), WAD / 10n ** 9n);
    expect(await cover.status()).to.equal(Incident.Confirmed);
  });

  it("CLM-03: a deductible is taken off, and a loss as large as it pays nothing", async () => {
    const w = world();
    const start = await sharePrice();
    const snapshot = await w.networkHelpers.takeSnapshot();
    await makeBadDebt();
    const loss = ((start - (await sharePrice())) * WAD) / start;
    await snapshot.restore();

    const covers = [await insureMarket(loss - 1n, 1n), await insureMarket(loss, 2n)] as const;
    await makeBadDebt();
    for (const cover of covers) await cover.observeAll();
    expect(await covers[0].claim()).to.equal(1n);
    await expect(covers[1].open())
      .to.be.revertedWithCustomError(w.verifier, "ClaimVerifier_NothingHappened")
      .withArgs(...NOTHING);
  });

  it("CLM-03: a liquidation that leaves collateral behind takes nothing from the lenders", async () => {
    const w = world();
    const cover = await insureMarket();
    await morpho.setPrice((w.price * 90n) / 100n);
    expect(await morpho.liquidate(w.carol, w.alice, WAD)).to.be.greaterThan(0n);
    expect((await morpho.state()).supplyAssets).to.equal(LENT);
    await cover.observeAll();
    await expect(cover.open())
      .to.be.revertedWithCustomError(w.verifier, "ClaimVerifier_NothingHappened")
      .withArgs(...NOTHING);
  });

  it("CLM-03: the vault that lent to the market loses with it, and VaultShareLoss pays what its shares lost", async () => {
    const { vault, cover } = await insureVault();
    const start = await vault.convertToAssets(LENT);
    const lost = await makeBadDebt();
    const end = await vault.convertToAssets(LENT);
    expect(start - end, "half of the loss is the vault's").to.be.within(lost / 2n - 2n, lost / 2n + 2n);
    await cover.observeAll();
    expect(await cover.claim()).to.equal(((start - end) * WAD) / start);
  });

  it("CLM-03: who enters and leaves the vault makes no loss, nor does a gift", async () => {
    const w = world();
    const { vault, cover } = await insureVault();
    const at = await vault.getAddress();
    await w.mint(w.erin.address, 3n * LENT);
    await w.usdc.send("approve", [at, LENT], w.erin.address);
    await vault.connect(w.erin).getFunction("deposit(uint256,address)")(LENT, w.erin.address);
    await w.usdc.send("transfer", [at, LENT], w.erin.address);
    await cover.observe();
    await vault.connect(w.erin).redeem(await vault.balanceOf(w.erin.address), w.erin.address, w.erin.address);
    await cover.observe();
    await cover.observe();
    expect(await cover.wouldConfirm()).to.equal(0n);
    await expect(cover.open())
      .to.be.revertedWithCustomError(w.verifier, "ClaimVerifier_NothingHappened")
      .withArgs(...NOTHING);
  });
});

import { expect } from "chai";

import { mulDivUp } from "../../../sdk/math/WadMath.ts";
import { linkControl } from "../risk/support/control.ts";
import type { Control } from "../risk/support/control.ts";
import { ETH_MARKET, USD, WAD } from "../support/deployment.ts";
import { openSeries, standBehind } from "../support/underwriting.ts";
import { MAX, useWorld } from "../support/world.ts";
import type { World } from "../support/world.ts";

const AT_200 = 200n * WAD;
const SIZE = 1_000n * WAD;
const LIMIT = 10n * WAD;
const UNITS = 5n * WAD;
const ONE = 10n ** 9n;
/** WAD in the last decimal of a dollar. */
const STEP = WAD / USD;

type Vault = Awaited<ReturnType<typeof standBehind>>["vault"];

describe("cover while the fund is short, before the real house, fund, vault and risk control (FND-04, CVR-08)", () => {
  let control: Control;
  let vault: Vault;
  let series: bigint;
  /** Alice is long 1,000 ether at 200. What the vaults have committed hardly counts beside it. */
  const world = useWorld(async (w) => {
    const capital = { junior: 20_000n, senior: 40_000n, committed: 20n, reinsurance: 1_000n, reinsured: 1n };
    ({ vault } = await standBehind(w, w.carol, capital));
    series = await openSeries(w, LIMIT, 9);
    await w.setEth(AT_200, 60);
    await w.cash(w.alice, 50_000n);
    await w.cash(w.bob, 50_000n);
    await w.trade(w.id(w.alice), w.id(w.bob), ETH_MARKET, SIZE, AT_200);
    control = await linkControl(w);
    await w.usd.mint(w.dave.address, 1_000n * USD);
    await w.usd.connect(w.dave).approve(await vault.getAddress(), MAX);
  });

  /** Premium before the factor: what the model says of the vault's books for a purchase at `time`. */
  const plainAt = async (w: World, time: bigint): Promise<bigint> => {
    const model = await w.ethers.getContractAt("PremiumModel", await vault.premiumModel());
    const { product, endsAt } = await vault.seriesOf(series);
    const { terms } = await vault.productOf(product);
    const books = await vault.books();
    const bound = books.liability + books.committed;
    const capital = bound + (await vault.freeCapital());
    const cost = mulDivUp(UNITS, LIMIT, WAD);
    const { kinkRate, utilisation, updatedAt } = await vault.curve();
    const request = { cost, bound, capital, startsAt: time + terms.waiting, endsAt };
    return model.quote(terms.model, request, { kinkRate, utilisation, updatedAt });
  };

  /** In the token, rounded up. */
  const nativeOf = (premium: bigint, factor: bigint) => (mulDivUp(premium, factor, WAD) + STEP - 1n) / STEP;

  /** Buys at a second that is known before, so that the premium can be. */
  const buyAt = async (w: World, time: bigint, maxPremium: bigint) => {
    await w.networkHelpers.time.setNextBlockTimestamp(time);
    return vault.connect(w.dave).buy(series, UNITS, maxPremium, w.dave.address);
  };

  it("FND-04: a fund at its target sells at the model's premium", async () => {
    const w = world();
    await w.fundReserve(1_000_000n * USD);
    await control.sync(ETH_MARKET);
    expect(await control.premiumFactor()).to.equal(WAD);
    const time = (await w.now()) + 60n;
    const plain = nativeOf(await plainAt(w, time), WAD);
    await buyAt(w, time, plain);
    expect((await vault.books()).escrowed).to.equal(plain * STEP);
  });

  it("FND-04: one that is short sells at 2 - ratio times that from the next sync on; the buyer's limit protects him", async () => {
    const w = world();
    await w.fundReserve(2_000n * USD);
    const first = (await w.now()) + 60n;
    const plain = await plainAt(w, first);
    await control.sync(ETH_MARKET);
    const ratio = await control.ratio();
    expect(ratio).to.be.within(1n, ONE - 1n);
    const short = nativeOf(plain, (2n * ONE - ratio) * ONE);
    expect(short).to.be.greaterThan(nativeOf(plain, WAD));
    await w.networkHelpers.time.setNextBlockTimestamp(first);
    expect(await vault.previewPremium(series, UNITS, { blockTag: "pending" })).to.equal(short);
    await expect(buyAt(w, first, short - 1n))
      .to.be.revertedWithCustomError(vault, "CoverageVault_PremiumAboveLimit")
      .withArgs(short, short - 1n);

    const second = first + 60n;
    const paid = nativeOf(await plainAt(w, second), (2n * ONE - ratio) * ONE);
    await buyAt(w, second, paid);
    expect(await w.usd.balanceOf(w.dave.address)).to.equal(1_000n * USD - paid);
    expect((await vault.books()).escrowed).to.equal(paid * STEP);
  });

  it("FND-04: an empty fund sells at twice the model's premium, and no more", async () => {
    const w = world();
    // What is committed is the only resource left: next to nothing.
    await control.sync(ETH_MARKET);
    const ratio = await control.ratio();
    const factor = await control.premiumFactor();
    expect(factor).to.equal((2n * ONE - ratio) * ONE);
    expect(factor).to.be.within((199n * WAD) / 100n, 2n * WAD);
    const time = (await w.now()) + 60n;
    const paid = nativeOf(await plainAt(w, time), factor);
    await buyAt(w, time, paid);
    expect((await vault.books()).escrowed).to.equal(paid * STEP);
  });
});

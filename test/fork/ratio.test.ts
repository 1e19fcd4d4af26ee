import { expect } from "chai";

import { onNetwork, part, USDC } from "./support/fork.ts";
import { openMorpho } from "./support/morpho.ts";
import type { Morpho } from "./support/morpho.ts";
import { Status } from "./support/sources.ts";
import { useWorld } from "./support/world.ts";

const LENT = 100_000n * USDC;
const SETTINGS = ["bytes4", "uint8", "uint16", "uint16"];
const VAULT_RATE = "0x00000000";
const DECIMALS = 6n;
/** A year, basis points. */
const GROWTH_BPS = 1_000n;
const FLOOR_BPS = 9_500n;
const YEAR = 365n * 86_400n;
const LONG = 604_800;

onNetwork(
  "Shares of an ERC-4626 vault over Morpho Blue, priced by Chainlink's USDC / USD",
  ["morpho", "chainlink", "usdc", "weth"],
  () => {
    let morpho: Morpho;
    const world = useWorld(async (w) => {
      morpho = await openMorpho(w);
    });
    const open = async () => {
      const w = world();
      const vault = await w.ethers.deployContract("LendingVault", [morpho.address, [...morpho.market]]);
      const at = await vault.getAddress();
      await w.mint(w.frank.address, LENT);
      await w.usdc.send("approve", [at, LENT], w.frank.address);
      await vault.connect(w.frank).getFunction("deposit(uint256,address)")(LENT, w.frank.address);
      const chainlink = await w.ethers.deployContract("ChainlinkSource");
      const coder = w.ethers.AbiCoder.defaultAbiCoder();
      const proxy = part("chainlink").usdcUsd;
      const priceSettings = coder.encode(["uint32"], [LONG]);
      const source = await w.ethers.deployContract("RatioSource", [await chainlink.getAddress(), proxy, priceSettings]);
      const settings = coder.encode(SETTINGS, [VAULT_RATE, DECIMALS, GROWTH_BPS, FLOOR_BPS]);
      const [first, second] = await source.configure(at, settings);
      const [price, publishedAt] = await chainlink
        .configure(proxy, priceSettings)
        .then(async (words) => chainlink.read(...(words as unknown as [bigint, bigint])))
        .then((read) => [read.price, read.publishedAt] as const);
      return { vault, at, price, publishedAt, read: () => source.read(first, second), listedAt: await w.now() };
    };
    /** Lends on behalf of the vault: its share price rises by nobody's work. */
    const give = async (vault: string, amount: bigint) => {
      await morpho.lend(world().erin, amount, vault);
    };

    it("ORC-01: the price of a share is the vault's rate times the feed's price, as old as the feed's", async () => {
      const { vault, price, publishedAt, read } = await open();
      const rate = await vault.convertToAssets(USDC);
      expect([...(await read())]).to.deep.equal([Status.Valid, (rate * price) / USDC, publishedAt, 0n]);
    });

    it("ORC-06: a gift that lifts the rate above its growth is no price, until time has allowed for it", async () => {
      const w = world();
      const { vault, at, read, listedAt } = await open();
      const listed = await vault.convertToAssets(USDC);
      await give(at, LENT / 100n);
      const rate = await vault.convertToAssets(USDC);
      expect(rate).to.be.greaterThan(listed);
      expect([...(await read())]).to.deep.equal([Status.OutsideBand, 0n, 0n, 0n]);
      // The cap is rounded down: the first second at which it allows the rate.
      const scale = listed * GROWTH_BPS;
      const needed = ((rate - listed) * 10_000n * YEAR + scale - 1n) / scale;
      await w.networkHelpers.time.increaseTo(listedAt + needed - 1n);
      expect((await read()).status).to.equal(Status.OutsideBand);
      // The feed has been silent for longer than it may be by then.
      await w.networkHelpers.time.increaseTo(listedAt + needed);
      expect((await read()).status).to.equal(Status.Stale);
    });

    it("ORC-01: a bad debt that takes more than the floor allows is no price, one that takes less is", async () => {
      const w = world();
      const { vault, price, read } = await open();
      const before = await vault.convertToAssets(USDC);
      const debt = await morpho.borrow(w.alice);
      const snapshot = await w.networkHelpers.takeSnapshot();
      const outcomes: bigint[] = [];
      // At 80% of the price the collateral pays nearly all of the debt, at a half it does not.
      for (const percent of [50n, 80n]) {
        await morpho.setPrice((w.price * percent) / 100n);
        const lost = debt - (await morpho.liquidate(w.carol, w.alice));
        const rate = await vault.convertToAssets(USDC);
        expect(lost).to.be.greaterThan(0n);
        expect(rate).to.be.lessThan(before);
        const isAbove = rate * 10_000n >= before * FLOOR_BPS;
        const { status, price: read0 } = await read();
        expect(status).to.equal(isAbove ? Status.Valid : Status.OutsideBand);
        expect(read0).to.equal(isAbove ? (rate * price) / USDC : 0n);
        outcomes.push(status);
        await snapshot.restore();
      }
      expect(outcomes, "both were seen").to.deep.equal([Status.OutsideBand, Status.Valid]);
    });
  },
);

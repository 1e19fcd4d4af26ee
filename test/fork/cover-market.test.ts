import { expect } from "chai";
import { toBeHex, zeroPadValue } from "ethers";

import {
  factoryAbi,
  POOL_FEE,
  positionManagerAbi,
  routerAbi,
  squareRoot,
  swap,
} from "../../scripts/fork/parts/uniswap.ts";
import { SOCIALIZED_LOSS, sideBit } from "../../deploy/modules/defaults.ts";
import type { Foreign } from "../../scripts/fork/foreign.ts";
import { fiatTokenAbi } from "../../scripts/fork/parts/tokens.ts";
import { onNetwork, part, USDC, WAD } from "./support/fork.ts";
import { ETH_MARKET, USDC_TO_WAD, useWorld } from "./support/world.ts";

const DAY = 86_400n;
const WEEK = 7n * DAY;
/** Cover of one unit of short base each. */
const UNITS = 50n * WAD;
const LAST_TICK = 887_270;
const SIZE = 100n * WAD;
/** A pool takes a little less than it is offered. */
const MINT_ROUNDING = 10n ** 9n;

onNetwork("Cover changes hands on the real Uniswap v3 (CVR-03)", ["uniswap", "usdc", "weth", "chainlink"], () => {
  let series: bigint;
  let wrapper: Foreign;
  /** Junior and senior capital, a series on short ether, and Alice with 50 tokens of it, wrapped. */
  const world = useWorld(async (w) => {
    await w.underwrite(w.dave, 0, 200_000n * USDC);
    await w.underwrite(w.erin, 1, 200_000n * USDC);
    const limit = w.price / 5n;
    const product = {
      ...SOCIALIZED_LOSS,
      trigger: await w.socializedLoss.getAddress(),
      terms: zeroPadValue(toBeHex(ETH_MARKET), 32),
      sides: sideBit(ETH_MARKET, false),
    };
    await w.vault.announceProduct(product);
    const opensAt = (await w.now()) + 42n * DAY;
    await w.networkHelpers.time.increaseTo(opensAt - (opensAt % WEEK) + WEEK);
    await w.setPrice(w.price);
    const week = Number((await w.now()) / WEEK) + 10;
    series = await w.vault.openSeries.staticCall(1n, limit, week);
    await w.vault.openSeries(1n, limit, week);

    const premium = await w.vault.previewPremium(series, UNITS);
    await w.mint(w.alice.address, premium);
    await w.usdc.send("approve", [await w.vault.getAddress(), premium], w.alice.address);
    const [purchase] = await w.vault.connect(w.alice).buy.staticCall(series, UNITS, premium, w.alice.address);
    await w.vault.connect(w.alice).buy(series, UNITS, premium, w.alice.address);
    await w.setPrice(w.price, Number(4n * DAY));
    await w.vault.complete(purchase);

    const factory = await w.ethers.deployContract("CoverWrapperFactory", [await w.vault.getAddress()]);
    await factory.create(series);
    const address = await factory.wrapperOf(series);
    const cover = await w.ethers.getContractAt("CoverToken", await w.vault.coverToken());
    await cover.connect(w.alice).setApprovalForAll(address, true);
    const token = await w.ethers.getContractAt("CoverWrapper", address);
    await token.connect(w.alice).wrap(UNITS, w.alice.address);
    wrapper = w.chain.at(address, fiatTokenAbi);
  });
  /** Alice offers half of her cover around 4 dollars a token, against dollars of her own. */
  const offer = async () => {
    const w = world();
    const manager = w.chain.at(part("uniswap").positionManager, positionManagerAbi);
    const [amount, dollars] = [UNITS / 2n, (UNITS / 2n / WAD) * 4n * USDC];
    await w.mint(w.alice.address, dollars);
    const isCoverFirst = BigInt(wrapper.address) < BigInt(w.usdc.address);
    const tokens = isCoverFirst ? [wrapper, w.usdc] : [w.usdc, wrapper];
    const amounts = isCoverFirst ? [amount, dollars] : [dollars, amount];
    const root = squareRoot((amounts[1]! << 192n) / amounts[0]!);
    const pair = [tokens[0]!.address, tokens[1]!.address, POOL_FEE];
    await manager.send("createAndInitializePoolIfNecessary", [...pair, root], w.alice.address);
    for (const [i, token] of tokens.entries()) {
      await token.send("approve", [manager.address, amounts[i]], w.alice.address);
    }
    const range = [-LAST_TICK, LAST_TICK];
    await manager.send("mint", [[...pair, ...range, ...amounts, 0, 0, w.alice.address, 2n ** 40n]], w.alice.address);
    const pools = w.chain.at(part("uniswap").factory, factoryAbi);
    return pools.readAddress("getPool", pair);
  };
  /** Frank buys cover for so many dollars. */
  const buyOnMarket = async (dollars: bigint) => {
    const w = world();
    await w.mint(w.frank.address, dollars);
    const router = w.chain.at(part("uniswap").router, routerAbi);
    await swap(w.frank.address, router, w.usdc, wrapper, dollars);
    return wrapper.readNumber("balanceOf", [w.frank.address]);
  };

  it("CVR-03: wrapped cover is an ERC-20 like others: a pool takes it, and anyone buys there", async () => {
    const w = world();
    const pool = await offer();
    const bought = await buyOnMarket(40n * USDC);
    // 25 tokens against 100 dollars: 40 dollars buy 25 * 40 / 140, less the pool's fee.
    expect(bought).to.be.within(7n * WAD, (25n * 40n * WAD) / 140n);
    expect(await wrapper.readNumber("totalSupply")).to.equal(UNITS);
    const cover = await w.ethers.getContractAt("CoverToken", await w.vault.coverToken());
    expect(await cover.balanceOf(wrapper.address, series)).to.equal(UNITS);
    expect(await wrapper.readNumber("balanceOf", [pool])).to.be.within(
      UNITS / 2n - bought - MINT_ROUNDING,
      UNITS / 2n - bought + 1n,
    );
  });

  it("CVR-05, CVR-07: who bought on the market is paid like the first buyer, to the unit of the token", async () => {
    const w = world();
    await offer();
    const bought = await buyOnMarket(40n * USDC);
    // Bob is short and charged: a long without means, an empty fund.
    const notional = (SIZE * w.price) / WAD;
    await w.deposit(w.carol, (notional * 102n) / 1_000n / USDC_TO_WAD);
    await w.deposit(w.bob, notional / USDC_TO_WAD);
    await w.trade(w.carol, w.bob, SIZE, w.price);
    await w.setPrice((w.price * 85n) / 100n);
    await w.deposit(w.dave, notional / USDC_TO_WAD);
    await w.bid(w.dave, w.id(w.carol));
    const [, facts] = await w.house.sideOf(ETH_MARKET, false);
    expect(facts.socializedPerUnit).to.be.greaterThan(0n);

    const vault = await w.vault.getAddress();
    const { bond } = await w.verifier.bondTerms();
    await w.mint(w.erin.address, bond);
    await w.usdc.send("approve", [await w.verifier.getAddress(), bond], w.erin.address);
    await w.verifier.connect(w.erin).open(vault, series);
    await w.verifier.resolve(vault, series);
    await w.vault.sync(series);
    const perUnit = (await w.vault.seriesOf(series)).settled;
    expect(perUnit).to.equal(facts.socializedPerUnit);

    const token = await w.ethers.getContractAt("CoverWrapper", wrapper.address);
    for (const [who, units] of [
      [w.frank, bought],
      [w.alice, UNITS / 2n],
    ] as const) {
      const before = await w.balanceOf(who.address);
      await token.connect(who).unwrap(units, who.address);
      await w.vault.connect(who).redeem(series, units, who.address);
      expect((await w.balanceOf(who.address)) - before).to.equal((units * perUnit) / WAD / USDC_TO_WAD);
    }
  });
});

import { expect } from "chai";
import { SigningKey, Wallet } from "ethers";

import BulwarkModule from "../../deploy/modules/Bulwark.ts";
import { CLAIM_BOND, ETH_MARKET, FEED_RULES, PYTH_ETH_USD } from "../../deploy/modules/defaults.ts";
import { pythUpdate } from "../../scripts/fork/parts/pyth.ts";
import { ETH_FEED, redStonePayload } from "../../scripts/fork/parts/redstone.ts";
import { routerAbi, swap } from "../../scripts/fork/parts/uniswap.ts";
import { FEED_TO_WAD } from "./support/feeds.ts";
import { onNetwork, part, WAD } from "./support/fork.ts";
import { Status } from "./support/sources.ts";
import { useWorld } from "./support/world.ts";

const UNIT = 10n ** 6n;
const AGE = 3_900;
const WINDOW = 1_800;
const KEYS = [1, 2, 3].map((digit) => new SigningKey(`0x${String(digit).repeat(64)}`));
const PYTH = ["function updatePriceFeeds(bytes[] updates) payable"];

const PARTS = ["mockPyth", "uniswap", "chainlink", "usdc", "weth"] as const;
onNetwork("The module of public networks, on published contracts (DPL-01, ORC-02)", PARTS, () => {
  const world = useWorld();

  const bringPyth = async () => {
    const w = world();
    const at = w.chain.at(part("mockPyth"), PYTH);
    const price = w.price / FEED_TO_WAD;
    const update = pythUpdate({ id: PYTH_ETH_USD, price, confidence: 1n, exponent: -8, publishTime: await w.now() });
    const data = at.interface.encodeFunctionData("updatePriceFeeds", [[update]]);
    await w.alice.sendTransaction({ to: at.address, data, value: 1n });
  };

  /** All that the module asks for. */
  const parameters = () => {
    const { administrator, ethers, feeds, usdc, weth } = world();
    return {
      settlementToken: usdc.address,
      feeRecipient: administrator.address,
      claimBond: CLAIM_BOND.bond * UNIT,
      lapseFee: CLAIM_BOND.lapseFee * UNIT,
      sequencerFeed: ethers.ZeroAddress,
      sequencerGrace: 0n,
      ethUsdFeed: feeds.proxies[0]!,
      pyth: part("mockPyth"),
      redStoneSigners: KEYS.map((key) => new Wallet(key.privateKey).address),
      redStoneThreshold: 2n,
      ethPool: part("uniswap").pool,
      ethPoolSettings: ethers.AbiCoder.defaultAbiCoder().encode(
        ["address", "uint32", "uint32", "uint128"],
        [usdc.address, WINDOW, AGE, 1],
      ),
      wrappedEther: weth.address,
      tokenHolder: administrator.address,
      canceller: administrator.address,
    };
  };

  const deploy = async (changes: Partial<ReturnType<typeof parameters>> = {}) => {
    const w = world();
    await w.wrap(w.alice, WAD);
    await swap(w.alice.address, w.chain.at(part("uniswap").router, routerAbi), w.weth, w.usdc, WAD);
    await bringPyth();
    const deployed = await w.ignition.deploy(BulwarkModule, {
      parameters: { Bulwark: { ...parameters(), ...changes } },
    });
    const at = async (contract: { getAddress(): Promise<string> }) => contract.getAddress();
    return {
      oracle: await w.ethers.getContractAt("PriceOracle", await at(deployed.oracle)),
      house: await w.ethers.getContractAt("IClearingHouse", await at(deployed.house)),
      redStone: await w.ethers.getContractAt("RedStoneSource", await at(deployed.redStoneSource)),
      triggers: [
        deployed.accountLiquidated,
        deployed.deleveraged,
        deployed.fundShortfall,
        deployed.liquidationError,
        deployed.priceTouch,
        deployed.depeg,
        deployed.vaultShareLoss,
        deployed.aaveDeficit,
        deployed.morphoBadDebt,
        deployed.attested,
      ],
      solvency: await w.ethers.getContractAt("Solvency", await at(deployed.solvency)),
    };
  };

  it("ORC-02, R6: the feed of ether has four sources of three kinds, of which three decide; RedStone comes in when it is brought", async () => {
    const w = world();
    const { oracle, redStone } = await deploy();
    expect((await oracle.inspect(ETH_MARKET.market)).statuses).to.deep.equal([
      Status.Valid,
      Status.Valid,
      Status.Unreachable,
      Status.Valid,
    ]);
    const value = w.price / FEED_TO_WAD;
    const timestampMs = (await w.now()) * 1_000n;
    await redStone.update(
      [ETH_FEED],
      redStonePayload(KEYS.map((key) => ({ key, feed: ETH_FEED, value, timestampMs }))),
    );
    const { statuses, prices } = await oracle.inspect(ETH_MARKET.market);
    expect([...statuses]).to.deep.equal([Status.Valid, Status.Valid, Status.Valid, Status.Valid]);
    expect(prices.slice(0, 3)).to.deep.equal([w.price, w.price, w.price]);
    // Three of four: with Chainlink silent the others decide, with Pyth silent as well nobody does.
    await w.feeds.set(w.price / 2n, w.feeds.all.slice(0, 1));
    await oracle.refresh(ETH_MARKET.market);
    expect((await oracle.quote(ETH_MARKET.market)).hasConsensus).to.equal(true);
    await w.networkHelpers.time.increase(AGE + 1);
    await oracle.refresh(ETH_MARKET.market);
    expect((await oracle.quote(ETH_MARKET.market)).hasConsensus).to.equal(false);
    expect(FEED_RULES.kinds, "and never by one kind").to.equal(2);
  });

  it("DPL-01, CLM-03 to CLM-05: every trigger has code, risk control is linked, and `solvency` answers for this house", async () => {
    const w = world();
    const { house, solvency, triggers } = await deploy();
    for (const trigger of triggers) {
      expect((await w.ethers.provider.getCode(await trigger.getAddress())).length).to.be.greaterThan(2);
    }
    expect(await house.riskController()).not.to.equal(w.ethers.ZeroAddress);
    expect(await solvency.house()).to.equal(await house.getAddress());
  });
});

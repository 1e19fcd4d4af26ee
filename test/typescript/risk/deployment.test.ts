import { expect } from "chai";
import { Wallet } from "ethers";
import { network } from "hardhat";

import BulwarkModule from "../../../deploy/modules/Bulwark.ts";
import TestnetModule from "../../../deploy/modules/BulwarkTestnet.ts";
import LocalModule from "../../../deploy/modules/Local.ts";
import { fieldsOf, RISK_PARAMETERS } from "../../../deploy/modules/defaults.ts";
import { chainlink, pyth, uniswap } from "../oracle/support/kinds.ts";
import type { OracleFixture } from "../oracle/support/oracle.ts";

describe("risk control as the modules deploy it (RSK-01, DPL-01)", () => {
  const publicModule = async (hasPool: boolean) => {
    const { ethers, ignition } = await network.create();
    const usd = await ethers.deployContract("MockToken", ["Test Dollar", "USDT", 6]);
    const weth = await ethers.deployContract("MockToken", ["Wrapped Ether", "WETH", 18]);
    const [deployer, , stranger] = await ethers.getSigners();
    if (deployer === undefined || stranger === undefined) throw new Error("no accounts");
    const now = async () => BigInt((await ethers.provider.getBlock("latest"))?.timestamp ?? 0);
    // A feed, Pyth's contract and a pool that say 2,000.
    const fixture = { ethers, now, oracleAddress: ethers.ZeroAddress } as unknown as OracleFixture;
    const [push, pull, pool] = [await chainlink(fixture), await pyth(fixture), await uniswap(fixture)];
    const common = {
      settlementToken: await usd.getAddress(),
      wrappedEther: await weth.getAddress(),
      feeRecipient: deployer.address,
      claimBond: 10n ** 7n,
      lapseFee: 10n ** 6n,
      sequencerFeed: ethers.ZeroAddress,
      sequencerGrace: 0n,
      ethUsdFeed: push.listing.target,
      pyth: pull.listing.target,
      redStoneSigners: [1, 2, 3].map((key) => new Wallet(ethers.toBeHex(key, 32)).address),
      redStoneThreshold: 2n,
      tokenHolder: deployer.address,
      canceller: stranger.address,
    };
    const withPool = { ...common, ethPool: pool.listing.target, ethPoolSettings: pool.listing.settings };
    const deployed = hasPool
      ? await ignition.deploy(BulwarkModule, { parameters: { Bulwark: withPool } })
      : await ignition.deploy(TestnetModule, { parameters: { BulwarkTestnet: common } });
    const oracle = await ethers.getContractAt("PriceOracle", await deployed.oracle.getAddress());
    const { statuses } = await oracle.inspect(0);
    // Chainlink, Pyth, RedStone, to which nobody has brought a price, and the pool.
    expect([...statuses]).to.deep.equal(hasPool ? [0n, 0n, 1n, 0n] : [0n, 0n, 1n]);
    const address = await deployed.riskController.getAddress();
    const house = await ethers.getContractAt("IClearingHouse", await deployed.clearingHouse.getAddress());
    const control = await ethers.getContractAt("RiskController", address);
    expect(await house.riskController()).to.equal(address);
    expect(await control.house()).to.equal(await house.getAddress());
    expect(await control.authority()).to.equal(await deployed.accessManager.getAddress());
    for (const [index, terms] of RISK_PARAMETERS.entries()) {
      const { parameters } = await control.classParameters(index);
      expect([...parameters]).to.deep.equal(fieldsOf(terms).map(BigInt));
    }
    // Nothing stands behind the market yet, so nothing can be opened: FND-04.
    await control.connect(stranger).sync(0);
    expect((await house.marketOf(0))[1].cap).to.equal(0n);
    expect(await control.ratio()).to.equal(10n ** 9n);
  };

  it("RSK-01: the public module links it, with the parameters of defaults.ts; anyone may sync at once", () =>
    publicModule(true));

  it("RSK-01, ORC-02: so does the module without a pool, whose feed has two kinds in three sources", () =>
    publicModule(false));

  it("RSK-01: the local module deploys it and leaves the link to whoever wants it", async () => {
    const { ethers, ignition } = await network.create();
    const deployed = await ignition.deploy(LocalModule);
    const house = await ethers.getContractAt("IClearingHouse", await deployed.clearingHouse.getAddress());
    expect(await house.riskController()).to.equal(ethers.ZeroAddress);
    await house.linkRiskController(await deployed.riskController.getAddress());
    const control = await ethers.getContractAt("RiskController", await deployed.riskController.getAddress());
    await control.syncMany([0, 1]);
    expect((await house.marketOf(1))[1].cap).to.equal(0n);
  });
});

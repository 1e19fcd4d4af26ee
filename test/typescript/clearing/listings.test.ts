import { expect } from "chai";
import hre from "hardhat";

import { USD, WAD } from "../support/deployment.ts";
import { useWorld } from "../support/world.ts";
import type { World } from "../support/world.ts";

const MAX_OPEN_INTEREST = 1n << 95n;
const LISTING = { class: 0, maintenanceRate: 4_000, addOn: 0, cap: WAD };

/** Four parts of a house of its own, not linked yet. */
async function deployHouse(
  w: World,
  overrides: {
    settlementToken?: string;
    extension?: string;
    registry?: string;
    treasury?: string;
    fundFeeShareBps?: number;
    feeRecipient?: string;
    takerFeeBps?: number;
  } = {},
) {
  const settings = {
    accessManager: await w.engine.authority(),
    oracle: await w.oracle.getAddress(),
    settlementToken: overrides.settlementToken ?? (await w.usd.getAddress()),
    feeRecipient: overrides.feeRecipient ?? w.administrator.address,
    minMaintenanceMargin: 10n * WAD,
    bandBps: 200,
    takerFeeBps: overrides.takerFeeBps ?? 5,
    fundFeeShareBps: overrides.fundFeeShareBps ?? 2000,
    negativeCashShareBps: 5000,
    negativeCashCapBps: 1000,
  };
  const treasury =
    overrides.treasury ?? (await (await w.ethers.deployContract("ClearingHouseTreasury", [settings])).getAddress());
  const registry =
    overrides.registry ??
    (await (await w.ethers.deployContract("ClearingHouseRegistry", [settings, treasury])).getAddress());
  const extension =
    overrides.extension ??
    (await (await w.ethers.deployContract("ClearingHouseExtension", [settings, registry])).getAddress());
  const house = await w.ethers.deployContract("ClearingHouse", [settings, extension]);
  return w.ethers.getContractAt("IClearingHouse", await house.getAddress());
}

describe("what is set up once (R5)", () => {
  const world = useWorld();

  it("ClearingHouse_AlreadyLinked: links are set once, for good", async () => {
    const w = world();
    await expect(w.house.link(w.erin.address, w.erin.address, w.erin.address))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_AlreadyLinked")
      .withArgs(w.engineAddress);
    expect([await w.house.engine(), await w.house.fund(), await w.house.orderBook()]).to.deep.equal([
      w.engineAddress,
      w.fundAddress,
      w.orderBook.address,
    ]);
  });

  it("R5: the house says where the code of its other functions lies", async () => {
    const w = world();
    const house = await w.ethers.getContractAt("ClearingHouse", w.houseAddress);
    const extension = await house.extension();
    const { deployedBytecode } = await hre.artifacts.readArtifact("ClearingHouseExtension");
    const code = await w.ethers.provider.getCode(extension);
    // Of the same length: what differs is what was set when it was deployed.
    expect(code.length).to.equal(deployedBytecode.length);
  });

  it("ClearingHouse_InvalidLink: every link must have code, and each part of the house too", async () => {
    const w = world();
    const house = await deployHouse(w);
    const [code, none] = [w.engineAddress, w.erin.address];
    for (const links of [
      [none, code, code],
      [code, none, code],
      [code, code, none],
    ] as const) {
      await expect(house.link(...links))
        .to.be.revertedWithCustomError(house, "ClearingHouse_InvalidLink")
        .withArgs(none);
    }
    await expect(house.link(code, w.fundAddress, code))
      .to.emit(house, "Linked")
      .withArgs(code, w.fundAddress, code);
    for (const part of [{ extension: none }, { registry: none }, { treasury: none }]) {
      await expect(deployHouse(w, part))
        .to.be.revertedWithCustomError(w.house, "ClearingHouse_InvalidLink")
        .withArgs(none);
    }
  });

  it("ClearingHouse_InvalidLink: the fund is not who gets the fees; a guardian has code", async () => {
    const w = world();
    const [code, none] = [w.engineAddress, w.erin.address];
    const house = await deployHouse(w, { feeRecipient: w.fundAddress });
    await expect(house.link(code, w.fundAddress, code))
      .to.be.revertedWithCustomError(house, "ClearingHouse_InvalidLink")
      .withArgs(w.fundAddress);
    await house.link(code, await w.usd.getAddress(), code);
    await expect(house.linkGuardian(none))
      .to.be.revertedWithCustomError(house, "ClearingHouse_InvalidLink")
      .withArgs(none);
    expect(await house.guardian()).to.equal(w.ethers.ZeroAddress);
  });

  it("CLR-08: a house without a taker fee keeps none: both sides of a fill have what they brought", async () => {
    const w = world();
    const house = await deployHouse(w, { takerFeeBps: 0 });
    await house.link(w.engineAddress, w.fundAddress, w.orderBook.address);
    await w.listFeed(9, 100n * WAD);
    await house.listMarket(9, { ...LISTING, cap: 1_000n * WAD });
    for (const who of [w.alice, w.bob]) {
      await w.usd.mint(who.address, 1_000n * USD);
      await w.usd.connect(who).approve(await house.getAddress(), 1_000n * USD);
      await house.connect(who).deposit(w.id(who), 0, 1_000n * USD);
    }
    const fill = { taker: w.id(w.alice), maker: w.id(w.bob), market: 9, size: 10n * WAD, price: 100n * WAD };
    await expect(house.connect(w.orderBook).trade(fill))
      .to.emit(house, "Traded")
      .withArgs(fill.taker, fill.maker, 9, fill.size, fill.price, fill.price, 0n);
    expect((await house.totals()).fees).to.equal(0n);
    for (const account of [fill.taker, fill.maker]) {
      expect((await house.headerOf(account)).cash).to.equal(1_000n * WAD);
    }
  });

  it("ClearingHouse_InvalidSettings: the fund's share of fees is below 100%", async () => {
    const w = world();
    await deployHouse(w, { fundFeeShareBps: 9_999 });
    await expect(deployHouse(w, { fundFeeShareBps: 10_000 })).to.be.revertedWithCustomError(
      w.house,
      "ClearingHouse_InvalidSettings",
    );
  });

  it("before it is linked a house books nothing for anyone", async () => {
    const w = world();
    const house = await deployHouse(w);
    const fill = { taker: w.id(w.alice), maker: w.id(w.bob), market: 0, size: WAD, price: WAD };
    await expect(house.trade(fill))
      .to.be.revertedWithCustomError(house, "ClearingHouse_NotLinked")
      .withArgs(w.administrator.address, w.ethers.ZeroAddress);
  });

  it("restricted: links, markets and assets", async () => {
    const w = world();
    const [erin, house] = [w.erin.address, w.house.connect(w.erin)];
    const manager = await w.ethers.getContractAt("LiquidationEngine", w.engineAddress);
    const calls = [
      () => house.link(erin, erin, erin),
      () => house.listMarket(9, LISTING),
      () => house.listAsset(2, erin, 0, 0, 1),
    ];
    for (const call of calls) {
      await expect(call()).to.be.revertedWithCustomError(manager, "AccessManagedUnauthorized").withArgs(erin);
    }
  });

  it("ClearingHouse_InvalidListing: market below 48, mmr 1e-5 to 50%, growth to 2^20 - 1, cap 1 to 2^95", async () => {
    const w = world();
    await w.listFeed(9, 5n * WAD);
    for (const [market, change] of [
      [48, {}],
      [255, {}],
      [9, { maintenanceRate: 0 }],
      [9, { maintenanceRate: 50_001 }],
      [9, { addOn: 1 << 20 }],
      [9, { addOn: 16_777_215 }],
      [9, { cap: 0n }],
      [9, { cap: MAX_OPEN_INTEREST + 1n }],
      [9, { cap: (1n << 96n) - 1n }],
    ] as const) {
      const listing = { ...LISTING, ...change };
      await expect(w.house.listMarket(market, listing))
        .to.be.revertedWithCustomError(w.house, "ClearingHouse_InvalidListing")
        .withArgs(market, [listing.class, listing.maintenanceRate, listing.addOn, listing.cap]);
    }
    const edge = { class: 2, maintenanceRate: 50_000, addOn: (1 << 20) - 1, cap: MAX_OPEN_INTEREST };
    await expect(w.house.listMarket(9, edge))
      .to.emit(w.house, "MarketListed")
      .withArgs(9, [edge.class, edge.maintenanceRate, edge.addOn, edge.cap]);
    const [market, interest] = await w.house.marketOf(9);
    expect([market.rateSet, market.rateTarget, market.addOn, market.flags, interest.cap]).to.deep.equal([
      50_000n,
      50_000n,
      1_048_575n,
      14n,
      MAX_OPEN_INTEREST,
    ]);
    expect(await w.house.listedMarkets()).to.equal(512n + 3n);
  });

  it("ClearingHouse_MarketAlreadyListed: a listed market never changes; one without a price is not listed", async () => {
    const w = world();
    await expect(w.house.listMarket(0, LISTING))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_MarketAlreadyListed")
      .withArgs(0);
    await expect(w.house.listMarket(9, LISTING))
      .to.be.revertedWithCustomError(w.oracle, "PriceOracle_UnknownFeed")
      .withArgs(9);
    const feeds = await w.listFeed(9, 5n * WAD);
    await w.kill(feeds);
    await expect(w.house.listMarket(9, LISTING))
      .to.be.revertedWithCustomError(w.oracle, "PriceOracle_NoConsensus")
      .withArgs(9, 1n, 1n, 2n);
  });

  it("ClearingHouse_UnknownAsset, AssetAlreadyListed: numbers 1 to 7, each once; 0 is the settlement asset", async () => {
    const w = world();
    const token = await (await w.ethers.deployContract("MockToken", ["Other", "OTH", 8])).getAddress();
    await expect(w.house.listAsset(8, token, 0, 0, 1))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_UnknownAsset")
      .withArgs(8);
    for (const asset of [0, 1]) {
      await expect(w.house.listAsset(asset, token, 0, 0, 1))
        .to.be.revertedWithCustomError(w.house, "ClearingHouse_AssetAlreadyListed")
        .withArgs(asset);
    }
    await expect(w.house.listAsset(7, token, 0, 9_999, 5))
      .to.emit(w.house, "AssetListed")
      .withArgs(7, token, 0, 9_999, 5);
    const [asset] = await w.house.assetOf(7);
    expect([asset.token, asset.decimals, asset.haircut, asset.cap]).to.deep.equal([token, 8n, 9_999n, 5n]);
  });

  it("ClearingHouse_InvalidAsset: the settlement token, 100% haircut, no cap, more than 18 decimals, or no token at all", async () => {
    const w = world();
    const usd = await w.usd.getAddress();
    const token = await (await w.ethers.deployContract("MockToken", ["Other", "OTH", 8])).getAddress();
    const fine = await (await w.ethers.deployContract("HostileToken", [19])).getAddress();
    for (const [address, haircut, cap, decimals] of [
      [usd, 0, 1, 6],
      [token, 10_000, 1, 8],
      [token, 65_535, 1, 8],
      [token, 0, 0, 8],
      [fine, 7, 1, 19],
      [w.erin.address, 3, 1, 0],
    ] as const) {
      await expect(w.house.listAsset(2, address, 0, haircut, cap))
        .to.be.revertedWithCustomError(w.house, "ClearingHouse_InvalidAsset")
        .withArgs(address, decimals, haircut);
    }
    await expect(deployHouse(w, { settlementToken: fine }))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_InvalidAsset")
      .withArgs(fine, 19, 0);
  });

  it("ClearingHouse_UnknownMarket: readers and roll say so", async () => {
    const w = world();
    for (const market of [2, 48, 255]) {
      for (const call of [() => w.house.positionOf(w.clearing, market), () => w.house.roll(w.clearing, market)]) {
        await expect(call()).to.be.revertedWithCustomError(w.house, "ClearingHouse_UnknownMarket").withArgs(market);
      }
    }
  });
});

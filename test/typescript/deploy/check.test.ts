import { AbiCoder, parseEther, toBeHex } from "ethers";
import { expect } from "chai";

import {
  BTC_MARKET,
  ETH_MARKET,
  FEED_RULES,
  fieldsOf,
  RISK_PARAMETERS,
  SOCIALIZED_LOSS,
  YIELD_FLOOR,
} from "../../../deploy/modules/defaults.ts";
import { ROLES } from "../../../deploy/modules/privileges.ts";
import type { Finding } from "../../../scripts/deploy/check.ts";
import { differences, findingsOf, stateOf, useReference } from "./support/governed.ts";

const DAY = 86_400;
const FEED_AGE = AbiCoder.defaultAbiCoder().encode(["uint32"], [DAY]);
const PUBLIC_ROLE = 2n ** 64n - 1n;
const STRANGER = 7;

/** What the governor may do when its delay is over, or whoever has stolen what it decides: each is seen. */
describe("a deployment that is not as it was deployed (GOV-02, INV-17)", () => {
  const reference = useReference();
  let restore: () => Promise<void>;
  beforeEach(async () => {
    const snapshot = await reference().place.networkHelpers.takeSnapshot();
    restore = () => snapshot.restore();
  });
  afterEach(() => restore());

  const at = (name: string) => reference().state.manifest.contracts[name]!.address;
  const bound = (name: string, face = name) => reference().place.ethers.getContractAt(face, at(name));
  const stranger = async () => (await reference().place.ethers.getSigners())[STRANGER]!.address;

  /** Schedules a call as the governor, waits for its delay, and makes it. */
  const decide = async (name: string, method: string, args: unknown[], face?: string) => {
    const { ethers, networkHelpers, provider } = reference().place;
    const governor = at("BulwarkGovernor");
    await provider.request({ method: "hardhat_impersonateAccount", params: [governor] });
    await provider.request({ method: "hardhat_setBalance", params: [governor, toBeHex(parseEther("1"))] });
    const manager = (await bound("AccessManager")).connect(await ethers.getSigner(governor));
    const data = (await bound(name, face)).interface.encodeFunctionData(method, args);
    await manager.getFunction("schedule")(at(name), data, 0);
    const operation: unknown = await manager.getFunction("hashOperation")(governor, at(name), data);
    await networkHelpers.time.increaseTo((await manager.getFunction("getSchedule")(operation)) as bigint);
    for (const feed of ["EthFeed0", "EthFeed1", "EthFeed2"]) {
      await (await bound(feed, "MockAggregator")).getFunction("setAnswer")(200n * 10n ** 8n);
    }
    await manager.getFunction("execute")(at(name), data);
  };
  const wrong = async (): Promise<readonly Finding[]> => differences((await stateOf(reference().place)).findings);
  const seen = async () => (await wrong()).map(({ what }) => what);

  it("GOV-02: as it was deployed, everything is as it should be", async () => {
    expect(await wrong()).to.deep.equal([]);
    const read = reference().state.findings.map(({ what }) => what);
    for (const what of ["feed 1: source 2: target", "market 1: listed cap", "asset 7: token, feed, haircut, cap"]) {
      expect(read).to.contain(what);
    }
  });

  it("GOV-02: a role that was granted", async () => {
    await decide("AccessManager", "grantRole", [ROLES.parameters.id, await stranger(), 0]);
    const [found, ...others] = await wrong();
    expect(found).to.deep.equal({
      what: "role parameters: members",
      expected: [at("BulwarkGovernor"), at("Steward")].join(","),
      found: [at("BulwarkGovernor"), at("Steward"), await stranger()].join(","),
    });
    expect(others).to.deep.equal([]);
  });

  it("GOV-02: a role that nobody should have", async () => {
    await decide("AccessManager", "grantRole", [9n, await stranger(), 0]);
    expect(await seen()).to.deep.equal(["roles with members"]);
  });

  it("GOV-02: a role's delay that was shortened, from the moment of the decision and when it counts", async () => {
    await decide("AccessManager", "grantRole", [ROLES.listing.id, at("BulwarkGovernor"), DAY]);
    expect(await seen()).to.deep.equal(["role listing: another delay to come"]);
    await reference().place.networkHelpers.time.increase(ROLES.listing.delay);
    expect(await wrong()).to.deep.equal([
      { what: "role listing: delay of BulwarkGovernor", expected: String(ROLES.listing.delay), found: String(DAY) },
    ]);
  });

  it("GOV-02: a target's delay that was shortened", async () => {
    await decide("AccessManager", "setTargetAdminDelay", [at("ClearingHouse"), DAY]);
    expect(await wrong()).to.deep.equal([
      { what: "ClearingHouse: delay of its roles", expected: String(ROLES.administrator.delay), found: String(DAY) },
    ]);
  });

  it("GOV-02: a guarded function that was given to everybody, a target that was closed", async () => {
    const selector = (await bound("ClearingHouse", "IClearingHouse")).interface.getFunction("lowerCap")!.selector;
    await decide("AccessManager", "setTargetFunctionRole", [at("ClearingHouse"), [selector], PUBLIC_ROLE]);
    expect(await seen()).to.deep.equal(["ClearingHouse.lowerCap: role"]);
    await decide("AccessManager", "setTargetClosed", [at("PriceOracle"), true]);
    expect(await seen()).to.deep.equal(["ClearingHouse.lowerCap: role", "PriceOracle: closed"]);
  });

  it("GOV-02: whoever may take back what is scheduled, another one", async () => {
    await decide("AccessManager", "setRoleGuardian", [ROLES.listing.id, ROLES.parameters.id]);
    expect(await seen()).to.deep.equal(["role listing: canceller"]);
    await decide("AccessManager", "setRoleAdmin", [ROLES.listing.id, ROLES.parameters.id]);
    expect(await seen()).to.deep.equal(["role listing: who gives it", "role listing: canceller"]);
  });

  it("GOV-02: a parameter of risk control that was changed", async () => {
    const [terms] = RISK_PARAMETERS;
    const safer = { ...terms, deviations: terms.deviations + 10 };
    await decide("RiskController", "setClassParameters", [0, fieldsOf(safer)]);
    expect(await wrong()).to.deep.equal([
      {
        what: "riskController: parameters of class 0",
        expected: String(fieldsOf(terms)),
        found: String(fieldsOf(safer)),
      },
    ]);
  });

  it("GOV-02: code that was replaced", async () => {
    await reference().place.provider.request({ method: "hardhat_setCode", params: [at("Lens"), "0x00"] });
    const { place, state } = reference();
    const found = differences(await findingsOf(place, state.manifest));
    expect(found.map(({ what }) => what)).to.deep.equal(["Lens: code hash", "Lens: code of the build"]);
  });

  it("GOV-02: a feed with another source, and with other rules", async () => {
    const { ethers } = reference().place;
    const other = await ethers.deployContract("MockAggregator", [8, 200n * 10n ** 8n]);
    const readers = [at("PriceOracle"), at("MockPullReader"), at("MockTimeWeightedReader")];
    const targets = [at("EthFeed0"), await other.getAddress(), at("EthFeed2")];
    const sources = readers.map((reader, index) => ({ reader, target: targets[index], settings: FEED_AGE }));
    await decide("PriceOracle", "listFeed", [0, FEED_RULES, sources]);
    expect(await wrong()).to.deep.equal([
      { what: "feed 0: source 1: target", expected: at("EthFeed1"), found: await other.getAddress() },
    ]);
    const looser = { ...FEED_RULES, maxDeviation: 2n * FEED_RULES.maxDeviation };
    targets[1] = at("EthFeed1");
    const back = readers.map((reader, index) => ({ reader, target: targets[index], settings: FEED_AGE }));
    await decide("PriceOracle", "listFeed", [0, looser, back]);
    expect(await seen()).to.deep.equal(["feed 0: rules"]);
  });

  it("GOV-02: a market with another term, one that ends, and one that was added", async () => {
    const house = "IClearingHouse";
    await decide("ClearingHouse", "lowerCap", [BTC_MARKET.market, BTC_MARKET.cap / 2n], house);
    expect(await wrong()).to.deep.equal([
      { what: "market 1: listed cap", expected: String(BTC_MARKET.cap), found: String(BTC_MARKET.cap / 2n) },
    ]);
    const end = (await reference().place.networkHelpers.time.latest()) + 60 * DAY;
    await decide("ClearingHouse", "announceClosing", [ETH_MARKET.market, end], house);
    expect(await wrong()).to.deep.include({ what: "market 0: flags", expected: "12", found: "8" });
    expect(await wrong()).to.deep.include({ what: "market 0: closing", expected: "0,false", found: `${end},false` });
  });

  it("GOV-02: another desk that may lend the reserve", async () => {
    const { ethers } = reference().place;
    const args = [at("AccessManager"), at("InsuranceFund"), 1];
    const other = await (await ethers.deployContract("YieldDesk", args)).getAddress();
    await decide("InsuranceFund", "announceDesk", [1, other, YIELD_FLOOR - 1n], "IReserveInvestments");
    expect(await wrong()).to.deep.equal([
      { what: "fund: who may lend its reserve", expected: at("YieldDesk"), found: other },
      { what: "fund: what lending leaves", expected: String(YIELD_FLOOR), found: String(YIELD_FLOOR - 1n) },
    ]);
  });

  it("GOV-02: an asset that was added, a product that was announced or closed", async () => {
    const { ethers } = reference().place;
    const token = await (await ethers.deployContract("MockToken", ["Other", "O", 18])).getAddress();
    await decide("ClearingHouse", "listAsset", [2, token, 0, 2_000, 5], "IClearingHouse");
    expect(await wrong()).to.deep.equal([
      {
        what: "asset 2: token, feed, haircut, cap",
        expected: "0x0000000000000000000000000000000000000000,0,0,0",
        found: `${token},0,2000,5`,
      },
    ]);
    const trigger = at("DeleveragedTrigger");
    const terms = { trigger, terms: toBeHex(1n, 32), sides: 2n, ...SOCIALIZED_LOSS };
    await decide("ReinsuranceVault", "announceProduct", [terms], "ICoverageVault");
    expect((await seen()).slice(1)).to.deep.equal(["ReinsuranceVault: products"]);
  });
});

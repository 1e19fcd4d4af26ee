import { AbiCoder, keccak256, parseEther, toBeHex, ZeroAddress } from "ethers";
import { expect } from "chai";

import {
  BTC_MARKET,
  ETH_MARKET,
  FEED_RULES,
  fieldsOf,
  GOVERNOR_SETTINGS,
  RISK_PARAMETERS,
  SOCIALIZED_LOSS,
  SOCIALIZED_LOSS_MODEL,
  VAULT_FLOOR,
  YIELD_FLOOR,
} from "../../../deploy/modules/defaults.ts";
import { ROLES } from "../../../deploy/modules/privileges.ts";
import type { Finding } from "../../../scripts/deploy/check.ts";
import { recordedContracts } from "../../../scripts/deploy/manifest.ts";
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
    expect(found.map(({ what }) => what)).to.deep.equal([
      "Lens: code hash",
      "Lens: code of the build",
      "Lens: what its constructor was given",
    ]);
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

  it("GOV-02: every setting of the governor that votes can change", async () => {
    const { ethers, provider } = reference().place;
    const governor = await bound("BulwarkGovernor");
    await provider.request({ method: "hardhat_impersonateAccount", params: [at("BulwarkGovernor")] });
    await provider.request({
      method: "hardhat_setBalance",
      params: [at("BulwarkGovernor"), toBeHex(parseEther("1"))],
    });
    const itself = governor.connect(await ethers.getSigner(at("BulwarkGovernor")));
    const changes: [method: string, setting: keyof typeof GOVERNOR_SETTINGS, value: bigint][] = [
      ["setVotingDelay", "votingDelay", 1n],
      ["setVotingPeriod", "votingPeriod", 3_600n],
      ["setProposalThreshold", "proposalThreshold", 1n],
      ["updateQuorumNumerator", "quorumNumerator", 1n],
      ["setLateQuorumVoteExtension", "lateQuorumVoteExtension", 0n],
    ];
    const expected: Finding[] = [];
    for (const [method, setting, value] of changes) {
      await itself.getFunction(method)(value);
      const [what, before] = [`governor: ${setting}`, GOVERNOR_SETTINGS[setting]];
      expected.push({ what, expected: String(before), found: String(value) });
      expect(await wrong(), method).to.deep.equal(expected);
    }
  });

  it("GOV-02: code of the build that was given other settings: a vault's floor, the sequencer and its grace", async () => {
    const { ethers, provider } = reference().place;
    /** Only what a constructor was given differs, which the comparison with the build leaves out. */
    const replace = async (name: string, other: { getAddress(): Promise<string> }) => {
      const code = await ethers.provider.getCode(await other.getAddress());
      await provider.request({ method: "hardhat_setCode", params: [at(name), code] });
    };
    const uptime = await ethers.deployContract("MockAggregator", [0, 0n]);
    const watching = await ethers.deployContract("PriceOracle", [
      at("AccessManager"),
      await uptime.getAddress(),
      3_600,
    ]);
    await replace("PriceOracle", watching);
    expect((await wrong()).slice(1)).to.deep.equal([
      { what: "oracle: feed of the sequencer", expected: ZeroAddress, found: await uptime.getAddress() },
      { what: "oracle: seconds of grace after the sequencer's return", expected: "0", found: "3600" },
    ]);

    const models = await ethers.deployContract("PremiumModel", [at("PriceOracle")]);
    const settings = {
      accessManager: at("AccessManager"),
      house: at("ClearingHouse"),
      fund: at("InsuranceFund"),
      verifier: at("ClaimVerifier"),
      floor: VAULT_FLOOR - 1n,
    };
    const extension = await ethers.deployContract("CoverageVaultExtension", [settings, await models.getAddress()]);
    const vault = await ethers.deployContract("CoverageVault", [await extension.getAddress()]);
    await replace("ReinsuranceVault", vault);
    expect((await wrong()).filter(({ what }) => !what.endsWith("was given")).slice(0, 3)).to.deep.equal([
      {
        what: "ReinsuranceVault: premiumModel",
        expected: at("PremiumModel"),
        found: await models.getAddress(),
      },
      {
        what: "ReinsuranceVault: extension",
        expected: at("CoverageVaultExtension"),
        found: await extension.getAddress(),
      },
      { what: "ReinsuranceVault: floor", expected: String(VAULT_FLOOR), found: String(VAULT_FLOOR - 1n) },
    ]);
  });

  it("GOV-02: a house that was given another recipient of fees, which no view tells", async () => {
    const { ethers, provider, folder } = reference().place;
    const name = "ClearingHouseTreasury";
    const [settings] = recordedContracts(folder).find((one) => one.name === name)!.constructed as [object];
    const feeRecipient = await stranger();
    const other = await ethers.deployContract(name, [{ ...settings, feeRecipient }]);
    const code = await ethers.provider.getCode(await other.getAddress());
    await provider.request({ method: "hardhat_setCode", params: [at(name), code] });
    const [found, ...others] = await wrong();
    expect(others).to.deep.equal([]);
    expect(found!.what).to.equal(`${name}: what its constructor was given`);
    expect(found!.found).to.contain(feeRecipient.slice(2).toLowerCase());
    expect(found!.expected).not.to.contain(feeRecipient.slice(2).toLowerCase());
  });

  it("GOV-02: a house with another band and another taker fee, which its constructor has put in storage", async () => {
    const { provider, networkHelpers } = reference().place;
    // One slot: the engine's address, then band and fee.
    const stored = BigInt(await networkHelpers.getStorageAt(at("ClearingHouse"), 13n));
    await provider.request({
      method: "hardhat_setStorageAt",
      params: [at("ClearingHouse"), "0xd", toBeHex(stored + (3n << 160n) + (1n << 176n), 32)],
    });
    expect(await wrong()).to.deep.equal([
      { what: "house: bandBps", expected: "200", found: "203" },
      { what: "house: takerFeeBps", expected: "5", found: "6" },
    ]);
  });

  it("GOV-02: a premium model with other terms, and one that is not there", async () => {
    const { provider, networkHelpers } = reference().place;
    const id = SOCIALIZED_LOSS.model;
    const slot = keccak256(AbiCoder.defaultAbiCoder().encode(["bytes32", "uint256"], [id, 0]));
    // One slot for kind, feed, side and rates; the rate begins at the fourth byte from the right.
    const stored = BigInt(await networkHelpers.getStorageAt(at("PremiumModel"), slot));
    const { hazardRate } = SOCIALIZED_LOSS_MODEL;
    expect((stored >> 24n) & (2n ** 64n - 1n)).to.equal(hazardRate);
    const write = (value: bigint) =>
      provider.request({ method: "hardhat_setStorageAt", params: [at("PremiumModel"), slot, toBeHex(value, 32)] });
    await write(stored - (hazardRate << 24n) + ((hazardRate / 2n) << 24n));
    const expected = `0,0,false,${hazardRate},0,0,0`;
    expect(await wrong()).to.deep.equal([
      { what: `premium model ${id}`, expected, found: `0,0,false,${hazardRate / 2n},0,0,0` },
    ]);
    await write(0n);
    expect(await wrong()).to.deep.equal([{ what: `premium model ${id}`, expected, found: "none" }]);
  });
});

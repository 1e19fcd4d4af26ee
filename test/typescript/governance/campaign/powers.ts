// Arguments for every privileged function (deploy/modules/privileges.ts), drawn to hurt: most within what is allowed, some beyond it.
import type { BaseContract } from "ethers";

import { RISK_PARAMETERS, fieldsOf } from "../../../../deploy/modules/defaults.ts";
import { PRIVILEGES, ROLES, selectorOf } from "../../../../deploy/modules/privileges.ts";
import type { Target } from "../../../../deploy/modules/privileges.ts";
import { WAD } from "../../support/deployment.ts";
import type { Random } from "../../support/random.ts";
import { DAY } from "../support/governed.ts";
import { EVIL_FEEDS, productOf } from "./stage.ts";
import type { Stage } from "./stage.ts";

/** A call that somebody with a right may make. */
export interface Power {
  readonly name: string;
  readonly target: BaseContract;
  readonly data: string;
  /** Seconds from its announcement to its execution at least. */
  readonly delay: bigint;
}

export interface Drawn {
  readonly stage: Stage;
  readonly random: Random;
  readonly now: bigint;
  /** Segment of the thief's own venue. */
  readonly segment: bigint;
  /** Days since the theft. */
  readonly days: bigint;
  /** Feeds of his own that he has announced. */
  readonly feeds: readonly number[];
}

type Arguments = (drawn: Drawn) => Promise<readonly unknown[]> | readonly unknown[];

/** Set once, at deployment: that they are refused when their delay is over is how they are executed. */
export const ONCE: Readonly<Record<string, string>> = {
  link: "ClearingHouse_AlreadyLinked",
  linkRiskController: "ClearingHouse_AlreadyLinked",
  linkGuardian: "ClearingHouse_AlreadyLinked",
  linkMinter: "BulwarkToken_AlreadyLinked",
  openSegment: "LiquidationEngine_SegmentAlreadyOpen",
  "InsuranceFund.linkSurplus": "InsuranceFund_SinkLinked",
};

const RULES = { quorum: 2, kinds: 2, maxDeviation: 10n ** 16n, maxGap: 300, volatilityFloor: 4n * 10n ** 17n };
const BUDGETS = { major: 10_000, mid: 10_000, tail: 10_000, segment: 10_000, reward: 10_000 };
const evilMarket = (random: Random) => random.pick([2, 3, 4, 5, 6]);
const anyMarket = (random: Random) => random.pick([0, 1, 2, 3, 4, 5, 6]);

const ARGUMENTS: Readonly<Record<string, Arguments>> = {
  listFeed: async ({ stage, random }) => {
    const feed = random.oneIn(3n) ? 0 : random.pick(EVIL_FEEDS);
    const settings = stage.ethers.AbiCoder.defaultAbiCoder().encode(["uint32"], [86_400]);
    const sources = await Promise.all(
      stage.evil.feeds.get(feed)!.map(async (source, index) => ({
        reader: stage.evil.readers[index]!,
        target: await source.getAddress(),
        settings,
      })),
    );
    return [feed, random.oneIn(8n) ? { ...RULES, quorum: 0 } : RULES, sources];
  },
  setToken: async ({ stage, random }) => [
    random.oneIn(3n) ? 0 : random.pick(EVIL_FEEDS),
    random.oneIn(6n) ? stage.key.address : await stage.evil.junk.getAddress(),
  ],
  listMarket: ({ random, feeds }) => {
    const [first, ...others] = feeds.filter((feed) => feed !== 0);
    const market = first === undefined ? evilMarket(random) : random.pick([first, ...others]);
    const maintenanceRate = random.oneIn(8n) ? 60_000 : 4_000;
    return [market, { class: market % 3, maintenanceRate, addOn: 0, cap: 10n ** 27n }];
  },
  listAsset: async ({ stage, random }) => [
    random.pick([2, 3, 4]),
    await stage.evil.junk.getAddress(),
    random.pick([0, 1]),
    random.pick([0, 0, 0, 10_001]),
    (1n << 64n) - 1n,
  ],
  link: ({ stage }) => Array.from({ length: 3 }, () => stage.evil.venue.getAddress()),
  linkRiskController: async ({ stage }) => [await stage.evil.venue.getAddress()],
  linkGuardian: async ({ stage }) => [await stage.evil.venue.getAddress()],
  linkMinter: async ({ stage }) => [await stage.evil.venue.getAddress()],
  openSegment: async ({ stage }) => [BUDGETS, { backstop: await stage.vault.getAddress(), reinsurance: ZERO }],
  setMaintenanceTarget: ({ random }) => [anyMarket(random), random.pick([0, 1, 1_000, 25_000, 50_000, 60_000])],
  lowerCap: ({ random }) => [anyMarket(random), random.pick([0n, 1n, 10n ** 22n, 10n ** 28n])],
  // The market in which the honest trade is closed when they have left: until then its end would be their exit.
  announceClosing: ({ random, now, days }) => [
    days < 28n ? random.pick([1, 1, 2, 3]) : anyMarket(random),
    now + random.pick([DAY, 10n * DAY, 12n * DAY, 40n * DAY]),
  ],
  setClassParameters: ({ random }) => {
    const index = random.pick([0, 1, 2]);
    return [index, changed(fieldsOf(RISK_PARAMETERS[index]!), random)];
  },
  appoint: ({ stage, now, random }) => [stage.key.address, now + random.pick([20n, 60n, 80n, 100n]) * DAY],
  setFloorPrice: ({ random }) => [((WAD / 20n) * random.pick([0n, 90n, 95n, 150n])) / 100n],
  pause: ({ random }) => [bits(random), random.pick([0n, 3_600n, DAY, 2n * DAY, 7n * DAY, 8n * DAY])],
  lift: ({ random }) => [bits(random)],
  dismiss: () => [],
  announceProduct: async ({ stage, random }) => {
    const { model } = (await stage.vault.productOf(1)).terms;
    const trigger = random.oneIn(6n) ? stage.key.address : await stage.evil.trigger.getAddress();
    return [productOf(trigger, model)];
  },
  announceCommitment: ({ stage, random, segment }) => [
    random.pick([segment, segment, segment, segment, segment, stage.segment, 0n]),
    random.oneIn(4n) ? random.between(1n, 5_000n * WAD) : 5_000n * WAD,
  ],
  announceTreaty: ({ random, segment }) => [
    segment,
    {
      limit: random.between(1n, 5_000n * WAD),
      attachment: 0n,
      reinstatements: random.pick([0, 4, 5]),
      periodWeeks: random.pick([4, 13]),
      premiumBps: 1,
    },
  ],
  closeProduct: ({ random }) => [random.pick([1, 2, 9])],
  announceVault: async ({ stage, random }) => [random.oneIn(6n) ? stage.key.address : await yieldVault(stage)],
  removeVault: async ({ stage, random }) => [random.oneIn(4n) ? await yieldVault(stage) : stage.key.address],
  invest: async ({ stage, random }) => {
    const { reserve } = await stage.fund.segmentOf(stage.segment);
    return [await yieldVault(stage), reserve / 10n ** 12n / random.pick([4n, 20n, 40n, 40n])];
  },
};
const ZERO = `0x${"0".repeat(40)}`;
const yieldVault = (stage: Stage) => stage.evil.yieldVault.getAddress();

/** Names of all privileged functions. */
export const NAMES: readonly string[] = PRIVILEGES.map(({ signature }) => signature.split("(")[0]!);

/** A call of a privileged function, with arguments of the moment. */
export async function powerOf(name: string, drawn: Drawn): Promise<Power> {
  const privilege = PRIVILEGES.find(({ signature }) => signature.startsWith(`${name}(`));
  const drawArguments = ARGUMENTS[name];
  if (privilege === undefined || drawArguments === undefined) throw new Error(`no arguments for ${name}`);
  const target: BaseContract = drawn.stage[drawn.random.pick(privilege.targets as [Target, ...Target[]])];
  const args = await Promise.all(await drawArguments(drawn));
  const data = target.interface.encodeFunctionData(selectorOf(privilege), args);
  return { name, target, data, delay: BigInt(ROLES[privilege.role].delay) };
}

/** What the administrator's role allows beside: rights and delays, and the fund's own doors. All wait for 36 days. */
export async function administration({ stage, random, days }: Drawn, wish?: string): Promise<Power> {
  const { manager, helper, fund, investments, surplus, segment, evil, canceller, house } = stage;
  const rights = manager.interface;
  const desk = await evil.desk.getAddress();
  const choices: [name: string, target: BaseContract, data: string][] = [
    ["grantRole", manager, rights.encodeFunctionData("grantRole", [ROLES.parameters.id, helper.address, 0])],
    ["setRoleGuardian", manager, rights.encodeFunctionData("setRoleGuardian", [ROLES.listing.id, 0n])],
    ["revokeRole", manager, rights.encodeFunctionData("revokeRole", [ROLES.canceller.id, canceller.address])],
    [
      "setTargetFunctionRole",
      manager,
      rights.encodeFunctionData("setTargetFunctionRole", [
        await house.getAddress(),
        [house.interface.getFunction("withdraw").selector],
        ROLES.guardian.id,
      ]),
    ],
    ["InsuranceFund.announceDesk", fund, investments.interface.encodeFunctionData("announceDesk", [segment, desk, 0n])],
    ["InsuranceFund.linkSurplus", fund, surplus.interface.encodeFunctionData("linkSurplus", [segment, desk])],
  ];
  // What closes a door for the thief himself comes late, so that it is not all that he does.
  if (days > 40n) {
    const closed = random.pick([stage.house, stage.engine, stage.vault] as [BaseContract, ...BaseContract[]]);
    const data = rights.encodeFunctionData("setTargetClosed", [await closed.getAddress(), true]);
    choices.push(["setTargetClosed", manager, data]);
    choices.push(["InsuranceFund.removeDesk", fund, investments.interface.encodeFunctionData("removeDesk", [segment])]);
  }
  const wished = choices.find(([choice]) => choice === wish);
  const [name, target, data] = wished ?? random.pick(choices as [(typeof choices)[number], ...typeof choices]);
  return { name, target, data, delay: BigInt(ROLES.administrator.delay) };
}

/** Sixteen bits each. */
const MOST = 65_535;

/** Some fields a little looser, or far beyond their bounds. */
export function changed(fields: readonly number[], random: Random): number[] {
  return fields.map((value) => {
    if (!random.oneIn(3n)) return value;
    return Math.min(MOST, Number((BigInt(value) * random.pick([91n, 95n, 96n, 104n, 105n, 110n, 300n])) / 100n));
  });
}

function bits(random: Random): bigint {
  const all = 0b1111111n | (7n << 48n);
  return random.pick([all, all, 1n << 48n, 3n, 1n << 60n, 0n]);
}

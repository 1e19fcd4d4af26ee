// Whoever has stolen every key at once (FND-09): the votes' governor, guardian, canceller and steward. And whom he would rob.
import { expect } from "chai";

import { accountId, CASH, USD, WAD } from "../../support/deployment.ts";
import { underwrite } from "../../support/underwriting.ts";
import type { Deployment, Signer } from "../../support/deployment.ts";
import { DAY, deployGoverned } from "./governed.ts";
import type { Step } from "./governed.ts";

export const ALL_BITS = 0b11n | (7n << 48n);
/** What honest people have in the system, whole dollars. */
export const HONEST = { trader: 50_000n, junior: 1_000n, senior: 2_000n, reserve: 10_000n, committed: 900n } as const;
const MAX = (1n << 255n) - 1n;

/** The system with honest money in it, and the keys in one hand. */
export async function compromised() {
  const system = await deployGoverned();
  const { deposit, ethers, fund, governor, house, manager, networkHelpers, refresh, signers, usd, vault } = system;
  const [, , , trader, underwriter, key, helper] = signers as [Signer, Signer, Signer, Signer, Signer, Signer, Signer];
  const governorAddress = await governor.getAddress();
  await networkHelpers.impersonateAccount(governorAddress);
  await networkHelpers.setBalance(governorAddress, 10n ** 20n);
  const stolen = manager.connect(await ethers.getSigner(governorAddress));
  const segment = await system.engine.segment();
  const d = { ...system, segment } as unknown as Deployment;
  const [junior, senior] = await Promise.all(
    [0, 1].map(async (tranche) => ethers.getContractAt("TrancheShare", await vault.shareOf(tranche))),
  );
  if (!junior || !senior) throw new Error("no shares");

  /** Schedules as the governor, as early as the access manager lets. */
  const schedule = async ({ target, data }: Step) => {
    const address = await target.getAddress();
    await stolen.schedule(address, data, 0);
    const id = await manager.hashOperation(governorAddress, address, data);
    return { eta: await manager.getSchedule(id), execute: () => stolen.execute(address, data) };
  };
  const honest = {
    trader: accountId(trader.address),
    /** What the honest have now, whole in their wallets' own units of 1e-6. */
    wallets: async () => ({
      trader: await usd.balanceOf(trader.address),
      underwriter: await usd.balanceOf(underwriter.address),
    }),
  };
  await deposit(trader, HONEST.trader);
  await underwrite(d, await vault.getAddress(), underwriter, 0, HONEST.junior);
  await underwrite(d, await vault.getAddress(), underwriter, 1, HONEST.senior);
  await usd.mint(trader.address, HONEST.reserve * USD);
  await usd.connect(trader).approve(await fund.getAddress(), MAX);
  await fund.connect(trader).donate(segment, HONEST.reserve * USD);
  const commitment = vault.interface.encodeFunctionData("announceCommitment", [segment, HONEST.committed * WAD]);
  const announced = await schedule({ target: vault, data: commitment });
  await networkHelpers.time.increaseTo(announced.eta);
  await announced.execute();
  await networkHelpers.time.increase(35n * DAY + 1n);
  await vault.activateCommitment(segment);
  await refresh();

  return {
    ...system,
    trader,
    underwriter,
    key,
    helper,
    segment,
    stolen,
    schedule,
    honest,
    junior,
    senior,
    guardianKey: system.canceller,
    reserve: async () => (await fund.segmentOf(segment)).reserve,

    /** Asks to leave on the day of the announcement. */
    async requestExits() {
      for (const share of [junior, senior]) {
        const all = await share.balanceOf(underwriter.address);
        await share.connect(underwriter).requestRedeem(all, underwriter.address, underwriter.address);
      }
    },
    /** Everybody takes everything while every bit is paused. Returns what came, 1e-6. */
    async leave() {
      await system.guardian.connect(system.canceller).pause(ALL_BITS, 7n * DAY);
      await refresh();
      const before = await honest.wallets();
      const cash = (await house.headerOf(honest.trader)).cash / 10n ** 12n;
      await house.connect(trader).withdraw(honest.trader, CASH, cash);
      for (const share of [senior, junior]) {
        await share.connect(underwriter).getFunction("claimExit(address)")(underwriter.address);
      }
      const after = await honest.wallets();
      return { trader: after.trader - before.trader, underwriter: after.underwriter - before.underwriter };
    },
  };
}

export type Compromised = Awaited<ReturnType<typeof compromised>>;

let shared: Promise<{ system: Compromised; restore: () => Promise<void> }> | undefined;

/** One such system for all files of a run, as it was when the keys were stolen before every test. */
export function useCompromised(): () => Compromised {
  let found: Compromised;
  beforeEach(async () => {
    shared ??= (async () => {
      const system = await compromised();
      const snapshot = await system.networkHelpers.takeSnapshot();
      return { system, restore: () => snapshot.restore() };
    })();
    const { system, restore } = await shared;
    await restore();
    found = system;
  });
  return () => found;
}

/** Nobody has lost a unit, and whoever wants leaves with all that is his while all is paused. */
export async function expectExits(t: Compromised) {
  const left = await t.leave();
  const underwritten = (HONEST.junior + HONEST.senior) * USD;
  expect(left.trader).to.equal(HONEST.trader * USD);
  // Rounded down once for each tranche.
  expect(left.underwriter).to.be.within(underwritten - 2n, underwritten);
}

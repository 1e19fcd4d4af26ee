import { SEGMENT, UNLIMITED, USD, WAD } from "../world.ts";
import type { World } from "../world.ts";
import type { Recorder, Scenario } from "./scenario.ts";

export const WEEK = 7 * 86_400;
const HOUR = 3_600;
/** Cooldown + window + 1 s: what an announcement waits. */
const ANNOUNCEMENT = 35 * 86_400 + 1;
const COOLDOWN = 28 * 86_400;

type Vault = World["chain"]["vault"];

export async function shareOf(world: World, vault: Vault, tranche: number) {
  return world.chain.ethers.getContractAt("TrancheShare", await vault.shareOf(tranche));
}

/** Deposits whole units into a tranche. */
export async function underwrite(
  world: World,
  vault: Vault,
  who: string,
  { tranche, amount }: { tranche: number; amount: bigint },
): Promise<string> {
  const share = await shareOf(world, vault, tranche);
  await world.call(world.chain.usd, "approve", [await share.getAddress(), UNLIMITED], { from: who });
  return world.call(share, "deposit(uint256,address)", [amount * USD, who], { from: who });
}

/** Commits both vaults' capital to the segment, in force after the announcement. */
export async function commit(world: World, { committed, reinsured }: { committed: bigint; reinsured: bigint }) {
  const { vault, reinsurance } = world.chain;
  await world.call(vault, "announceCommitment", [SEGMENT, committed * WAD]);
  if (reinsured > 0n) await world.call(reinsurance, "announceCommitment", [SEGMENT, reinsured * WAD]);
  world.chain.pass(ANNOUNCEMENT);
  await world.call(vault, "activateCommitment", [SEGMENT]);
  if (reinsured > 0n) await world.call(reinsurance, "activateCommitment", [SEGMENT]);
}

/** Premium runs for both tranches, and the last accrual was an hour ago in the same week. */
async function accrueAnHourAgo(world: World): Promise<void> {
  const intoWeek = world.chain.now() % WEEK;
  if (intoWeek > WEEK - 2 * HOUR) world.chain.pass(WEEK - intoWeek);
  await world.call(world.chain.vault, "accrue", []);
  world.chain.pass(HOUR);
}

/** Two of those whose capital stands in the vault. */
export interface Underwriters {
  readonly owner: string;
  readonly other: string;
}

/** Two underwriters in both tranches, a stream of premium, and a commitment to the segment. */
export async function capitalise(world: World): Promise<Underwriters> {
  const [owner, other] = [world.person(), world.person()];
  const { vault } = world.chain;
  for (const who of [owner, other]) {
    await underwrite(world, vault, who, { tranche: 0, amount: 20_000n });
    await underwrite(world, vault, who, { tranche: 1, amount: 60_000n });
  }
  await commit(world, { committed: 3_900n, reinsured: 0n });
  const endsInWeek = Math.floor(world.chain.now() / WEEK) + 12;
  await world.call(vault, "payPremium", [1_000n * USD, endsInWeek], { from: owner });
  return { owner, other };
}

const depositing: Scenario = {
  keys: ["vault-deposit", "vault-request", "vault-redeem"],
  run: async (world, record) => comeAndGo(world, record, await capitalise(world)),
};

/** An underwriter of a vault that has its capital deposits, asks to leave, and leaves. */
export async function comeAndGo(world: World, record: Recorder, { owner, other }: Underwriters): Promise<void> {
  const share = await shareOf(world, world.chain.vault, 0);
  await accrueAnHourAgo(world);
  await record("vault-deposit", await underwriteAgain(world, share, owner));
  // Someone else waits as well, so that what is queued is never zero.
  await world.call(share, "requestRedeem", [WAD, other, other], { from: other });
  await world.call(share, "requestRedeem", [WAD, owner, owner], { from: owner });
  world.chain.pass(HOUR);
  await record("vault-request", await world.call(share, "requestRedeem", [WAD, owner, owner], { from: owner }));
  world.chain.pass(COOLDOWN + HOUR);
  await accrueAnHourAgo(world);
  await record("vault-redeem", await world.call(share, "claimExit(address)", [owner], { from: owner }));
}

async function underwriteAgain(world: World, share: Awaited<ReturnType<typeof shareOf>>, owner: string) {
  return world.call(share, "deposit(uint256,address)", [100n * USD, owner], { from: owner });
}

const drawing: Scenario = {
  keys: ["draw", "collect"],
  run: async (world, record) => {
    await capitalise(world);
    await drawAndCollect(world, record);
  },
};

/** What the fund does to a vault in `cover` and `settle`, in transactions of the fund itself. */
export async function drawAndCollect(world: World, record: Recorder): Promise<void> {
  const { vault, at } = world.chain;
  const draw = () => world.call(vault, "draw", [SEGMENT, 10n * WAD], { from: at.fund });
  await draw();
  await world.call(vault, "collect", [SEGMENT], { from: at.fund });
  await draw();
  await record("draw", await draw());
  await record("collect", await world.call(vault, "collect", [SEGMENT], { from: at.fund }));
}

export const capital: readonly Scenario[] = [depositing, drawing];

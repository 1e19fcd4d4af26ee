// The same operation in a house with more and more accounts.
import { BenchError } from "./errors.ts";
import { liquidations } from "./scenarios/liquidations.ts";
import { executionGas, traceOf } from "./trace.ts";
import { USD, WAD } from "./world.ts";
import type { World } from "./world.ts";

/** What must cost the same whatever the number of accounts. */
const KEYS = ["bid", "deleverage"] as const;
/** All together hold as much in each population, so that only their number differs. */
const CROWD_BASE = 20_000n * WAD;
const CROWD_DEPOSIT = 8_000_000n * USD;
const MAKER_DEPOSIT = 100_000_000n * USD;

/** Gas of an operation in each population. */
export interface Scale {
  readonly key: string;
  readonly gas: readonly { readonly accounts: number; readonly gas: number }[];
  readonly isSame: boolean;
}

/** Measures in every population. */
export async function measureScale(world: World, populations: readonly number[]): Promise<Scale[]> {
  const figures = new Map<string, { accounts: number; gas: number }[]>(KEYS.map((key) => [key, []]));
  for (const accounts of populations) {
    await world.onTrial(async () => {
      await gather(world, accounts);
      for (const key of KEYS) {
        const scenario = liquidations.find(({ keys }) => keys.includes(key));
        if (!scenario) throw new BenchError(`there is no operation ${key}`);
        await world.onTrial(() =>
          scenario.run(world, async (measured, what) => {
            if (measured !== key || typeof what === "number") return;
            figures.get(key)?.push({ accounts, gas: executionGas(await traceOf(world.chain.request, what)) });
          }),
        );
      }
    });
  }
  return [...figures].map(([key, gas]) => ({ key, gas, isSame: new Set(gas.map((figure) => figure.gas)).size <= 1 }));
}

/** `accounts` long accounts of one owner, each with a position of its own. All in one second: prices are read once. */
async function gather(world: World, accounts: number): Promise<void> {
  const [owner, maker] = [world.person(), world.person()];
  const shorts = await world.deposit(maker, MAKER_DEPOSIT);
  await world.refresh([0]);
  const { chain } = world;
  const count = BigInt(accounts);
  for (let sub = 0n; sub < count; sub++) {
    const account = await world.deposit(owner, CROWD_DEPOSIT / count, sub, 0);
    await world.trade(account, shorts, [0], CROWD_BASE / count, 0);
  }
  chain.pass(1);
}

/** Lines under the table. */
export function scaleLines(scales: readonly Scale[]): string[] {
  return scales.flatMap(({ key, gas, isSame }) => {
    if (gas.length === 0) return [];
    const figures = gas.map((figure) => `${figure.accounts.toLocaleString("en-US")}: ${figure.gas}`).join(", ");
    return [
      `${isSame ? "  " : "! "}${key}, accounts in the house ${figures}${isSame ? " (the same)" : " (NOT the same)"}`,
    ];
  });
}

// The same operation in a house with more and more accounts, and in a vault with more and more holders, requests and buyers.
import { bringBuyers, bringHolders, bringTraders } from "./crowd.ts";
import { BenchError } from "./errors.ts";
import { capitalise, comeAndGo, drawAndCollect } from "./scenarios/capital.ts";
import { buyAndRedeem } from "./scenarios/cover.ts";
import { liquidations } from "./scenarios/liquidations.ts";
import type { Recorder } from "./scenarios/scenario.ts";
import { trading } from "./scenarios/trading.ts";
import { executionGas, traceOf } from "./trace.ts";
import type { World } from "./world.ts";

/** What must cost the same whatever the number of accounts in the house. */
export const HOUSE_KEYS = ["bid", "bid-socialised", "deleverage", "fill", "deposit", "withdraw", "health"] as const;
/** What must cost the same whatever the number of holders of shares, requests to leave and purchases of cover in the vault. */
export const VAULT_KEYS = [
  "vault-deposit",
  "vault-request",
  "vault-redeem",
  "draw",
  "collect",
  "cover-buy",
  "cover-complete",
  "cover-redeem",
] as const;

/** Gas of an operation in each population. The same is the same to the gas, in all of them. */
export interface Scale {
  readonly key: string;
  /** Who it is that there are more and more of. */
  readonly crowd: string;
  readonly gas: readonly { readonly accounts: number; readonly gas: number }[];
  readonly isSame: boolean;
}

/** An operation in one population. */
export interface ScaleFigure {
  readonly key: string;
  readonly accounts: number;
  readonly gas: number;
}

/** Measures in every population; the bench says before which it goes on, as it may take minutes. */
export async function measureScale(
  world: World,
  populations: readonly number[],
  tell: (line: string) => void = () => undefined,
): Promise<Scale[]> {
  const figures: ScaleFigure[] = [];
  for (const accounts of populations) {
    const record: Recorder = async (key, measured) => {
      if (typeof measured === "number" || !isWatched(key)) return;
      figures.push({ key, accounts, gas: executionGas(await traceOf(world.chain.request, measured)) });
    };
    tell(`bench: ${accounts} accounts in the house`);
    await world.onTrial(() => measureHouse(world, accounts, record));
    tell(`bench: ${accounts} holders, requests and buyers in the vault`);
    await world.onTrial(() => measureVault(world, accounts, record));
  }
  return populations.length === 0 ? [] : scalesOf(figures);
}

/** What every operation costs by population; one that is missing in a population is an error. */
export function scalesOf(figures: readonly ScaleFigure[]): Scale[] {
  const populations = [...new Set(figures.map(({ accounts }) => accounts))];
  const scale = (crowd: string) => (key: string) => {
    const gas = figures.filter((figure) => figure.key === key).map(({ accounts, gas }) => ({ accounts, gas }));
    if (gas.length !== populations.length) {
      throw new BenchError(`${key} was measured in ${gas.length} of ${populations.length} populations`);
    }
    return { key, crowd, gas, isSame: new Set(gas.map((figure) => figure.gas)).size <= 1 };
  };
  return [
    ...HOUSE_KEYS.map(scale("accounts in the house")),
    ...VAULT_KEYS.map(scale("holders, requests and buyers in the vault")),
  ];
}

async function measureHouse(world: World, accounts: number, record: Recorder): Promise<void> {
  await bringTraders(world, accounts);
  const wanted = new Set<string>(HOUSE_KEYS);
  for (const { keys, run } of [...liquidations, ...trading]) {
    if (keys.some((key) => wanted.has(key))) await world.onTrial(() => run(world, record));
  }
}

/** All on the same capital and the same crowd; the buyers come when there is a series. */
async function measureVault(world: World, accounts: number, record: Recorder): Promise<void> {
  const underwriters = await capitalise(world);
  await bringHolders(world, accounts);
  await world.onTrial(() => comeAndGo(world, record, underwriters));
  await world.onTrial(() => drawAndCollect(world, record));
  await world.onTrial(() => buyAndRedeem(world, record, (series) => bringBuyers(world, accounts, series)));
}

function isWatched(key: string): boolean {
  return [...HOUSE_KEYS, ...VAULT_KEYS].some((watched) => watched === key);
}

/** Lines under the table. */
export function scaleLines(scales: readonly Scale[]): string[] {
  return scales.map(({ key, crowd, gas, isSame }) => {
    const figures = gas.map((figure) => `${figure.accounts.toLocaleString("en-US")}: ${figure.gas}`).join(", ");
    return `${isSame ? "  " : "! "}${key}, ${crowd} ${figures}${isSame ? " (the same)" : " (NOT the same)"}`;
  });
}

import { SOCIALIZED_LOSS } from "../../../deploy/modules/defaults.ts";
import { BenchError } from "../errors.ts";
import { OPENING_PRICE, UNLIMITED, WAD } from "../world.ts";
import type { World } from "../world.ts";
import { WEEK, capitalise } from "./capital.ts";
import type { Recorder, Scenario } from "./scenario.ts";
import { DEEP_FALL, move, setStage } from "./stage.ts";

/** The product that the deployment announces: shorts of market 0. */
const PRODUCT = 1;
const LIMIT = 10n * WAD;
const WEEKS = 10;
const UNITS = 10n * WAD;

/** Opens a series and returns its number. */
async function openSeries(world: World): Promise<number> {
  const { vault, now } = world.chain;
  await world.call(vault, "openSeries", [PRODUCT, LIMIT, Math.floor(now() / WEEK) + WEEKS]);
  const series = 1;
  if ((await vault.seriesOf(series)).limit !== LIMIT) throw new BenchError("the series was not opened");
  return series;
}

const cover: Scenario = {
  keys: ["cover-buy", "cover-complete", "cover-redeem"],
  run: async (world, record) => {
    await capitalise(world);
    await buyAndRedeem(world, record);
  },
};

/** Has others buy the series first, and says how many purchases that were. */
export type Buyers = (series: number) => Promise<number>;

/**
 * In a vault that has its capital two holders buy; a loss is socialised and confirmed; both redeem a part. The second one is measured each
 * time.
 */
export async function buyAndRedeem(world: World, record: Recorder, others?: Buyers): Promise<void> {
  const { vault, verifier, usd, at } = world.chain;
  await move(world, { markets: [0] }, OPENING_PRICE);
  const series = await openSeries(world);
  const [first, second] = [world.person(), world.person()];
  const buy = (who: string) => world.call(vault, "buy", [series, UNITS, UNLIMITED, who], { from: who });
  const before = (await others?.(series)) ?? 0;
  await buy(first);
  await buy(second);
  await record("cover-buy", await buy(second));
  world.chain.pass(SOCIALIZED_LOSS.waiting);
  await world.call(vault, "complete", [before + 1]);
  await world.call(vault, "complete", [before + 2]);
  await record("cover-complete", await world.call(vault, "complete", [before + 3]));

  await move(world, { markets: [0] }, OPENING_PRICE);
  const stage = await setStage(world, 1);
  await move(world, stage, DEEP_FALL);
  // Commitments are drawn first: what is left is charged to shorts.
  await world.deleverage(stage.account, { seconds: 0 });
  await world.call(usd, "approve", [at.verifier, UNLIMITED], { from: first });
  await world.call(verifier, "open", [at.vault, series], { from: first });
  await world.call(verifier, "resolve", [at.vault, series], { from: first });
  await world.call(vault, "sync", [series]);
  const redeem = (who: string) => world.call(vault, "redeem", [series, UNITS / 2n, who], { from: who });
  await redeem(first);
  await redeem(second);
  await record("cover-redeem", await redeem(second));
}

export const covers: readonly Scenario[] = [cover];

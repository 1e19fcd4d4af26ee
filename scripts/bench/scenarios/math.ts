// What pure functions need, without the call: the gas of a contract that has one function, less that of one that computes nothing.
import type { World } from "../world.ts";
import { WAD } from "../world.ts";
import { executionGas, traceOf } from "../trace.ts";
import type { Scenario } from "./scenario.ts";

type Arguments = readonly [bigint, bigint, bigint, bigint, bigint];

/** Arguments of N, a fifth apart, as performance.md has measured others. */
const NORMALS = Array.from({ length: 41 }, (_, index): Arguments => [(BigInt(index - 20) * WAD) / 5n, 0n, 0n, 0n, 0n]);
const SPOT = 200n * WAD;
/** Levels in percent of the spot, and deviations over the term in percent: a calm week to a wild quarter. */
const [LEVELS, DEVIATIONS] = [
  [50n, 70n, 80n, 90n, 95n],
  [5n, 10n, 25n, 60n],
];
const COVERS = LEVELS.flatMap((level) =>
  DEVIATIONS.map((deviation): Arguments => [SPOT, (SPOT * level) / 100n, (deviation * WAD) / 100n, 1n, 0n]),
);
const FRAMES = [
  { key: "normal-cdf", contract: "NormalCdfFrame", inputs: NORMALS },
  { key: "digital-put", contract: "DigitalPutFrame", inputs: COVERS },
  { key: "one-touch", contract: "OneTouchFrame", inputs: COVERS },
] as const;

/** The mean over the inputs, in whole gas. */
async function meanOf(world: World, name: string, inputs: readonly Arguments[]): Promise<number> {
  const { chain } = world;
  const factory = await chain.ethers.getContractFactory(name);
  const { data } = await factory.getDeployTransaction();
  const frame = await chain.ethers.getContractAt("MathFrame", await chain.deploy(data));
  let sum = 0;
  for (const input of inputs) {
    sum += executionGas(await traceOf(chain.request, await world.call(frame, "f", input)));
  }
  return Math.round(sum / inputs.length);
}

export const mathematics: readonly Scenario[] = FRAMES.map(({ key, contract, inputs }) => ({
  keys: [key],
  run: async (world, record) => {
    const call = await meanOf(world, "IdentityFrame", inputs);
    await record(key, (await meanOf(world, contract, inputs)) - call);
  },
}));

// `npm run bench`: what every operation costs, beside its floor, its goal and the best peer.
import { writeFileSync } from "node:fs";
import { CommanderError } from "commander";

import { build } from "./build.ts";
import { openChain } from "./chain.ts";
import { BenchError } from "./errors.ts";
import { floorTable } from "./floors.ts";
import { SCENARIOS, measure, resultsOf } from "./measure.ts";
import type { Measured } from "./measure.ts";
import { parseOptions } from "./options.ts";
import type { BenchOptions } from "./options.ts";
import { bestOf, measurePeers } from "./peers/index.ts";
import { QUOTED } from "./quoted.ts";
import { ROWS } from "./rows.ts";
import { measureScale, scaleLines } from "./scale.ts";
import { compareWithSnapshot, writeSnapshot } from "./snapshot.ts";
import { splitTable } from "./split.ts";
import { peerLines, summary, table, toJson } from "./table.ts";
import { World } from "./world.ts";

const NOTES = [
  "gas: inside the transaction, before refund, without the 21,000 and calldata; cold state; production build, no transaction before it",
  "in its block. Users come for the second time: every slot that an operation writes has been written before. Prices were read in an",
  "earlier transaction of the same second unless the row says otherwise. Feeds are Chainlink's own bytecode (proxy and aggregator).",
  "new: slots that were zero before; none where an operation makes no new record.",
  "ratio: gas / goal; ! marks a row over its goal, `over` says by how much. Floors: npm run bench -- --floors.",
];

/** Runs the bench. Returns the exit code. */
async function main(options: BenchOptions): Promise<number> {
  if (options.floors) {
    console.log(floorTable());
    return 0;
  }
  if (options.build) await build();
  const chain = await openChain();
  const world = await World.open(chain);
  if (options.profile !== undefined) {
    const { profiles } = await measure(world, options.profile);
    console.log(profiles.join("\n"));
    await chain.close();
    return 0;
  }
  const measured = await measure(world);
  if (options.split) {
    console.log(splitTable(ROWS, measured.splits));
    await chain.close();
    return 0;
  }
  const peers = options.check ? [] : await measurePeers(world);
  const scales = await measureScale(world, options.accounts, (line) => console.error(line));
  await chain.close();
  const results = resultsOf(ROWS, measured, bestOf(QUOTED), bestOf(peers));
  const run = peers.length === 0 ? [] : ["Peers that were run here, by row:", ...peerLines(peers), ""];
  const quoted = options.check ? [] : ["Peers that are quoted, by row:", ...peerLines(QUOTED), ""];
  const words = [table(results), "", ...NOTES, "", ...run, ...quoted, ...scaleLines(scales), "", summary(results)];
  console.log(words.join("\n"));
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(toJson(results), null, 2)}\n`);
  if (options.update) console.log(writeSnapshot(measured.figures));
  const isScalable = scales.every(({ isSame }) => isSame);
  if (!isScalable) console.log("bench: the number of accounts, holders or buyers changes what an operation costs.");
  const code = options.check ? check(measured.figures) : 0;
  return isScalable ? code : 1;
}

/** Says where figures differ from the snapshot. Returns the exit code. */
function check(figures: Measured["figures"]): number {
  const differences = compareWithSnapshot(figures);
  for (const difference of differences) console.log(`snapshot: ${difference}`);
  if (differences.length === 0) console.log(`snapshot: ${figures.size} figures, no difference.`);
  return differences.length === 0 ? 0 : 1;
}

try {
  const keys = SCENARIOS.flatMap((scenario) => scenario.keys);
  process.exitCode = await main(parseOptions(process.argv.slice(2), keys));
} catch (error) {
  if (error instanceof CommanderError && error.exitCode === 0) {
    process.exitCode = 0;
  } else if (error instanceof CommanderError || error instanceof BenchError) {
    console.error(`bench: ${error.message.replace(/^error: /, "")}`);
    process.exitCode = 1;
  } else {
    throw error;
  }
}

import { appendFileSync } from "node:fs";
import type { NetworkHooks } from "hardhat/types/hooks";

import { REPORTS, variable } from "../environment.ts";
import { currentFile } from "../reporter.ts";

const seen = new Set<string>();

/** Each number once for each test file: tests reach most points thousands of times. */
export default (): Promise<Partial<NetworkHooks>> =>
  Promise.resolve({
    onCoverageData: (_context: unknown, tags: string[]) => {
      const file = currentFile();
      const fresh = tags.map((tag) => `${file} ${Number(`0x${tag}`)}`).filter((line) => !seen.has(line));
      for (const line of fresh) seen.add(line);
      if (fresh.length > 0) appendFileSync(variable(REPORTS), `${fresh.join("\n")}\n`);
      return Promise.resolve();
    },
  });

import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { ROOT } from "./root.ts";
import { choose, hasSwitch } from "./switch.ts";

/** A copy of a build's artifacts in which a number is chosen. */
export class ChosenArtifacts {
  readonly #switched = new Map<string, string>();
  #chosen: number | undefined;

  /** Copies the artifacts once; those with a switch are kept at hand. */
  constructor(built: string, folder: string) {
    rmSync(join(ROOT, folder), { recursive: true, force: true });
    const from = join(ROOT, built, "artifacts");
    for (const file of globSync("{contracts,@*}/**/*.json", { cwd: from })) {
      const text = readFileSync(join(from, file), "utf8");
      const target = join(ROOT, folder, "artifacts", file);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, text);
      if (hasSwitch(text)) this.#switched.set(target, text);
    }
    writeFileSync(join(ROOT, folder, "changes.json"), "{}");
  }

  choose(number: number): void {
    if (number === this.#chosen) return;
    for (const [file, text] of this.#switched) writeFileSync(file, choose(text, number));
    this.#chosen = number;
  }
}

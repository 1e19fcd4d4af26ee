// Runs of the test runners that make up one total.
import { hardhat } from "./process.mjs";
import { countTests, totalLine } from "./total.mjs";

/** Options under which the suites in Solidity are compiled by themselves, in folders of their own. */
export const SUITES = ["--config", "scripts/ci/hardhat.config.ts"];

/** What several runs came to. */
export class Tally {
  #total = { passed: 0, failed: 0, skipped: 0 };
  #problems = [];

  add({ problems, ...count }) {
    for (const key of Object.keys(this.#total)) this.#total[key] += count[key];
    this.#problems.push(...problems);
  }

  /** Tells whether it compiles. */
  async build(what, command, print) {
    print(`Compiling the ${what}.`);
    const { code } = await hardhat(command, { onLine: print });
    if (code !== 0) this.add({ passed: 0, failed: 1, skipped: 0, problems: [`the ${what} do not compile`] });
    return code === 0;
  }

  buildContracts(print) {
    return this.build("contracts", ["build", "--no-tests"], print);
  }

  buildSuites(print) {
    return this.build("suites in Solidity", [...SUITES, "build", "--no-contracts"], print);
  }

  /** @param {{ options?: string[], env?: Record<string, string> }} [settings] */
  async run(runner, args, print, { options = [], env = {} } = {}) {
    const { code, output } = await hardhat([...options, "test", runner, ...args], { onLine: print, env });
    this.add(countTests({ runner, code, output }));
  }

  /** Prints problems and the closing line; 1 when something failed. */
  close() {
    for (const problem of this.#problems) console.log(`problem: ${problem}`);
    if (this.#total.skipped > 0) console.log(`${this.#total.skipped} skipped`);
    console.log(totalLine(this.#total));
    return this.#total.failed > 0 ? 1 : 0;
  }
}

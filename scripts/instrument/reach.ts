import type Mocha from "mocha";

import { cpuMilliseconds } from "./cpu.ts";
import { listenFor } from "./heard.ts";

/** What one test reaches, by itself and through what is set up for it. */
export interface TestFacts {
  /** With the titles of all that it stands in. */
  readonly title: string;
  readonly milliseconds: number;
  readonly reports: readonly number[];
}

/**
 * Notes for each test of a file what it reaches. What is set up once counts for all tests of the file, and so does what the first test
 * reaches: fixtures are made there on first use. What is set up before each test counts for all tests of its suite.
 */
export class Reach {
  readonly #file = new Set<number>();
  readonly #suites = new Map<Mocha.Suite, Set<number>>();
  readonly #tests: { test: Mocha.Test; milliseconds: number; reports: Set<number> }[] = [];

  constructor() {
    listenFor(this.#file);
  }

  follow(runner: Mocha.Runner): void {
    let started = 0;
    runner.on("hook", (hook) => {
      const isOnce = /^"(before|after) all"/.test(hook.title);
      listenFor(isOnce || hook.parent === undefined ? this.#file : this.#of(hook.parent));
    });
    runner.on("hook end", () => listenFor(this.#tests.at(-1)?.reports ?? this.#file));
    runner.on("test", (test) => {
      const isFirst = this.#tests.length === 0;
      this.#tests.push({ test, milliseconds: 0, reports: isFirst ? this.#file : new Set() });
      started = cpuMilliseconds();
      listenFor(this.#tests.at(-1)?.reports);
    });
    runner.on("test end", () => {
      const last = this.#tests.at(-1);
      if (last !== undefined) last.milliseconds = cpuMilliseconds() - started;
    });
  }

  facts(): TestFacts[] {
    return this.#tests.map(({ test, milliseconds, reports }) => {
      const all = new Set([...this.#file, ...reports]);
      for (let suite = test.parent; suite !== undefined; suite = suite.parent) {
        for (const number of this.#suites.get(suite) ?? []) all.add(number);
      }
      return {
        title: test.fullTitle(),
        milliseconds: Math.round(milliseconds),
        reports: [...all].sort((a, b) => a - b),
      };
    });
  }

  /** What the file reaches, also when no test began. */
  everything(): number[] {
    return [...new Set([...this.#file, ...this.facts().flatMap(({ reports }) => reports)])];
  }

  #of(suite: Mocha.Suite): Set<number> {
    const set = this.#suites.get(suite) ?? new Set<number>();
    this.#suites.set(suite, set);
    return set;
  }
}

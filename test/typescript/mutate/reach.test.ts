import { expect } from "chai";
import Mocha from "mocha";

import { hear, listenFor } from "../../../scripts/instrument/heard.ts";
import { inLanes } from "../../../scripts/instrument/lanes.ts";
import { Reach } from "../../../scripts/instrument/reach.ts";

class Silent {}

describe("instruments, what tests reach", () => {
  it("counts what is set up for all tests that stand below it, and what the first test makes for the whole file", async () => {
    const reach = new Reach();
    const mocha = new Mocha({ reporter: Silent as never });
    const outer = Mocha.Suite.create(mocha.suite, "outer");
    outer.beforeAll(() => hear([1]));
    const inner = Mocha.Suite.create(outer, "inner");
    inner.beforeEach(() => hear([2]));
    inner.addTest(new Mocha.Test("first", () => hear([3])));
    inner.addTest(new Mocha.Test("second", () => hear([4])));
    outer.addTest(new Mocha.Test("zeroth", () => hear([5])));
    await new Promise<void>((resolve) => reach.follow(mocha.run(() => resolve())));
    listenFor(undefined);
    expect(reach.facts().map(({ title, reports }) => [title, ...reports])).to.deep.equal([
      ["outer zeroth", 1, 5],
      ["outer inner first", 1, 2, 3, 5],
      ["outer inner second", 1, 2, 4, 5],
    ]);
  });
});

describe("instruments, lanes", () => {
  it("gives each worker the next item when it is through, all items once", async () => {
    const done: string[] = [];
    await inLanes([30, 1, 1, 1], ["slow", "quick"], async (item, worker) => {
      await new Promise((resolve) => setTimeout(resolve, item));
      done.push(`${worker} ${item}`);
    });
    expect(done).to.deep.equal(["quick 1", "quick 1", "quick 1", "slow 30"]);
  });

  it("stops dealing out when one fails, and says why", async () => {
    const begun: number[] = [];
    const run = inLanes([0, 1, 2, 3], ["a"], (item) => {
      begun.push(item);
      return item === 1 ? Promise.reject(new Error("no more")) : Promise.resolve();
    });
    const failure = await run.then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).to.be.an("error").with.property("message", "no more");
    expect(begun).to.deep.equal([0, 1]);
  });
});

import { expect } from "chai";

import { inLanes, inOrder } from "../../../scripts/ci/queue.ts";

/** Ends when it is told to. */
function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, opened };
}

describe("suites beside each other (npm test)", () => {
  it("what the first says is printed at once, what the others say when those before have ended", () => {
    const printed: string[] = [];
    const announce = inOrder((line) => printed.push(line));
    const [first, second, third] = [announce(), announce(), announce()];
    second.line("second 1");
    third.line("third 1");
    first.line("first 1");
    expect(printed).to.deep.equal(["first 1"]);
    third.end();
    first.end();
    expect(printed).to.deep.equal(["first 1", "second 1"]);
    second.line("second 2");
    expect(printed).to.deep.equal(["first 1", "second 1", "second 2"]);
    second.end();
    expect(printed).to.deep.equal(["first 1", "second 1", "second 2", "third 1"]);
  });

  it("a lane takes the next job when it is free, and no more run than there are lanes", async () => {
    const begun: number[] = [];
    const gates = [gate(), gate(), gate(), gate()];
    const jobs = gates.map(({ opened }, index) => () => {
      begun.push(index);
      return opened;
    });
    const all = inLanes(jobs, 2);
    expect(begun).to.deep.equal([0, 1]);
    gates[1]!.open();
    await gates[1]!.opened;
    await Promise.resolve();
    expect(begun).to.deep.equal([0, 1, 2]);
    for (const { open } of gates) open();
    await all;
    expect(begun).to.deep.equal([0, 1, 2, 3]);
  });

  it("a job that fails ends all", async () => {
    const failing = () => Promise.reject(new Error("no job"));
    const error = await inLanes([failing], 1).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).to.be.an("error").with.property("message", "no job");
  });
});

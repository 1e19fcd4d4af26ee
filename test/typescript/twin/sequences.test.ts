import { expect } from "chai";

import { Random, seedOfRun } from "../support/random.ts";
import { NEVER_CHANGED, Outcomes } from "./outcomes.ts";
import { Generator, moodOf } from "./play/Generator.ts";
import { Difference, Runner } from "./runner.ts";
import { replay, show, shrink } from "./shrink.ts";
import { feesAmongOthers, unseenFields } from "./sight.ts";
import { Stage } from "./stage.ts";
import { PUBLISH } from "./verbs.ts";
import type { Command } from "./verbs.ts";

/** Sequences of `npm test`; `BULWARK_SEQUENCES` has more of them. */
const SEQUENCES = Number(process.env["BULWARK_SEQUENCES"] ?? 500);
/** Transactions of a sequence. */
const LENGTH = 12;
/** Every slot is looked at, whoever wrote it, after one sequence in so many. */
const WHOLE = 20;
/** A long run says how far it is after so many. */
const PROGRESS = 1_000;
/** Below that not everything that must be reached can be. */
const ENOUGH = 500;

describe("the twins equal the chain, every state field (SDK-01)", function () {
  this.timeout(7_200_000);
  const stages: Stage[] = [];

  before(async () => {
    for (const hasCapital of [false, true]) stages.push(await Stage.create(hasCapital));
  });

  after(async () => {
    for (const { deployment } of stages) await deployment.connection.close();
  });

  it(`SDK-01: ${SEQUENCES} random command sequences: each error and each slot that is written is foretold by the twin`, async () => {
    const seed = seedOfRun();
    const outcomes = new Outcomes();
    for (const [index, stage] of stages.entries()) {
      const runner = Runner.create(stage);
      await runner.compareRoots();
      for (let sequence = index; sequence < SEQUENCES; sequence += stages.length) {
        await play(runner, { seed, sequence, outcomes });
        if (Math.floor(sequence / stages.length) % WHOLE === 0) await runner.compareRoots();
        if (sequence > 0 && sequence % PROGRESS === index) console.log(`      ${sequence} of ${SEQUENCES}`);
      }
      outcomes.add(stage.twin, runner.changed);
    }
    print(seed, outcomes);
    if (SEQUENCES < ENOUGH) return;
    expect(outcomes.missing, "what must be reached and was not").to.deep.equal([]);
    expect(outcomes.unchanged, "fields that no command has changed").to.deep.equal(NEVER_CHANGED);
    expect(outcomes.accepted, "most commands are accepted").to.be.above(2 * outcomes.refused);
  });

  it("a field that is changed behind the twin's back is seen, whichever it is", async () => {
    const [stage] = stages;
    if (stage === undefined) throw new Error("no stage");
    await stage.restore();
    expect(await unseenFields(stage)).to.deep.equal([]);
  });

  it("a twin that is wrong is found, and its sequence cut down to what shows it", async () => {
    const [stage] = stages;
    if (stage === undefined) throw new Error("no stage");
    const runner = Runner.create(stage);
    const commands = feesAmongOthers(stage);
    expect(await replay(stage, runner, commands), "the right twin").to.equal(undefined);
    const { house } = stage.twin;
    const collect = house.collectFees.bind(house);
    house.collectFees = () => {
      collect();
      house.totals.change({ fees: house.totals.get().fees + 1n });
    };
    try {
      const difference = await replay(stage, runner, commands);
      const shortest = await shrink(stage, runner, { commands, difference: difference ?? "" });
      expect(shortest.difference).to.match(/^_totals\[\]: chain fees \d+/);
      expect(shortest.commands.map(({ verb }) => verb)).to.deep.equal(["collectFees"]);
    } finally {
      Reflect.deleteProperty(house, "collectFees");
    }
  });
});

interface Run {
  readonly seed: bigint;
  readonly sequence: number;
  readonly outcomes: Outcomes;
}

async function play(runner: Runner, { outcomes, seed, sequence }: Run): Promise<void> {
  const { stage } = runner;
  await stage.restore();
  const random = new Random(seed).for(`sequence ${sequence}`);
  // Both stages have every mood.
  const generator = new Generator(runner, outcomes, random, moodOf(Math.floor(sequence / 2)));
  const commands: Command[] = [];
  for (let sent = 0; sent < LENGTH;) {
    const command = generator.next();
    commands.push(command);
    try {
      const ending = await runner.play(command);
      if (command.verb === PUBLISH) continue;
      sent++;
      outcomes.count(command.verb, ending);
    } catch (error) {
      if (!(error instanceof Difference)) throw error;
      const shortest = await shrink(stage, runner, { commands, difference: error.message });
      expect.fail(
        `seed ${seed}, sequence ${sequence} (${generator.mood.name}): ${shortest.difference}\n${show(shortest.commands)}`,
      );
    }
  }
}

function print(seed: bigint, outcomes: Outcomes): void {
  const { accepted, errors, refused, steps } = outcomes;
  console.log(
    `      seed ${seed}: ${accepted} commands accepted, ${refused} refused with ${errors.size} errors, ${steps.size} kinds of steps passed`,
  );
  if (process.env["BULWARK_OUTCOMES"] === undefined) return;
  for (const line of outcomes.sorted) console.log(`      ${line}`);
}

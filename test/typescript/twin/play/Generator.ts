import type { Random } from "../../support/random.ts";
import type { Outcomes } from "../outcomes.ts";
import type { Ending, Runner } from "../runner.ts";
import { PUBLISH } from "../verbs.ts";
import type { Command } from "../verbs.ts";
import { CALLS } from "./calls.ts";
import { drawPublication } from "./markets.ts";
import type { Mood } from "./mood.ts";
import { MOODS } from "./moods.ts";
import { People } from "./people.ts";
import type { Step } from "./steps.ts";

/** Arguments are drawn so often for one that the twin would accept. */
const TRIES = 5;
/** One command in so many is played as it was drawn first. */
const CARELESS = 6n;
/** An error that was met less often is played whenever it is drawn. */
const ENOUGH = 8;

/** Draws one sequence, command by command, from the state that the twin is in. */
export class Generator {
  readonly mood: Mood;
  readonly #people: People;
  readonly #random: Random;
  readonly #outcomes: Outcomes;
  readonly #runner: Runner;
  readonly #plan: Step[];

  constructor(runner: Runner, outcomes: Outcomes, random: Random, mood: Mood) {
    this.mood = mood;
    this.#random = random;
    this.#people = new People(runner.stage, random);
    this.#outcomes = outcomes;
    this.#runner = runner;
    this.#plan = [...mood.plan];
  }

  /** What the twin would accept, and errors that the run has met seldom. */
  #isWelcome(ending: Ending): boolean {
    return ending === "ok" || this.#outcomes.times(ending) < ENOUGH;
  }

  next(): Command {
    const step = this.#plan.shift()?.(this.#people);
    if (step !== undefined && "args" in step) return step;
    const drawn = step === undefined ? undefined : this.#drawCall(step.verb, step.after);
    for (let command = drawn; ; command = this.#drawCall(this.#drawVerb())) {
      if (command !== undefined) return command;
    }
  }

  #drawVerb(): string {
    const entries = Object.entries(this.mood.weights);
    const sum = entries.reduce((total, [, weight]) => total + Math.round(weight * 10), 0);
    let left = Number(this.#random.below(BigInt(sum)));
    return entries.find(([, weight]) => (left -= Math.round(weight * 10)) < 0)?.[0] ?? "trade";
  }

  #drawCall(verb: string, after?: bigint): Command | undefined {
    if (verb === PUBLISH) return drawPublication(this.#people, this.mood.moves, this.mood.failures);
    const draw = CALLS[verb];
    if (draw === undefined) throw new Error(`${verb} cannot be drawn`);
    const isCareless = this.#random.oneIn(CARELESS);
    let first: Command | undefined;
    for (let tries = 0; tries < TRIES; ++tries) {
      const call = draw(this.#people, this.#runner.stage.senders);
      if (call === undefined) return first;
      const command = { verb, after: after ?? this.#people.one(this.mood.pauses), ...call };
      first ??= command;
      if (isCareless || this.#isWelcome(this.#runner.foretell(command))) return command;
    }
    return first;
  }
}

/** Moods take turns, so that every run has its part of each. */
export function moodOf(sequence: number): Mood {
  const mood = MOODS[sequence % MOODS.length];
  if (mood === undefined) throw new Error("no mood");
  return mood;
}

import { Difference } from "./runner.ts";
import type { Runner } from "./runner.ts";
import type { Stage } from "./stage.ts";
import type { Command } from "./verbs.ts";

/** A sequence that shows a difference, and what it shows. */
export interface Failure {
  readonly commands: readonly Command[];
  readonly difference: string;
}

/** Plays a sequence from the start; undefined when chain and twin agree. */
export async function replay(stage: Stage, runner: Runner, commands: readonly Command[]): Promise<string | undefined> {
  await stage.restore();
  try {
    for (const command of commands) await runner.play(command);
    return undefined;
  } catch (error) {
    if (error instanceof Difference) return error.message;
    throw error;
  }
}

/** Takes commands out, one after the other from the end, as long as some difference is left. */
export async function shrink(stage: Stage, runner: Runner, failure: Failure): Promise<Failure> {
  let shortest = failure;
  for (let index = shortest.commands.length - 1; index >= 0; index--) {
    const commands = shortest.commands.filter((_, position) => position !== index);
    const difference = await replay(stage, runner, commands);
    if (difference !== undefined) shortest = { commands, difference };
  }
  return shortest;
}

/** A sequence as it is printed: one command a line. */
export function show(commands: readonly Command[]): string {
  const text = (value: unknown) =>
    JSON.stringify(value, (_, each: unknown) => (typeof each === "bigint" ? each.toString() : each));
  return commands
    .map(({ after, args, sender, verb }, index) => `  ${index + 1}. +${after} s ${verb} ${text(args)} by ${sender}`)
    .join("\n");
}

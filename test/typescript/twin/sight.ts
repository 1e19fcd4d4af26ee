import { Runner } from "./runner.ts";
import type { Stage } from "./stage.ts";
import type { Table, Value } from "./storage/tables.ts";
import type { Command } from "./verbs.ts";

/** Turns over the lowest bit of every field of one entry of every variable, one after the other; returns those that nobody noticed. */
export async function unseenFields(stage: Stage): Promise<readonly string[]> {
  const runner = Runner.create(stage);
  const unseen: string[] = [];
  for (const table of stage.twin.whole.flatMap(({ tables }) => tables)) {
    for (const { bit, label, slot } of fieldsOf(table)) {
      const word = await stage.word(table.contract, slot);
      await stage.store(table.contract, slot, word ^ bit);
      if (!(await runner.noticed(table.variable.label))) unseen.push(label);
      await stage.store(table.contract, slot, word);
    }
  }
  await runner.compareRoots();
  return unseen;
}

function fieldsOf(table: Table<Value>): readonly { label: string; slot: bigint; bit: bigint }[] {
  const [name] = table.names;
  if (name === undefined) throw new Error(`${table.variable.label} has no entry`);
  const [first] = table.words(name).keys();
  return table.variable.fields.map(({ path, shift, slot }) => ({
    label: [table.variable.label, ...path].join("."),
    slot: (first ?? 0n) + slot,
    bit: 1n << shift,
  }));
}

/** Fees are earned before the sequences begin: to collect them needs nothing else of this. */
export function feesAmongOthers({ people, twin }: Stage): readonly Command[] {
  const [sender = "", other = ""] = people;
  const command = (verb: string, args: Command["args"]): Command => ({ verb, sender, after: 60n, args });
  return [
    command("accrue", [0n]),
    command("refreshAll", [7n]),
    command("setDelegate", [other, 1n, twin.world.now + 3_600n]),
    command("collectFees", []),
    command("settle", [twin.universe.segment]),
  ];
}

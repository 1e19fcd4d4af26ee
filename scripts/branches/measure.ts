import { learnTypeScript } from "../instrument/learn.ts";
import type { Progress } from "../instrument/progress.ts";
import type { Suites } from "../instrument/suites.ts";
import { NOTHING } from "../instrument/switch.ts";
import { TypeScriptTests } from "../instrument/typescript.ts";
import type { Kept } from "./kept.ts";

/** Longer than any suite takes. */
const SECONDS = 900;

/** Runs Solidity suites one by one and keeps what each reaches. */
export async function measureSolidity(
  suites: Suites,
  names: readonly string[],
  { kept, progress }: { readonly kept: Kept; readonly progress: Progress },
): Promise<void> {
  progress.start();
  for (const [index, name] of names.entries()) {
    const answer = await suites.run({ suites: [name], chosen: NOTHING, isListening: true }, SECONDS);
    if (answer === undefined) progress.say(`branches: not through in time: ${name}`);
    for (const failure of answer?.failures ?? []) progress.say(`branches: fails when it is measured: ${failure}`);
    kept.keep(name, answer?.reports ?? []);
    progress.step("Solidity suites", index + 1, names.length);
  }
  suites.stop();
}

/** Runs TypeScript files and keeps what each reaches. */
export async function measureTypeScript(
  folder: string,
  files: readonly string[],
  { kept, progress }: { readonly kept: Kept; readonly progress: Progress },
): Promise<void> {
  if (files.length === 0) return;
  const [listening, plain] = [[new TypeScriptTests(folder, 1, true)], [new TypeScriptTests(folder, 2, false)]];
  let done = 0;
  progress.start();
  await learnTypeScript({ listening, plain }, files, (learnt) => {
    if ("reason" in learnt) progress.say(`branches: fails when it is measured: ${learnt.name}: ${learnt.reason}`);
    kept.keep(learnt.name, "reason" in learnt ? [] : learnt.reports);
    progress.step("TypeScript files", ++done, files.length);
  });
  for (const tests of plain) tests.stop();
}

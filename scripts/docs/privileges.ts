// Writes docs/privileges.md: every function that the access manager guards, found in the sources, with its role, delay, limit and event.
// `npm run privileges` writes it, `npm run privileges -- --check` fails when it is out of date.
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { PRIVILEGES, ROLES } from "../../deploy/modules/privileges.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const FILE = join(ROOT, "docs/privileges.md");
const DAY = 86_400;

/** A guarded function as the sources have it. */
export interface Guarded {
  readonly name: string;
  readonly file: string;
  /** Events that its body emits. */
  readonly events: readonly string[];
}

/** All functions of the project's contracts that carry the modifier `restricted`. */
export function guardedFunctions(): Guarded[] {
  const found: Guarded[] = [];
  for (const file of globSync("contracts/**/*.sol", { cwd: ROOT, exclude: ["contracts/mocks/**"] }).sort()) {
    const source = readFileSync(join(ROOT, file), "utf8");
    for (const match of source.matchAll(/function (\w+)\([^{;]*?\brestricted\b[^{;]*\{/g)) {
      const body = bodyAt(source, match.index + match[0].length);
      const own = new Set([...body.matchAll(/\bemit (\w+)\(/g)].map(([, event = ""]) => event));
      // One step further: what a private function of the same file emits for it.
      for (const [, helper = ""] of body.matchAll(/\b(_\w+)\(/g)) {
        const at = source.indexOf(`function ${helper}(`);
        if (at < 0) continue;
        const inner = bodyAt(source, source.indexOf("{", at) + 1);
        for (const [, event = ""] of inner.matchAll(/\bemit (\w+)\(/g)) own.add(event);
      }
      found.push({ name: match[1] ?? "", file, events: [...own] });
    }
  }
  return found;
}

/** Text from behind an opening brace to its closing one. */
function bodyAt(source: string, start: number): string {
  let depth = 1;
  let end = start;
  while (depth > 0 && end < source.length) {
    const character = source[end++];
    if (character === "{") depth++;
    if (character === "}") depth--;
  }
  return source.slice(start, end);
}

/** The document. */
export function render(): string {
  const lines = [
    "# Who may do what",
    "",
    "Written by `npm run privileges` from the sources and `deploy/modules/privileges.ts`; a test compares it with both, and with the roles on the chain. After the hand-over the governor is the only member of",
    "the first three roles, but for the steward, a contract of the project's own that may adjust parameters within a mandate (ISteward). Guardian and canceller are named at deployment; the deployer has no role. Of what is deployed, no function of any role moves a balance.",
    "",
    "| role | id | delay | may |",
    "| --- | --- | --- | --- |",
    `| administrator | 0 | ${days(ROLES.administrator.delay)} | give roles and delays (OpenZeppelin's AccessManager); each target's own delay is as long |`,
    `| listing | 1 | ${days(ROLES.listing.delay)} | the functions below; longer than cooldown + window (35 days), so that whoever disagrees has left before |`,
    `| parameters | 2 | ${days(ROLES.parameters.delay)} | the functions below: bounded in speed, or waiting by themselves |`,
    "| canceller | 3 | none | take back what has been scheduled, and nothing else |",
    "| guardian | 4 | none | pause new risk, bounded in time, and dismiss a steward; `parameters` decides who has it |",
    "",
    "| function | of | role | limit beside the delay | event |",
    "| --- | --- | --- | --- | --- |",
  ];
  const guarded = guardedFunctions();
  for (const { signature, targets, role, limit } of PRIVILEGES) {
    const name = signature.split("(")[0];
    const { file, events } = guarded.find((one) => one.name === name) ?? { file: "", events: [] };
    const event = events.map((one) => `\`${one}\``).join(", ");
    const of = targets.length > 0 ? targets.join(", ") : "not deployed yet";
    lines.push(`| \`${name}\` (\`${file}\`) | ${of} | ${role} | ${limit} | ${event} |`);
  }
  lines.push("");
  lines.push(
    "`InsuranceFund.announceDesk`, `removeDesk` and, once, `linkSurplus` ask for the access manager itself as caller: `execute`, as administrator.",
  );
  return `${lines.join("\n")}\n`;
}

const days = (seconds: number) => `${seconds / DAY} days`;

/** The table's cells without the padding that the formatter gives them. */
export const plain = (text: string) => text.replace(/-{3,}/g, "---").replace(/ +/g, " ");

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (!process.argv.includes("--check")) writeFileSync(FILE, render());
  else if (plain(readFileSync(FILE, "utf8")) !== plain(render())) {
    console.error("privileges: docs/privileges.md is out of date; run npm run privileges.");
    process.exitCode = 1;
  }
}

// Writes docs/proofs.md from the proof files: `node scripts/prove/table.mjs`; with `--check` it only compares.
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { format, resolveConfig } from "prettier";
import { root } from "../ci/process.mjs";
import { readProof } from "./properties.mjs";
import { READINGS } from "./sources.mjs";

const FILE = join(root, "docs/proofs.md");

/** All proof files, models behind libraries. */
export function proofFiles(filters = []) {
  return globSync("test/proofs/**/*.proof.sol", { cwd: root })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => filters.length === 0 || filters.some((text) => path.toLowerCase().includes(text)))
    .sort();
}

const INTRODUCTION = `# What is proved

Written by \`node scripts/prove/table.mjs\` from the files of \`test/proofs\`; \`npm run lint\` compares. \`npm run prove\` proves every row with the
solver inside the compiler and refutes, in the same run, the bug planted beside it: a copy with that one change of text, which must break that very claim.
Names choose files: \`npm run prove -- Waterfall\`.

- **bmc** proves a claim of the library's own code, imported, for all inputs within the bounds. **chc** proves a claim of a small model of a state machine for
  every sequence of calls; the head of the file says which contract it abstracts and what is left out. A proof of a model says nothing of code that differs from it.
- A claim of a library holds whenever the call does not revert. Arithmetic is read as wrapping, because in bmc a checked operation inside a branch restricts
  the function to inputs for which it fits; what the checked code returns, the wrapping code returns too.
- Solady's assembly and OpenZeppelin's casts are replaced by what is known of them (\`test/proofs/given\`): of a product of more than 256 bits and of a logarithm
  nothing but its range, of an exponential its bounds, of a square root its definition. What they do is taken as given.
- Private functions are read as internal, and these places in other words:`;

/** The document, as the formatter leaves it. */
async function render() {
  const proofs = proofFiles().map((path) => ({ path, ...readProof(readFileSync(join(root, path), "utf8")) }));
  const count = proofs.reduce((sum, { properties }) => sum + properties.length, 0);
  const cell = (text) => text.replaceAll("|", "\\|");
  const code = (text) => (text === "" ? "nothing" : `\`${cell(text)}\``);
  const lines = [INTRODUCTION];
  for (const { file, from, to } of READINGS) lines.push(`  - \`${file}\`: \`${from}\` as \`${to}\``);
  lines.push("", `${count} properties in ${proofs.length} files.`);
  for (const { path, title, engine, properties } of proofs) {
    lines.push("", `## ${title}`, "", `\`${path}\`, ${engine}`, "");
    lines.push("| property | what it says | bounds | planted bug |", "| --- | --- | --- | --- |");
    for (const { id, says, bounds, bug } of properties) {
      const where = bug.target === undefined ? "" : `${bug.target.split("/").at(-1)}: `;
      lines.push(`| ${id} | ${cell(says)} | ${cell(bounds)} | ${where}${code(bug.from)} becomes ${code(bug.to)} |`);
    }
  }
  return format(`${lines.join("\n")}\n`, { ...(await resolveConfig(FILE)), parser: "markdown" });
}

/** What is wrong with the written table, nothing when it is up to date. */
export async function tableProblems() {
  return readFileSync(FILE, "utf8") === (await render()) ? [] : ["docs/proofs.md: run `node scripts/prove/table.mjs`"];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes("--check")) {
    const problems = await tableProblems();
    for (const text of problems) console.log(text);
    process.exitCode = problems.length === 0 ? 0 : 1;
  } else {
    writeFileSync(FILE, await render());
    console.log("docs/proofs.md is written");
  }
}

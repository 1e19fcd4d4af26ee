// Checks docs/requirements.md: every id of the specification stands there once, with files that exist or with the part of
// the work that brings it. A row with code must name a test, as a file, and one of the tests that it names must cite the id.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { citedIn } from "./citations.mjs";

const range = (prefix, last) =>
  Array.from({ length: last }, (_, index) => `${prefix}-${String(index + 1).padStart(2, "0")}`);

/** Ids of the specification. */
export const IDS = [
  ...["R1", "R1a", "R1b", "R2", "R2a", "R3", "R4", "R5", "R6", "R7"],
  ...range("ORC", 8),
  "VOL-01",
  ...range("CLR", 11),
  "CLR-06a",
  "CLR-06b",
  ...range("MRG", 2),
  ...range("LIQ", 11),
  "PER-01",
  ...range("FND", 11),
  ...range("CVR", 10),
  ...range("CLM", 8),
  ...range("RSK", 2),
  "RSK-10",
  ...range("GOV", 3),
  "SDK-01",
  "KPR-01",
  "DPL-01",
  ...range("INV", 21),
];

const IS_FILE = /\.[a-z]+$/;

/** Problems of the table `text`; `exists` tells whether a path of the project exists, `cites` whether a test in it cites an id. */
export function checkRequirements(text, exists, cites) {
  const problems = [];
  const seen = new Map();
  for (const line of text.split("\n")) {
    const cells = line.split("|").map((cell) => cell.trim());
    const id = cells[1] ?? "";
    if (cells.length < 6 || !/^[A-Z]+(-\d\d)?\d?[ab]?$/.test(id)) continue;
    if (!IDS.includes(id)) problems.push(`${id}: not an id of the specification`);
    if (seen.has(id)) problems.push(`${id}: stands there twice`);
    seen.set(id, true);
    const [code, test, note] = [cells[2] ?? "", cells[3] ?? "", cells[4] ?? ""];
    const pathsIn = (cell) => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1]);
    for (const path of pathsIn(`${code},${test}`)) if (!exists(path)) problems.push(`${id}: ${path} does not exist`);
    for (const path of pathsIn(test)) if (!IS_FILE.test(path)) problems.push(`${id}: ${path} is a folder, not a test`);
    if (test !== "" && !pathsIn(test).some((path) => cites(path, id)))
      problems.push(`${id}: no test named there cites it`);
    if ((code === "") !== (test === "")) problems.push(`${id}: needs both code and test`);
    if (code === "" && !note.startsWith("comes with"))
      problems.push(`${id}: has no code and does not say when it comes`);
  }
  for (const id of IDS) if (!seen.has(id)) problems.push(`${id}: missing`);
  return problems;
}

/** Runs the check on the project. */
export function requirementProblems(root = fileURLToPath(new URL("../..", import.meta.url))) {
  const read = (path) => readFileSync(join(root, path), "utf8");
  const known = new Map();
  const cited = (file) => known.get(file) ?? known.set(file, citedIn(file, read(file))).get(file);
  const exists = (path) => existsSync(join(root, path));
  return checkRequirements(
    read("docs/requirements.md"),
    exists,
    (path, id) => IS_FILE.test(path) && exists(path) && cited(path).has(id),
  );
}

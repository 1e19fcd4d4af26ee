// Checks the documents that say which test shows what: every test file named in them exists, and has each test that is
// quoted after it. What a title fills in from a table stands there as an ellipsis.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { titlesOf } from "./test-titles.mjs";

const DOCUMENTS = ["docs/incidents.md", "docs/attacks.md"];
/** A file of the tests between backticks, or a title between quotation marks. */
const REFERENCE = /`(test\/[^`]+)`|"([^"]+)"/g;
const IS_TEST = /\.(test\.ts|t\.sol)$/;

/** Problems of one document; `read` gives a file's text, or undefined. */
export function checkReferences(name, document, read) {
  const problems = [];
  for (const [index, line] of document.split("\n").entries()) {
    const at = `${name}:${index + 1}`;
    let file;
    let quoted = 0;
    const close = () => {
      if (file !== undefined && quoted === 0) problems.push(`${at}: names no test of ${file}`);
    };
    for (const [, path, title] of line.matchAll(REFERENCE)) {
      if (path !== undefined) {
        close();
        [file, quoted] = [IS_TEST.test(path) ? path : undefined, 0];
        if (read(path) === undefined) problems.push(`${at}: ${path} does not exist`);
        continue;
      }
      quoted++;
      if (file === undefined) problems.push(`${at}: "${title}" is quoted without a file before it`);
      else if (read(file) !== undefined && !titlesOf(file, read(file)).includes(withoutEscapes(title)))
        problems.push(`${at}: ${file} has no test "${title}"`);
    }
    close();
  }
  return problems;
}

/** Markdown escapes signs that would mean something else. */
const withoutEscapes = (text) => text.replaceAll(/\\([*_<>|[\]])/g, "$1");

/** Runs the check on the project. */
export function referenceProblems(root = fileURLToPath(new URL("../..", import.meta.url))) {
  const read = (path) => {
    const full = join(root, path);
    return existsSync(full) ? readFileSync(full, "utf8") : undefined;
  };
  return DOCUMENTS.flatMap((path) => {
    const document = read(path);
    return document === undefined ? [`${path} does not exist`] : checkReferences(path, document, read);
  });
}

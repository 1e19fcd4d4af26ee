// Reads what tests are called. Tests are not run for it: a title is a string in an `it(...)`, or the name of a test function.

/** Comments, then strings and templates: whatever begins first is read whole, so that one inside another is not mistaken. */
const TOKENS = /\/\*[^]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g;
const TITLE = /\bit\(\s*$/;
const SUITE = /\bdescribe\(\s*$/;
/** A title that comes from a table: its strings are read as titles too. */
const TITLE_FROM_TABLE = /\bit\(\s*[A-Za-z_$][\w$.]*\s*,/;
const SOLIDITY_TEST = /\bfunction\s+((?:test|invariant)\w*)\s*\(/g;

/** Text of a string or template literal; what a template fills in is an ellipsis. */
function textOf(literal) {
  return literal
    .slice(1, -1)
    .replaceAll(/\$\{[^}]*\}/g, "…")
    .replaceAll(/\\(.)/g, "$1");
}

/** Titles of the tests of a TypeScript file; `suites` tells whether those of `describe` count too. */
function typeScriptTitles(text, suites) {
  const isTable = TITLE_FROM_TABLE.test(text);
  const titles = [];
  for (const match of text.matchAll(TOKENS)) {
    if (match[0].startsWith("/")) continue;
    const before = text.slice(Math.max(0, match.index - 60), match.index);
    if (isTable || TITLE.test(before) || (suites && SUITE.test(before))) titles.push(textOf(match[0]));
  }
  return titles;
}

/** What the tests of a file are called. */
export function titlesOf(path, text, { suites = false } = {}) {
  if (!path.endsWith(".sol")) return typeScriptTitles(text, suites);
  return [...text.matchAll(SOLIDITY_TEST)].map((match) => match[1]);
}

// Just enough reading of Solidity for text rules: which characters are code, comment or string.

const TOKEN = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g;

const blank = (text) => text.replace(/[^\n]/g, " ");

/** The source with comments blanked; lines and columns stay where they are. */
export function withoutComments(source) {
  return source.replace(TOKEN, (token) => (token.startsWith("/") ? blank(token) : token));
}

/** The source with comments and the insides of strings blanked; quotes, lines and columns stay. */
export function codeOnly(source) {
  return source.replace(TOKEN, (token) =>
    token.startsWith("/") ? blank(token) : token[0] + blank(token.slice(1, -1)) + token[0],
  );
}

/** The line number of an offset. */
export function lineAt(source, offset) {
  return source.slice(0, offset).split("\n").length;
}

/**
 * The arguments of a call, split at its outermost commas.
 *
 * @param {string} code without comments and insides of strings
 * @param {number} open offset of the opening parenthesis
 */
export function argumentsAt(code, open) {
  const found = [];
  let depth = 0;
  let start = open + 1;
  for (let at = open; at < code.length; at++) {
    const character = code[at];
    if ("([{".includes(character)) depth++;
    if (")]}".includes(character)) depth--;
    if (depth === 0 || (depth === 1 && character === ",")) {
      const argument = code.slice(start, at).trim();
      if (argument !== "" || found.length > 0) found.push(argument);
      start = at + 1;
    }
    if (depth === 0) return found;
  }
  return found;
}

/** Every import: what it names, and from where. */
export function importsOf(source) {
  const code = withoutComments(source);
  return [...code.matchAll(/(?<![\w"'])import\b([^;"']*)["']([^"'\n]+)["']([^;]*);/g)].map((match) => ({
    path: match[2],
    names: match[1] + match[3],
    line: lineAt(source, match.index),
  }));
}

// A source with wrapping arithmetic, for proofs by bmc. In that engine a checked operation restricts the whole function to
// inputs for which it fits, also where a branch around it is not taken: what such inputs do would go unseen. With wrapping
// arithmetic every input is seen. Whatever the checked code returns, the wrapping code returns too, so a claim proved of this
// one holds of that one wherever it does not revert.
import { codeOnly } from "../lint/solidity-text.mjs";

/** Offset behind the brace that closes the one at `open`. */
export function closingOf(code, open) {
  let depth = 0;
  let end = open;
  do {
    if (code[end] === "{") depth++;
    if (code[end] === "}") depth--;
    end++;
  } while (depth > 0 && end < code.length);
  return end;
}

/** @param {string} source */
export function withWrapping(source) {
  // Blocks of this kind cannot stand in one another.
  const flat = source.replace(/\bunchecked(\s*\{)/g, (all, brace) => " ".repeat(all.length - brace.length) + brace);
  const code = codeOnly(flat);
  let wrapped = "";
  let from = 0;
  for (const match of code.matchAll(/\bfunction\b[^;{]*\{/g)) {
    const open = match.index + match[0].length - 1;
    const end = closingOf(code, open);
    wrapped += `${flat.slice(from, open)}{ unchecked ${flat.slice(open, end)} }`;
    from = end;
  }
  return wrapped + flat.slice(from);
}

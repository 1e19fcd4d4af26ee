// Which requirements the tests of a file cite: by their titles, and in Solidity by the comments that document them, because
// names of functions hold no hyphens (`test_CVR06_...` cites CVR-06, `invariant_INV01to05_13_...` INV-01 to INV-05 and INV-13).
import { titlesOf } from "./test-titles.mjs";

const ID = /\b(?:[A-Z]{3}-\d\d|R\d)[ab]?\b/g;
const ID_IN_NAME = /(?<=_|^)([A-Z]{3}\d\d[ab]?|R\d[ab]?)(?=_|$)/g;
const INVARIANTS_IN_NAME = /(?<=_)INV((?:\d\d(?:_?to\d\d)?_?)+)/g;
const DOCUMENTATION = /^\s*\/\/\/.*$/gm;

const withHyphen = (id) => id.replace(/^([A-Z]{3})(?=\d)/, "$1-");

/** Ids of a list such as `01to05_13`. */
function expanded(list) {
  return [...list.matchAll(/(\d\d)(?:_?to(\d\d))?/g)].flatMap(([, first, last = first]) =>
    Array.from(
      { length: Number(last) - Number(first) + 1 },
      (_, index) => `INV-${String(Number(first) + index).padStart(2, "0")}`,
    ),
  );
}

/** Ids that the tests of a file cite. */
export function citedIn(path, text) {
  const titles = titlesOf(path, text, { suites: true });
  const cited = new Set(titles.flatMap((title) => title.match(ID) ?? []));
  if (!path.endsWith(".sol")) return cited;
  for (const line of text.match(DOCUMENTATION) ?? []) for (const id of line.match(ID) ?? []) cited.add(id);
  for (const title of titles) {
    for (const [id] of title.matchAll(ID_IN_NAME)) cited.add(withHyphen(id));
    for (const [, list] of title.matchAll(INVARIANTS_IN_NAME)) for (const id of expanded(list)) cited.add(id);
  }
  return cited;
}

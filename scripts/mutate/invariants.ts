/*
 * Which invariants a test's name or message speaks of: INV-01, INV08, INV01to05_13, INV03_07to12_19.
 */

/** Ids of the specification. */
export const INVARIANTS = Array.from({ length: 21 }, (_, index) => `INV-${String(index + 1).padStart(2, "0")}`);

const CITED = /INV-?(\d\d(?:to\d\d)?(?:_\d\d(?:to\d\d)?(?![A-Za-z0-9]))*)/g;

const idOf = (number: number) => `INV-${String(number).padStart(2, "0")}`;

export function invariantsIn(text: string): string[] {
  const found = new Set<string>();
  for (const [, list = ""] of text.matchAll(CITED)) {
    for (const part of list.split("_")) {
      const [first = 0, last = first] = part.split("to").map(Number);
      for (let number = first; number <= last; number++) found.add(idOf(number));
    }
  }
  return [...found].sort();
}

/** Ids of requirements that a text begins to speak of: `CLR-07: paid less than asked`. */
const TOLD = /"([A-Z]{2,4}-\d\d)[a-z]?[:,]/;

/** What a failure says is broken: the id in its message when there is one, else those in the name of its test. */
export function brokenBy(failure: string): string[] {
  const at = failure.indexOf(": ");
  const [, told] = TOLD.exec(at < 0 ? "" : failure.slice(at)) ?? [];
  return told === undefined ? invariantsIn(at < 0 ? failure : failure.slice(0, at)) : [told];
}

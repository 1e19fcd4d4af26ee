import { AnalysisError } from "../instrument/errors.ts";
import type { Edit } from "../instrument/rewrite.ts";
import { isMeasured, rewritten } from "../instrument/sources.ts";
import { IS_CHOSEN, SWITCH_FILE, SWITCH_SOURCE } from "../instrument/switch.ts";
import { analyse, child, parse, rangeOf, text, toBytes } from "../instrument/tree.ts";
import type { Complaint, Node, Source, Sources } from "../instrument/tree.ts";
import { createRandom } from "../replay/random.ts";
import { allot } from "./draw.ts";
import { definitionsIn, findMutants } from "./find.ts";
import type { Mutant } from "./mutant.ts";
import { twinName } from "./operators/statements.ts";

/** Which mutants are wanted. */
export interface Draw {
  readonly seed: number;
  readonly count: number;
  /** Files begin with one of these; all files when there are none. */
  readonly files: readonly string[];
}

export interface Plan {
  /** The files that are rewritten. */
  readonly changes: Sources;
  /** The mutant with number 1 first. */
  readonly mutants: readonly Mutant[];
  /** All that there are in the files that were looked at. */
  readonly existing: readonly string[];
  /** Drawn ones that the compiler refused. */
  readonly refused: number;
}

/** So many times the compiler is asked which mutants it refuses. */
const MAX_ROUNDS = 25;

/** Draws mutants and writes all of them into one set of sources. */
export function planMutants(sources: Sources, request: Draw, say: (text: string) => void): Plan {
  const parsed = parse(sources);
  const nodes = definitionsIn(parsed.values());
  const isWanted = (file: string) =>
    request.files.length === 0 || request.files.some((start) => file.startsWith(start));
  const files = [...parsed.keys()].filter((file) => isMeasured(file) && isWanted(file)).sort();
  const random = createRandom(request.seed);
  const strata = files.map((file) => {
    const source = parsed.get(file) as Source;
    return { file, waiting: random.fork(file).shuffled(findMutants(source, file, nodes)), drawn: [] as Mutant[] };
  });
  const existing = strata.flatMap(({ waiting }) => waiting.map(({ identity }) => identity));
  const quota = allot(
    strata.map(({ waiting }) => waiting.length),
    request.count,
  );
  say(`${existing.length} mutants in ${files.length} files`);

  let refused = 0;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    strata.forEach((stratum, index) => fill(stratum, quota[index] ?? 0));
    const mutants = strata.flatMap(({ drawn }) => drawn);
    const changes = rewritten(parsed, editsOf(mutants, parsed));
    const changed = { ...sources, ...changes, [SWITCH_FILE]: { content: SWITCH_SOURCE } };
    const { errors } = analyse(changed, false);
    if (errors.length === 0) return { changes, mutants, existing, refused };
    const numbers = new Set(errors.map((error) => blamed(error, changed)));
    refused += numbers.size;
    say(`${numbers.size} of ${mutants.length} refused by the compiler`);
    for (const stratum of strata) {
      stratum.drawn = stratum.drawn.filter((mutant) => !numbers.has(mutants.indexOf(mutant) + 1));
    }
  }
  throw new AnalysisError(`after ${MAX_ROUNDS} rounds there are still mutants that the compiler refuses`);
}

/** Draws on until there are enough. A statement pair that crosses another one is passed over. */
function fill(stratum: { waiting: Mutant[]; drawn: Mutant[] }, quota: number): void {
  while (stratum.drawn.length < quota) {
    const next = stratum.waiting.shift();
    if (next === undefined) return;
    if (stratum.drawn.every((other) => !areCrossing(next.edit(0), other.edit(0)))) stratum.drawn.push(next);
  }
}

function areCrossing(a: Edit, b: Edit): boolean {
  const [first, second] = a.start <= b.start ? [a, b] : [b, a];
  return first.start < second.start && second.start < first.end && first.end < second.end;
}

/** By file: what the mutants change, and the twins of modifiers that some of them call. */
export function editsOf(mutants: readonly Mutant[], parsed: ReadonlyMap<string, Source>): Map<string, Edit[]> {
  const edits = new Map<string, Edit[]>();
  const add = (name: string, edit: Edit) => edits.set(name, [...(edits.get(name) ?? []), edit]);
  const twins = new Map<number, NonNullable<Mutant["twin"]>>();
  mutants.forEach((mutant, index) => {
    add(mutant.file, mutant.edit(index + 1));
    if (mutant.twin !== undefined) twins.set(mutant.twin.definition.id, mutant.twin);
  });
  for (const twin of twins.values()) add(twin.source, twinEdit(twin.definition, parsed.get(twin.source)?.bytes ?? ""));
  return edits;
}

/** Behind a modifier its twin, which lets pass whatever comes when its number is chosen. */
function twinEdit(definition: Node, bytes: string): Edit {
  const part = (node: Node | undefined) => {
    if (node === undefined) return "";
    const { start, end } = rangeOf(node);
    return bytes.slice(start, end);
  };
  const taken = part(child(definition, "parameters"))
    .replace(/^\(|\)$/g, "")
    .trim();
  const head = ["uint256 number__", ...(taken === "" ? [] : [taken])].join(", ");
  const body = `{ if (${IS_CHOSEN}(number__)) { _; } else ${part(child(definition, "body"))} }`;
  const code = `modifier ${twinName(text(definition, "name"))}(${head}) ${body}`;
  return { ...rangeOf(definition), wrap: (inner) => `${inner} ${code}` };
}

const NUMBERS = new RegExp(`(?:${IS_CHOSEN}|${twinName("")})\\((\\d+)`, "g");

/** The mutant that an error is about: the last one that begins before it. */
function blamed({ formattedMessage, sourceLocation }: Complaint, sources: Sources): number {
  const content = sourceLocation === undefined ? undefined : sources[sourceLocation.file]?.content;
  if (sourceLocation === undefined || content === undefined) throw new AnalysisError(formattedMessage);
  const bytes = toBytes(content);
  const last = [...bytes.slice(0, sourceLocation.end).matchAll(NUMBERS)].at(-1)?.[1];
  if (last === undefined) throw new AnalysisError(formattedMessage);
  return Number(last);
}

import { lineAt, walk } from "../instrument/tree.ts";
import type { Place, Source } from "../instrument/tree.ts";
import type { Definition, Draft, FindMutants, Mutant, Operator } from "./mutant.ts";
import { findConstants } from "./operators/constants.ts";
import {
  findArithmetic,
  findComparisons,
  findExtremes,
  findLayers,
  findLogic,
  findRounding,
} from "./operators/expressions.ts";
import { findConditions, findGuards, findModifiers, findOrders, findStatements } from "./operators/statements.ts";

const FINDERS: readonly (readonly [Operator, FindMutants])[] = [
  ["rounding", findRounding],
  ["comparison", findComparisons],
  ["arithmetic", findArithmetic],
  ["layer", findLayers],
  ["layer", findOrders],
  ["statement", findStatements],
  ["guard", findGuards],
  ["constant", findConstants],
  ["modifier", findModifiers],
  ["condition", findConditions],
  ["condition", findLogic],
  ["extreme", findExtremes],
];

/** Declarations that a name may stand for. */
const DECLARATIONS = new Set(["FunctionDefinition", "ModifierDefinition", "VariableDeclaration"]);

export function definitionsIn(sources: Iterable<Source>): Map<number, Definition> {
  const definitions = new Map<number, Definition>();
  for (const { name, tree } of sources) {
    for (const place of walk(tree, () => true)) {
      if (DECLARATIONS.has(place.node.nodeType)) definitions.set(place.node.id, { ...place, source: name });
    }
  }
  return definitions;
}

/** Whether a node lies in what is executed. Expressions elsewhere are worked out by the compiler, or once at construction. */
const isExecuted = ({ above }: Place) =>
  above.some(({ nodeType }) => nodeType === "FunctionDefinition" || nodeType === "ModifierDefinition");

/** All mutants of a file, in the order of its text. */
export function findMutants(source: Source, file: string, nodes: ReadonlyMap<number, Definition>): Mutant[] {
  const scope = { source, file, nodes };
  const drafts: (Draft & { operator: Operator })[] = [];
  for (const place of walk(source.tree, ({ node }) => node.nodeType !== "InlineAssembly")) {
    // What a modifier is given would be written twice: once in the invocation and once in the one that replaces it.
    const isGiven = place.above.some(({ nodeType }) => nodeType === "ModifierInvocation");
    if (isGiven || !isExecuted(place)) continue;
    for (const [operator, find] of FINDERS) {
      for (const draft of find(place, scope)) drafts.push({ operator, ...draft });
    }
  }
  const seen = new Map<string, number>();
  return drafts
    .sort((a, b) => a.start - b.start)
    .map((draft) => {
      const text = [draft.operator, file, draft.before, draft.after].join(" | ");
      const count = (seen.get(text) ?? 0) + 1;
      seen.set(text, count);
      return { ...draft, identity: `${text} | ${count}`, file, line: lineAt(source.bytes, draft.start) };
    });
}

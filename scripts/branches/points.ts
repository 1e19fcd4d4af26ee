import { NO, REACH, YES } from "../instrument/switch.ts";
import type { Edit } from "../instrument/rewrite.ts";
import { child, children, lineAt, rangeOf, text, walk } from "../instrument/tree.ts";
import type { Node, Place, Source } from "../instrument/tree.ts";

/** One way that code can go, and another one beside it. */
export interface Branch {
  /** What tells it from all others. It holds no line; of several that read the same it counts. */
  readonly identity: string;
  readonly file: string;
  readonly line: number;
  /** What is decided. */
  readonly text: string;
  /** How. */
  readonly way: string;
}

/** A decision: its ways in the order of their numbers, and what is written into the source to see them. */
interface Decision {
  readonly start: number;
  readonly text: string;
  readonly ways: readonly string[];
  readonly edit: (number: number) => Edit;
}

/** Nodes with a field `condition`, and what its two sides are called. */
const CONDITIONS: Readonly<Record<string, readonly [whenTrue: string, whenFalse: string]>> = {
  IfStatement: ["then", "else"],
  Conditional: ["first", "second"],
  ForStatement: ["on", "ended"],
  WhileStatement: ["on", "ended"],
  DoWhileStatement: ["on", "ended"],
};

function decisionsAt({ node, above }: Place, bytes: string): Decision[] {
  const asked = (condition: Node | undefined, ways: readonly [string, string]): Decision[] => {
    if (condition === undefined) return [];
    const { start, end } = rangeOf(condition);
    // The condition is worked out first, with nothing else on the stack: many functions have no place left on it.
    const wrap = (number: number) => (inner: string) => `((${inner}) ? ${YES}(${number}) : ${NO}(${number + 1}))`;
    return [
      { start, text: shown(bytes.slice(start, end)), ways, edit: (number) => ({ start, end, wrap: wrap(number) }) },
    ];
  };
  const ways = CONDITIONS[node.nodeType];
  if (ways !== undefined) return asked(child(node, "condition"), ways);
  const operator = text(node, "operator");
  if (node.nodeType === "BinaryOperation" && (operator === "&&" || operator === "||")) {
    return asked(child(node, "leftExpression"), operator === "&&" ? ["goes on", "decides"] : ["decides", "goes on"]);
  }
  const called = node.nodeType === "FunctionCall" ? child(node, "expression") : undefined;
  if (called?.nodeType === "Identifier" && text(called, "name") === "require") {
    return asked(children(node, "arguments")[0], ["passes", "reverts"]);
  }
  const block = node.nodeType === "TryCatchClause" ? child(node, "block") : undefined;
  if (block === undefined) return [];
  const { start, end } = rangeOf(block);
  const clauses = children(above.at(-1) ?? node, "clauses");
  const way = clauses[0] === node ? "returned" : `failed ${clauses.indexOf(node)}`;
  const edit = (number: number) => ({ start, end, wrap: (inner: string) => `{ ${REACH}(${number}); ${inner} }` });
  return [{ start, text: "try", ways: [way], edit }];
}

const LONGEST = 100;

function shown(bytes: string): string {
  const line = bytes.replaceAll(/\s+/g, " ");
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}...` : line;
}

/** The branches of a file, from number `first` on, and the edits that make them report. */
export function branchesOf({ name, bytes, tree }: Source, first: number): { branches: Branch[]; edits: Edit[] } {
  const decisions = [...walk(tree, ({ node }) => node.nodeType !== "InlineAssembly")]
    .flatMap((place) => decisionsAt(place, bytes))
    .sort((a, b) => a.start - b.start);
  const branches: Branch[] = [];
  const edits: Edit[] = [];
  const seen = new Map<string, number>();
  for (const { start, text: decided, ways, edit } of decisions) {
    edits.push(edit(first + branches.length));
    for (const way of ways) {
      const same = `${name} | ${decided} | ${way}`;
      const count = (seen.get(same) ?? 0) + 1;
      seen.set(same, count);
      branches.push({ identity: `${same} | ${count}`, file: name, line: lineAt(bytes, start), text: decided, way });
    }
  }
  return { branches, edits };
}

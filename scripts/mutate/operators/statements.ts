import { child, children, rangeOf, text } from "../../instrument/tree.ts";
import type { Node } from "../../instrument/tree.ts";
import { otherCondition, otherStatements } from "../drafts.ts";
import { oneLine, textOf } from "../mutant.ts";
import type { FindMutants, Scope } from "../mutant.ts";

const NOTHING = "";

/** Files in which the order of two statements may say who pays first. */
const HAS_LAYERS = /LayerAmounts|\bjunior\b|\bsenior\b/;

/** Whether a statement lies in the head of a loop, where leaving it out would only never end. */
export const isInLoopHead = (above: readonly Node[], node: Node) => {
  const parent = above.at(-1);
  return parent?.nodeType === "ForStatement" && child(parent, "body") !== node;
};

const isRequire = (node: Node) => {
  const call = node.nodeType === "ExpressionStatement" ? child(node, "expression") : undefined;
  const called = call === undefined ? undefined : child(call, "expression");
  return called?.nodeType === "Identifier" && text(called, "name") === "require";
};

/** A statement that is left out. */
export const findStatements: FindMutants = ({ node, above }, scope) => {
  const isDroppable = node.nodeType === "ExpressionStatement" || node.nodeType === "EmitStatement";
  if (!isDroppable || isRequire(node) || isInLoopHead(above, node)) return [];
  return [otherStatements(scope, [node, node], NOTHING)];
};

const REVERTS = new Set(["RevertStatement"]);

/** Whether a branch does nothing but revert. */
function onlyReverts(body: Node | undefined): boolean {
  if (body === undefined) return false;
  if (body.nodeType !== "Block") return REVERTS.has(body.nodeType);
  const [only, ...others] = children(body, "statements");
  return only !== undefined && others.length === 0 && onlyReverts(only);
}

/** A guard that is left out: a condition under which something reverts, or a `require`. */
export const findGuards: FindMutants = ({ node }, scope) => {
  if (isRequire(node)) return [otherStatements(scope, [node, node], NOTHING)];
  const condition = node.nodeType === "IfStatement" ? child(node, "condition") : undefined;
  if (!condition || !onlyReverts(child(node, "trueBody")) || child(node, "falseBody")) return [];
  return [otherCondition(scope, condition, "false", (chosen, inner) => `!${chosen} && (${inner})`)];
};

/** A condition that is turned round. */
export const findConditions: FindMutants = ({ node }, scope) => {
  const isAsked = node.nodeType === "IfStatement" || node.nodeType === "Conditional";
  const condition = isAsked ? child(node, "condition") : undefined;
  if (!condition) return [];
  const after = `!(${oneLine(textOf(scope, condition))})`;
  return [otherCondition(scope, condition, after, (chosen, inner) => `(${chosen} != (${inner}))`)];
};

/** Two neighbouring statements in the other order, where layers are at work. Pairs do not overlap: edits must not cross. */
export const findOrders: FindMutants = ({ node }, scope) => {
  if (node.nodeType !== "Block" && node.nodeType !== "UncheckedBlock") return [];
  if (!HAS_LAYERS.test(scope.source.bytes)) return [];
  const statements = children(node, "statements");
  const pairs: [Node, Node][] = [];
  for (let index = 0; index + 1 < statements.length; index++) {
    const [first, second] = [statements[index], statements[index + 1]];
    if (first?.nodeType !== "ExpressionStatement" || second?.nodeType !== "ExpressionStatement") continue;
    pairs.push([first, second]);
    index++;
  }
  return pairs.map((pair) => {
    const [first, second] = pair.map((statement) => `${textOf(scope, statement)};`);
    return otherStatements(scope, pair, `${second} ${first}`);
  });
};

/** Name of the twin of a modifier, which does nothing when its mutant is chosen. */
export const twinName = (name: string) => `${name}Unless__`;

/** A modifier that is left out of a function's head. */
export const findModifiers: FindMutants = ({ node }, scope: Scope) => {
  const name = node.nodeType === "ModifierInvocation" ? child(node, "modifierName") : undefined;
  const definition = scope.nodes.get(Number(name?.["referencedDeclaration"]));
  if (!name || definition?.node.nodeType !== "ModifierDefinition") return [];
  const { start, end } = rangeOf(node);
  const before = textOf(scope, node);
  const given = children(node, "arguments").map((argument) => textOf(scope, argument));
  const twin = twinName(text(definition.node, "name"));
  return [
    {
      start,
      before: oneLine(before),
      after: NOTHING,
      edit: (number) => ({ start, end, wrap: () => `${twin}(${[number, ...given].join(", ")})` }),
      twin: { source: definition.source, definition: definition.node },
    },
  ];
};

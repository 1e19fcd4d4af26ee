import { child, children, rangeOf, text, typeOf } from "../../instrument/tree.ts";
import type { Node } from "../../instrument/tree.ts";
import { otherExpression, otherStatements } from "../drafts.ts";
import { textOf } from "../mutant.ts";
import type { FindMutants } from "../mutant.ts";
import { isInLoopHead } from "./statements.ts";

/** Operators and what a slip makes of each. */
const COMPARISONS: Readonly<Record<string, string>> = {
  "<": "<=",
  "<=": "<",
  ">": ">=",
  ">=": ">",
  "==": "!=",
  "!=": "==",
};
const ARITHMETIC: Readonly<Record<string, string>> = {
  "+": "-",
  "-": "+",
  "*": "/",
  "/": "*",
  "%": "*",
  "<<": ">>",
  ">>": "<<",
  "&": "|",
  "|": "&",
};
const LOGIC: Readonly<Record<string, string>> = { "&&": "||", "||": "&&" };

/** From the first to the last that bears a loss. */
const LAYERS = ["reserve", "junior", "senior", "reinsurance"];

/** The compiler works these out itself; what a switch would give has another type. */
const isWorkedOut = (node: Node) => /^(int_const|rational_const)/.test(typeOf(node));

function otherOperator(slips: Readonly<Record<string, string>>): FindMutants {
  return ({ node }, scope) => {
    const [left, right] = [child(node, "leftExpression"), child(node, "rightExpression")];
    const operator = slips[text(node, "operator")];
    if (node.nodeType !== "BinaryOperation" || !left || !right || operator === undefined || isWorkedOut(node))
      return [];
    const [a, b] = [textOf(scope, left), textOf(scope, right)];
    return [otherExpression(scope, node, `(${a}) ${operator} (${b})`, `${a} ${operator} ${b}`)];
  };
}

export const findComparisons = otherOperator(COMPARISONS);
export const findLogic = otherOperator(LOGIC);

/** `+` for `-`, also in `+=` and `++`, but not in the head of a loop, where it would only never end. */
export const findArithmetic: FindMutants = (place, scope) => {
  const { node, above } = place;
  const statement = above.at(-1);
  if (statement?.nodeType !== "ExpressionStatement" || isInLoopHead(above.slice(0, -1), statement)) {
    return otherOperator(ARITHMETIC)(place, scope);
  }
  const operator = text(node, "operator");
  const code = textOf(scope, node);
  if (node.nodeType === "Assignment" && operator.length > 1) {
    const slip = ARITHMETIC[operator.slice(0, -1)];
    const [left, right] = [child(node, "leftHandSide"), child(node, "rightHandSide")];
    if (slip === undefined || !left || !right) return [];
    const changed = `${textOf(scope, left)} ${slip}= ${textOf(scope, right)};`;
    return [otherStatements(scope, [statement, statement], changed)];
  }
  if (node.nodeType === "UnaryOperation" && (operator === "++" || operator === "--")) {
    const changed = code.replace(operator, operator === "++" ? "--" : "++");
    return [otherStatements(scope, [statement, statement], `${changed};`)];
  }
  return otherOperator(ARITHMETIC)(place, scope);
};

/** A call of a function's counterpart: same parameters, a name that says the opposite. */
function otherName(counterparts: (name: string) => string[]): FindMutants {
  return ({ node, above }, scope) => {
    const called = node.nodeType === "FunctionCall" ? child(node, "expression") : undefined;
    const definition = scope.nodes.get(Number(called?.["referencedDeclaration"]));
    if (!called || definition?.node.nodeType !== "FunctionDefinition") return [];
    const name = text(definition.node, "name");
    const code = textOf(scope, node);
    const nameEnd = rangeOf(called).end - rangeOf(node).start;
    if (code.slice(nameEnd - name.length, nameEnd) !== name) return [];
    return counterparts(name)
      .filter((counterpart) => hasSibling(definition.node, definition.above.at(-1), counterpart))
      .map((counterpart) => {
        const changed = code.slice(0, nameEnd - name.length) + counterpart + code.slice(nameEnd);
        const statement = above.at(-1);
        return statement?.nodeType === "ExpressionStatement"
          ? otherStatements(scope, [statement, statement], `${changed};`)
          : otherExpression(scope, node, changed);
      });
  };
}

const parametersOf = (node: Node) => {
  const list = child(node, "parameters");
  return list === undefined ? "" : children(list, "parameters").map(typeOf).join();
};

function hasSibling(node: Node, parent: Node | undefined, name: string): boolean {
  if (parent === undefined) return false;
  return children(parent, "nodes").some(
    (sibling) => text(sibling, "name") === name && parametersOf(sibling) === parametersOf(node),
  );
}

export const findRounding = otherName((name) => {
  if (name.includes("Down")) return [name.replace("Down", "Up"), name.replace("Down", "")];
  if (name.includes("Up")) return [name.replace("Up", "Down"), name.replace("Up", "")];
  return [`${name}Up`];
});

export const findExtremes = otherName((name) => (name === "min" ? ["max"] : name === "max" ? ["min"] : []));

/** What one layer has, read in the place of its neighbour's. */
export const findLayers: FindMutants = ({ node }, scope) => {
  const name = text(node, "memberName");
  const place = LAYERS.indexOf(name);
  if (node.nodeType !== "MemberAccess" || place < 0 || node["lValueRequested"] === true) return [];
  const struct = scope.nodes.get(Number(node["referencedDeclaration"]))?.above.at(-1);
  if (struct?.nodeType !== "StructDefinition") return [];
  const members = children(struct, "members").map((member) => text(member, "name"));
  const neighbour = [LAYERS[place + 1], LAYERS[place - 1]].find(
    (other) => other !== undefined && members.includes(other),
  );
  if (neighbour === undefined) return [];
  return [otherExpression(scope, node, textOf(scope, node).slice(0, -name.length) + neighbour)];
};

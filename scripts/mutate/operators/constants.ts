import { IS_CHOSEN } from "../../instrument/switch.ts";
import { child, children, rangeOf, text, typeOf } from "../../instrument/tree.ts";
import type { Node } from "../../instrument/tree.ts";
import { otherExpression } from "../drafts.ts";
import { textOf } from "../mutant.ts";
import type { FindMutants, Scope } from "../mutant.ts";

const isInteger = (type: string) => /^u?int\d+$/.test(type);

/** One more, one less and nothing, for numbers and for names of constants. */
export const findConstants: FindMutants = ({ node, above }, scope) => {
  const type = node.nodeType === "Literal" ? literalType(node, above) : constantType(node, scope);
  if (type === undefined || !isInteger(type)) return [];
  const code = textOf(scope, node);
  const isZero = Number(text(node, "value")) === 0 && node.nodeType === "Literal";
  const { start, end } = rangeOf(node);
  const changes = isZero ? [`${code} + 1`] : [`${code} + 1`, `${code} - 1`, "0"];
  // One of them for each place, by where it stands: else most mutants would be constants.
  const other = changes[start % changes.length] ?? "0";
  return [
    {
      ...otherExpression(scope, node, `${type}(${other})`, other),
      edit: (number) => ({
        start,
        end,
        // A number without a type would take the smallest one that holds it; once it is wrapped it has one.
        wrap: (inner) => {
          const typed = node.nodeType === "Literal" && !inner.startsWith("(") ? `${type}(${inner})` : inner;
          return `(${IS_CHOSEN}(${number}) ? ${type}(${other}) : ${typed})`;
        },
      }),
    },
  ];
};

/** The type of a constant that is named here. */
function constantType(node: Node, scope: Scope): string | undefined {
  if (node.nodeType !== "Identifier" && node.nodeType !== "MemberAccess") return undefined;
  const declaration = scope.nodes.get(Number(node["referencedDeclaration"]))?.node;
  return declaration?.nodeType === "VariableDeclaration" && declaration["constant"] === true ? typeOf(node) : undefined;
}

/** The type that a number takes from what is done with it, where that can be told. */
function literalType(node: Node, above: readonly Node[]): string | undefined {
  const parent = above.at(-1);
  if (parent === undefined || text(node, "kind") !== "number") return undefined;
  switch (parent.nodeType) {
    case "BinaryOperation": {
      const isShift = /<<|>>/.test(text(parent, "operator"));
      if (isShift) return child(parent, "rightExpression") === node ? "uint256" : undefined;
      return (parent["commonType"] as { typeString?: string } | undefined)?.typeString;
    }
    case "Assignment": {
      const left = child(parent, "leftHandSide");
      return left === undefined || /<<|>>/.test(text(parent, "operator")) ? undefined : typeOf(left);
    }
    case "VariableDeclarationStatement": {
      const [declaration, ...others] = children(parent, "declarations");
      return declaration === undefined || others.length > 0 ? undefined : typeOf(declaration);
    }
    case "Conditional":
      return typeOf(parent);
    case "Return": {
      const list = above.findLast(({ nodeType }) => nodeType === "FunctionDefinition");
      const returned = list === undefined ? undefined : child(list, "returnParameters");
      const [only, ...others] = returned === undefined ? [] : children(returned, "parameters");
      return only === undefined || others.length > 0 ? undefined : typeOf(only);
    }
    default:
      return undefined;
  }
}

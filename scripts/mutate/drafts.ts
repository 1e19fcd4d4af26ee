import { IS_CHOSEN } from "../instrument/switch.ts";
import { rangeOf, statementEnd } from "../instrument/tree.ts";
import type { Node } from "../instrument/tree.ts";
import { oneLine, textOf } from "./mutant.ts";
import type { Draft, Scope } from "./mutant.ts";

/*
 * The three shapes that a switchable mistake has in the source. What stands beside the original is written from the text as it was,
 * without the switches inside it: only one mutant is ever chosen, so the copy needs none.
 */

/** Another expression in the place of one. */
export function otherExpression(scope: Scope, node: Node, code: string, shown = code): Draft {
  const { start, end } = rangeOf(node);
  return {
    start,
    before: oneLine(textOf(scope, node)),
    after: oneLine(shown),
    edit: (number) => ({ start, end, wrap: (inner) => `(${IS_CHOSEN}(${number}) ? ${code} : ${inner})` }),
  };
}

/** Another condition in the place of one; `wrap` gets the question whether the mutant is chosen. */
export function otherCondition(
  scope: Scope,
  node: Node,
  after: string,
  wrap: (chosen: string, inner: string) => string,
): Draft {
  const { start, end } = rangeOf(node);
  return {
    start,
    before: oneLine(textOf(scope, node)),
    after,
    edit: (number) => ({ start, end, wrap: (inner) => wrap(`${IS_CHOSEN}(${number})`, inner) }),
  };
}

/** Other statements in the place of one or several; none when `code` is empty. The braces keep a following `else` where it belongs. */
export function otherStatements(scope: Scope, [first, last]: readonly [Node, Node], code: string): Draft {
  const { start } = rangeOf(first);
  const end = statementEnd(scope.source.bytes, last);
  return {
    start,
    before: oneLine(scope.source.bytes.slice(start, end)),
    after: oneLine(code),
    edit: (number) => ({
      start,
      end,
      wrap: (inner) => `{ if (${IS_CHOSEN}(${number})) { ${code} } else { ${inner} } }`,
    }),
  };
}

import type { Edit } from "../instrument/rewrite.ts";
import { rangeOf } from "../instrument/tree.ts";
import type { Node, Place, Source } from "../instrument/tree.ts";

export const OPERATORS = [
  "rounding",
  "comparison",
  "arithmetic",
  "layer",
  "statement",
  "guard",
  "constant",
  "modifier",
  "condition",
  "extreme",
] as const;
export type Operator = (typeof OPERATORS)[number];

/** One small mistake that could stand in the code. */
export interface Mutant {
  /** What tells it from all others. It holds no offset, so that a line above changes none; of several that read the same it counts. */
  readonly identity: string;
  readonly operator: Operator;
  /** Path from the project's root. */
  readonly file: string;
  readonly line: number;
  /** Offset of the changed piece, in bytes. */
  readonly start: number;
  readonly before: string;
  readonly after: string;
  /** The source with the original and the mistake in it; `number` chooses the mistake. */
  readonly edit: (number: number) => Edit;
  /** A modifier that needs a twin which can be switched off: where it is defined. */
  readonly twin?: { readonly source: string; readonly definition: Node };
}

/** A mutant as it is kept and shown. */
export type Listed = Omit<Mutant, "edit" | "twin" | "start">;

/** What operators may look at. */
export interface Scope {
  readonly source: Source;
  readonly file: string;
  readonly nodes: ReadonlyMap<number, Definition>;
}

/** A declaration and where it stands. */
export interface Definition extends Place {
  readonly source: string;
}

/** A mutant before it has a file and a line. */
export type Draft = Pick<Mutant, "start" | "before" | "after" | "edit"> & Partial<Pick<Mutant, "twin">>;

export type FindMutants = (place: Place, scope: Scope) => Draft[];

export const textOf = ({ source }: Scope, node: Node) => {
  const { start, end } = rangeOf(node);
  return source.bytes.slice(start, end);
};

/** Text as it is shown: in one line. */
export const oneLine = (bytes: string) => bytes.replaceAll(/\s+/g, " ").trim();

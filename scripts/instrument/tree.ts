import { compilerOf } from "../compiler/load.ts";
import { AnalysisError } from "./errors.ts";

/** The compiler that the project is built with. */
const compiler = compilerOf("solc");

/** A node of the compiler's syntax tree. What else it has depends on its type. */
export interface Node {
  readonly id: number;
  readonly nodeType: string;
  /** `start:length:file`, in bytes. */
  readonly src: string;
  readonly [field: string]: unknown;
}

/** One file: its text and its tree. */
export interface Source {
  readonly name: string;
  /** One character for each byte, so that the compiler's offsets are indices. */
  readonly bytes: string;
  readonly tree: Node;
}

export type Sources = Readonly<Record<string, { readonly content: string }>>;

/** As the project is built; nothing else in its settings bears on names and types. */
const EVM_VERSION = "cancun";

/** What the compiler says of a text. */
export interface Complaint {
  readonly severity: string;
  readonly formattedMessage: string;
  readonly sourceLocation?: { readonly file: string; readonly start: number; readonly end: number };
}

export const toBytes = (text: string) => Buffer.from(text, "utf8").toString("latin1");
export const fromBytes = (bytes: string) => Buffer.from(bytes, "latin1").toString("utf8");

/** Runs the compiler as far as types are checked, which takes seconds where code takes minutes. */
export function analyse(sources: Sources, trees: boolean) {
  const outputSelection = { "*": { "": trees ? ["ast"] : [] } };
  const input = JSON.stringify({
    language: "Solidity",
    sources,
    settings: { evmVersion: EVM_VERSION, outputSelection },
  });
  const output = JSON.parse(compiler.compile(input)) as {
    errors?: Complaint[];
    sources?: Record<string, { ast?: Node }>;
  };
  const errors = (output.errors ?? []).filter(({ severity }) => severity === "error");
  return { errors, trees: output.sources ?? {} };
}

/** The trees of all sources, by name. */
export function parse(sources: Sources): Map<string, Source> {
  const { errors, trees } = analyse(sources, true);
  const [first] = errors;
  if (first !== undefined) throw new AnalysisError(first.formattedMessage);
  const parsed = new Map<string, Source>();
  for (const [name, { content }] of Object.entries(sources)) {
    const tree = trees[name]?.ast;
    if (tree === undefined) throw new AnalysisError(`the compiler gave no tree of ${name}`);
    parsed.set(name, { name, bytes: toBytes(content), tree });
  }
  return parsed;
}

export function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "nodeType" in value;
}

export function childrenOf(node: Node): Node[] {
  return Object.values(node).flatMap((value) =>
    Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : [],
  );
}

/** A node and the way to it; the last of `above` is its parent. */
export interface Place {
  readonly node: Node;
  readonly above: readonly Node[];
}

/** Every node of a tree, parents first. `enter` says whether to go below a node. */
export function* walk(node: Node, enter: (place: Place) => boolean, above: readonly Node[] = []): Generator<Place> {
  const place = { node, above };
  yield place;
  if (!enter(place)) return;
  const way = [...above, node];
  for (const child of childrenOf(node)) yield* walk(child, enter, way);
}

/** A field that is a node, or undefined. */
export function child(node: Node, field: string): Node | undefined {
  const value = node[field];
  return isNode(value) ? value : undefined;
}

export function children(node: Node, field: string): Node[] {
  const value = node[field];
  return Array.isArray(value) ? value.filter(isNode) : [];
}

export function text(node: Node, field: string): string {
  const value = node[field];
  return typeof value === "string" ? value : "";
}

export function rangeOf(node: Node): { start: number; end: number } {
  const [start, length] = node.src.split(":").map(Number);
  if (start === undefined || length === undefined) throw new AnalysisError(`a node lies at ${node.src}`);
  return { start, end: start + length };
}

/** The type of an expression as the compiler writes it, such as `uint256`. */
export function typeOf(node: Node): string {
  const descriptions = node["typeDescriptions"] as { typeString?: string } | undefined;
  return descriptions?.typeString ?? "";
}

export function lineAt(bytes: string, offset: number): number {
  return bytes.slice(0, offset).split("\n").length;
}

/** Where a statement ends with what closes it: the tree leaves the semicolon of simple statements out. */
export function statementEnd(bytes: string, node: Node): number {
  const { end } = rangeOf(node);
  if (bytes[end - 1] === ";" || bytes[end - 1] === "}") return end;
  const semicolon = bytes.indexOf(";", end);
  if (semicolon < 0) throw new AnalysisError(`no semicolon closes the statement at ${node.src}`);
  return semicolon + 1;
}

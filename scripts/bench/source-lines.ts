// Which function of the sources an instruction belongs to.
import { compiledOf, outputOf } from "./build-output.ts";
import type { Artifact, Node } from "./build-output.ts";

const PUSH1 = 0x60;
const PUSH32 = 0x7f;

/** A function of a source file, by the bytes that it spans. */
interface Span {
  readonly start: number;
  readonly end: number;
  readonly name: string;
}

/** Attributes the instructions of one contract's code. */
export class SourceLines {
  /** Index of the instruction at each program counter. */
  readonly #instructions: readonly number[];
  /** Start, length and file of each instruction. */
  readonly #places: readonly (readonly [number, number])[];
  readonly #spans = new Map<number, readonly Span[]>();

  constructor(artifact: Artifact) {
    const bytecode = compiledOf(artifact)?.evm.deployedBytecode;
    this.#instructions = instructionsOf(bytecode?.object ?? "");
    this.#places = placesOf(bytecode?.sourceMap ?? "");
    for (const { id, ast } of Object.values(outputOf(artifact)?.sources ?? {})) {
      this.#spans.set(id, spansOf(ast));
    }
  }

  /** Contract.function of the sources, or what the compiler has added. */
  functionAt(pc: number): string {
    const [start, file] = this.#places[this.#instructions[pc] ?? -1] ?? [-1, -1];
    const spans = this.#spans.get(file) ?? [];
    let best: Span | undefined;
    for (const span of spans) {
      if (start >= span.start && start < span.end && (!best || span.end - span.start < best.end - best.start))
        best = span;
    }
    return best?.name ?? "(compiler)";
  }
}

function instructionsOf(code: string): number[] {
  const bytes = Buffer.from(code.replace(/[^0-9a-f]/gi, "0"), "hex");
  const result: number[] = [];
  for (let pc = 0, index = 0; pc < bytes.length; index++) {
    result[pc] = index;
    const op = bytes[pc] ?? 0;
    pc += op >= PUSH1 && op <= PUSH32 ? op - PUSH1 + 2 : 1;
  }
  return result;
}

/** Start and file of every instruction; an empty field repeats the one before. */
function placesOf(sourceMap: string): (readonly [number, number])[] {
  let [start, file] = [-1, -1];
  return sourceMap.split(";").map((entry) => {
    const [newStart, , newFile] = entry.split(":");
    if (newStart !== undefined && newStart !== "") start = Number(newStart);
    if (newFile !== undefined && newFile !== "") file = Number(newFile);
    return [start, file] as const;
  });
}

function spansOf(file: Node): Span[] {
  const spans: Span[] = [];
  const visit = (node: Node, owner: string) => {
    const name = node.name === undefined || node.name === "" ? (node.kind ?? "") : node.name;
    const [start = 0, length = 0] = node.src.split(":").map(Number);
    if (node.nodeType === "ContractDefinition") {
      spans.push({ start, end: start + length, name: `${name} (generated: ABI coding, packing, dispatch)` });
      for (const child of node.nodes ?? []) visit(child, `${name}.`);
    } else if (node.nodeType === "FunctionDefinition" || node.nodeType === "ModifierDefinition") {
      spans.push({ start, end: start + length, name: `${owner}${name}` });
    } else {
      for (const child of node.nodes ?? []) visit(child, owner);
    }
  };
  visit(file, "");
  return spans;
}

// The compiler reads its table of functions at every call through a pointer, millions of times in a compilation, and such a read is slow: it
// took more than a third of the time. A table that remembers what it has been asked for gives the same functions, and the same code comes out.
import { createRequire } from "node:module";

/** What is used here of WebAssembly, which the types for Node.js leave to those for browsers. */
declare const WebAssembly: {
  Instance: new (module: object, imports?: object) => { readonly exports: Readonly<Record<string, unknown>> };
  readonly Table: { readonly prototype: Table; new (): Table };
};

/** Functions by number. */
export interface Table {
  readonly length: number;
  get(index: number): unknown;
  set(index: number, entry: unknown): void;
  grow(by: number): number;
}

/** The compiler's binary as it is published: a module of WebAssembly, of whose functions these are of use here. */
export interface Soljson {
  cwrap(name: "solidity_version", returns: "string", takes: readonly []): () => string;
  cwrap(
    name: "solidity_compile",
    returns: "string",
    takes: readonly ["string", "number", "number"],
  ): (input: string, read: number, context: number) => string;
}

export interface Compiler {
  readonly version: string;
  /** Takes and gives what the compiler's documentation calls standard JSON. */
  compile(input: string): string;
}

/** The compiler of a package: "solc", or the name that another version of it goes by. */
export function compilerOf(packageName: string): Compiler {
  const soljson = loadCompiler(packageName);
  const compile = soljson.cwrap("solidity_compile", "string", ["string", "number", "number"]);
  return {
    version: soljson.cwrap("solidity_version", "string", [])(),
    compile: (input) => compile(input, 0, 0),
  };
}

/** The same as its package gives it. Who has read that file before us, in this process, gave it a table that forgets: slower, and all the same. */
export function loadCompiler(packageName: string): Soljson {
  const { Instance } = WebAssembly;
  // Only until the module has been read, which makes its one instance then.
  WebAssembly.Instance = new Proxy(Instance, {
    construct(target, [module, imports]: [object, object?]) {
      const instance = new target(module, imports);
      for (const exported of Object.values(instance.exports)) {
        if (exported instanceof WebAssembly.Table) rememberReads(exported);
      }
      return instance;
    },
  });
  try {
    return createRequire(import.meta.url)(`${packageName}/soljson.js`) as Soljson;
  } finally {
    WebAssembly.Instance = Instance;
  }
}

/** Makes a table read each of its entries once, until it changes. */
export function rememberReads(table: Table): void {
  let entries = nothingRead(table);
  const { prototype } = WebAssembly.Table;
  table.get = (index) => (entries[index] ??= prototype.get.call(table, index));
  table.set = (index, entry) => {
    prototype.set.call(table, index, entry);
    entries[index] = undefined;
  };
  table.grow = (by) => {
    const before = prototype.grow.call(table, by);
    entries = nothingRead(table);
    return before;
  };
}

/** Without gaps: reads of an array that has some are slow too. */
function nothingRead({ length }: Table): unknown[] {
  return new Array<unknown>(length).fill(undefined);
}

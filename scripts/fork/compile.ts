// Contracts that are published as sources only. Compiled outside Hardhat, because some import packages under names that npm does
// not have; what comes out is kept in cache/fork/.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, posix } from "node:path";
import type { JsonFragment } from "ethers";

import { compilerOf } from "../compiler/load.ts";
import { ForkError } from "./errors.ts";
import { ROOT } from "./published.ts";
import type { Published } from "./published.ts";

const CACHE = join(ROOT, "cache", "fork");
/** Sources that are not of a package, from the root of the project. */
const OWN = "scripts/";
/** An import in any of the forms that Solidity has. */
const IMPORT = /^\s*import\b[^"';]*["']([^"']+)["']/gm;

export interface Sources {
  /** For the name of the cached result. */
  readonly name: string;
  /** Files below node_modules, or below scripts/, that are wanted; what they import comes along. */
  readonly files: readonly string[];
  /** Package of the compiler. */
  readonly compiler: string;
  readonly settings: object;
  /** Prefix of an import: where it leads to below node_modules. */
  readonly renames?: Readonly<Record<string, string>>;
}

interface Output {
  readonly contracts?: Record<string, Record<string, Compiled>>;
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[];
}

interface Compiled {
  readonly abi: readonly JsonFragment[];
  readonly evm: {
    readonly bytecode: { readonly object: string; readonly linkReferences: Published["linkReferences"] };
  };
}

/** Contracts by name, those without code left out. */
export type Compilation = ReadonlyMap<string, Published>;

/** Compiles unless the same has been compiled before. `onCompile` is told when it takes time. */
export function compile(wanted: Sources, onCompile: (name: string) => void): Compilation {
  const { name, compiler, settings, renames = {} } = wanted;
  const sources = closure(wanted.files, renames);
  const remappings = Object.entries(renames).map(([from, to]) => `${from}=${to}`);
  const outputSelection = { "*": { "*": ["abi", "evm.bytecode.object", "evm.bytecode.linkReferences"] } };
  const input = JSON.stringify({
    language: "Solidity",
    sources,
    settings: { ...settings, remappings, outputSelection },
  });
  const { version } = createRequire(import.meta.url)(join(ROOT, "node_modules", compiler, "package.json")) as {
    version: string;
  };
  const digest = createHash("sha256").update(version).update(input).digest("hex").slice(0, 16);
  const cache = join(CACHE, `${name}-${digest}.json`);
  if (!existsSync(cache)) {
    onCompile(name);
    const contracts = run(compiler, input, name);
    mkdirSync(CACHE, { recursive: true });
    writeFileSync(cache, JSON.stringify(contracts));
  }
  return new Map(Object.entries(JSON.parse(readFileSync(cache, "utf8")) as Record<string, Published>));
}

/** A contract of a compilation. */
export function contractOf(compilation: Compilation, name: string): Published {
  const published = compilation.get(name);
  if (!published) throw new ForkError(`${name} is not among the compiled contracts`);
  return published;
}

/** The files and all that they import, directly or not. */
function closure(files: readonly string[], renames: Readonly<Record<string, string>>) {
  const sources: Record<string, { content: string }> = {};
  const waiting = [...files];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (sources[file]) continue;
    const content = readFileSync(join(ROOT, file.startsWith(OWN) ? "" : "node_modules", file), "utf8");
    sources[file] = { content };
    for (const [, path = ""] of content.matchAll(IMPORT)) waiting.push(resolve(file, path, renames));
  }
  // Sorted, so that the same files make the same input whatever the order they were found in.
  return Object.fromEntries(Object.entries(sources).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function resolve(file: string, path: string, renames: Readonly<Record<string, string>>): string {
  if (path.startsWith(".")) return posix.join(posix.dirname(file), path);
  const from = Object.keys(renames).find((prefix) => path.startsWith(prefix));
  return from === undefined ? path : `${renames[from] ?? ""}${path.slice(from.length)}`;
}

function run(compiler: string, input: string, name: string): Record<string, Published> {
  const { contracts = {}, errors = [] } = JSON.parse(compilerOf(compiler).compile(input)) as Output;
  const failure = errors.find(({ severity }) => severity === "error");
  if (failure) throw new ForkError(`${name} does not compile: ${failure.formattedMessage}`);
  const published: Record<string, Published> = {};
  for (const [contract, { abi, evm }] of Object.values(contracts).flatMap((file) => Object.entries(file))) {
    const { object, linkReferences = {} } = evm.bytecode;
    if (object !== "") published[contract] = { abi, bytecode: `0x${object}`, linkReferences };
  }
  return published;
}

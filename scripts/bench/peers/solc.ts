// An older compiler, for a peer whose sources insist on it.
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { JsonFragment } from "ethers";

import { compilerOf } from "../../compiler/load.ts";
import { BenchError } from "../errors.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

export interface CompiledPeer {
  readonly abi: readonly JsonFragment[];
  readonly evm: { readonly bytecode: { readonly object: string } };
}

/** What is compiled: sources of a package, by which compiler, and how. */
export interface PeerSources {
  readonly package: string;
  readonly folder: string;
  readonly compiler: string;
  readonly settings: object;
}

/** Contracts of a package by name. Compiled once; the result is kept in cache/. */
export function compilePeer({ package: name, folder, compiler, settings }: PeerSources): Record<string, CompiledPeer> {
  const { version } = JSON.parse(readFileSync(join(ROOT, "node_modules", name, "package.json"), "utf8")) as {
    version: string;
  };
  const cache = join(ROOT, "cache", `bench-${name.replace("/", "+")}-${version}-${compiler}.json`);
  if (existsSync(cache)) return JSON.parse(readFileSync(cache, "utf8")) as Record<string, CompiledPeer>;

  const files = globSync(`node_modules/${name}/${folder}/**/*.sol`, { cwd: ROOT });
  const sources = Object.fromEntries(
    files.map((file) => [file.slice("node_modules/".length), { content: readFileSync(join(ROOT, file), "utf8") }]),
  );
  const outputSelection = { "*": { "*": ["abi", "evm.bytecode.object"] } };
  const input = { language: "Solidity", sources, settings: { ...settings, outputSelection } };
  const output = JSON.parse(compilerOf(compiler).compile(JSON.stringify(input))) as {
    contracts?: Record<string, Record<string, CompiledPeer>>;
    errors?: readonly { severity: string; formattedMessage: string }[];
  };
  const failure = output.errors?.find(({ severity }) => severity === "error");
  if (failure) throw new BenchError(`${name} does not compile: ${failure.formattedMessage}`);
  const contracts = Object.assign({}, ...Object.values(output.contracts ?? {})) as Record<string, CompiledPeer>;
  mkdirSync(dirname(cache), { recursive: true });
  writeFileSync(cache, JSON.stringify(contracts));
  return contracts;
}

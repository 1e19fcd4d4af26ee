import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import hre from "hardhat";
import { getCreateAddress } from "ethers";

import { compilerOf } from "../../../scripts/compiler/load.ts";
import type { Deployment } from "./deployment.ts";

/*
 * Copies of the project's contracts with one defence taken out. A test that passes on the real code must fail on such a copy, or it
 * shows nothing: the attack is played on both.
 */

/** A defence, and the contract that carries it. */
export interface Mutation {
  /** Contract whose code is exchanged. */
  readonly contract: string;
  /** Its file, from the project's root. */
  readonly contractFile: string;
  /** The file that holds the defence. */
  readonly file: string;
  /** What stands there, white space apart, exactly once; and the weakened form. */
  readonly edits: readonly (readonly [defence: string, weakened: string])[];
}

/** Where an attack is played: only what the exchange of code needs. */
type Chain = Pick<Deployment, "provider" | "ethers" | "administrator">;

/** The compiler that the project is built with. */
const compiler = compilerOf("solc");

export type Sources = Record<string, { content: string }>;

/** So many contracts the constructor of one makes at most. */
const MOST_CHILDREN = 3;

/** Exchanges the code of the deployed contract for the mutant's. Storage and address stay. */
export async function takeOut(chain: Chain, mutation: Mutation): Promise<void> {
  const { address, constructorArguments } = await deployedAs(chain, mutation.contract);
  // Deployed once more with the same arguments, so that immutables hold the same values; then its code moves to the real address.
  const data = creationCode(mutation) + constructorArguments;
  const receipt = await (await chain.administrator.sendTransaction({ data })).wait();
  const copy = receipt?.contractAddress ?? "";
  const code = await chain.ethers.provider.getCode(copy);
  if (code === "0x") throw new Error(`the mutant of ${mutation.contract} was not deployed`);
  const moved = withChildrenOf(code, copy, address);
  await chain.provider.request({ method: "hardhat_setCode", params: [address, moved] });
}

/** The code of a copy as it would be at `address`: contracts that a constructor has made are immutables of their maker. */
export function withChildrenOf(code: string, copy: string, address: string): string {
  const child = (from: string, nonce: number) => getCreateAddress({ from, nonce }).slice(2).toLowerCase();
  let moved = code;
  for (let nonce = 1; nonce <= MOST_CHILDREN; nonce++) {
    moved = moved.replaceAll(child(copy, nonce), child(address, nonce));
  }
  return moved;
}

/** The weakened source. Each defence must stand in it exactly once: a test on a defence that has moved would show nothing. */
export function weaken(source: string, { file, edits }: Pick<Mutation, "file" | "edits">): string {
  return edits.reduce((text, [defence, weakened]) => replaceOnce(text, file, defence, weakened), source);
}

/** The source with a defence, which must stand in it exactly once, exchanged. */
export function replaceOnce(text: string, file: string, defence: string, weakened: string): string {
  const places = occurrences(text, defence);
  const [place] = places;
  if (places.length !== 1 || place === undefined) {
    throw new Error(`${file}: the defence \`${defence}\` stands there ${places.length} times, not once`);
  }
  return text.slice(0, place.start) + weakened + text.slice(place.end);
}

/** Creation code of the mutant, compiled as the tests compile, kept by the hash of all that goes into it. */
export function creationCode(mutation: Mutation): string {
  const sources = sourcesFrom(mutation.contractFile);
  const original = sources[mutation.file];
  if (original === undefined) throw new Error(`${mutation.contract} does not use ${mutation.file}`);
  sources[mutation.file] = { content: weaken(original.content, mutation) };
  const code = compileCopies(sources, new Map([[mutation.contract, mutation.contractFile]])).get(mutation.contract);
  if (code === undefined) throw new Error(`${mutation.contract} is not in ${mutation.contractFile}`);
  return code;
}

/** Creation codes of contracts, given by name and file, compiled as the tests compile; kept by the hash of all that goes into them. */
export function compileCopies(sources: Sources, contracts: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const input = JSON.stringify({ language: "Solidity", sources, settings: settingsFor(contracts) });
  const folder = path.join(hre.config.paths.cache, "mutants");
  const kept = path.join(folder, createHash("sha256").update(compiler.version).update(input).digest("hex"));
  if (existsSync(kept)) return new Map(JSON.parse(readFileSync(kept, "utf8")) as [string, string][]);
  const codes = compile(input, contracts);
  mkdirSync(folder, { recursive: true });
  writeFileSync(kept, JSON.stringify([...codes]));
  return codes;
}

function compile(input: string, contracts: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const output = JSON.parse(compiler.compile(input)) as {
    errors?: { severity: string; formattedMessage: string }[];
    contracts?: Record<string, Record<string, { evm: { bytecode: { object: string } } }>>;
  };
  const errors = output.errors?.filter(({ severity }) => severity === "error") ?? [];
  const codes = [...contracts].map(([contract, file]) => ({
    contract,
    code: output.contracts?.[file]?.[contract]?.evm.bytecode.object,
  }));
  if (errors.length > 0 || codes.some(({ code }) => !code)) {
    throw new Error(`a mutant does not compile: ${errors.map((error) => error.formattedMessage).join("\n")}`);
  }
  return new Map(codes.map(({ contract, code }) => [contract, `0x${code}`]));
}

/** The optimiser's settings of the profile that tests are built with; of the output only the code that is needed. */
function settingsFor(contracts: ReadonlyMap<string, string>): Record<string, unknown> {
  const [profile] = hre.config.solidity.profiles.default?.compilers ?? [];
  if (profile === undefined) throw new Error("no default profile");
  const outputSelection: Record<string, Record<string, string[]>> = {};
  for (const [contract, file] of contracts) {
    outputSelection[file] = { ...outputSelection[file], [contract]: ["evm.bytecode.object"] };
  }
  return { ...(profile.settings as Record<string, unknown>), outputSelection };
}

/** A file and everything that it imports, as Solidity names them. */
export function sourcesFrom(file: string, found: Sources = {}): Sources {
  if (found[file] !== undefined) return found;
  const { root } = hre.config.paths;
  const isOurs = file.startsWith("contracts/");
  const content = readFileSync(isOurs ? path.join(root, file) : path.join(root, "node_modules", file), "utf8");
  found[file] = { content };
  for (const [, imported] of content.matchAll(/^import[^;]*?"([^"]+)";/gm)) {
    if (imported === undefined) continue;
    sourcesFrom(imported.startsWith(".") ? path.posix.join(path.posix.dirname(file), imported) : imported, found);
  }
  return found;
}

/** Address and constructor arguments of the first contract that was created with the artifact's code. */
async function deployedAs(chain: Chain, contract: string) {
  const { bytecode } = await hre.artifacts.readArtifact(contract);
  const [first] = await deploymentsOf(chain, bytecode);
  if (first === undefined) throw new Error(`${contract} is not deployed`);
  return first;
}

/** Addresses and constructor arguments of all contracts that transactions have created with this code, oldest first. */
export async function deploymentsOf(chain: Pick<Chain, "ethers">, bytecode: string) {
  const { provider } = chain.ethers;
  const found: { address: string; constructorArguments: string }[] = [];
  const latest = await provider.getBlockNumber();
  for (let number = 0; number <= latest; ++number) {
    const block = await provider.getBlock(number, true);
    for (const { to, data, hash } of block?.prefetchedTransactions ?? []) {
      if (to !== null || !data.startsWith(bytecode)) continue;
      const address = (await provider.getTransactionReceipt(hash))?.contractAddress;
      if (address) found.push({ address, constructorArguments: data.slice(bytecode.length) });
    }
  }
  return found;
}

/** Where a snippet stands, whatever white space is between its characters. */
function occurrences(text: string, snippet: string): { start: number; end: number }[] {
  const positions = [...text.matchAll(/\S/g)].map(({ index }) => index);
  const dense = text.replaceAll(/\s/g, "");
  const wanted = snippet.replaceAll(/\s/g, "");
  const found = [];
  for (let at = dense.indexOf(wanted); at !== -1; at = dense.indexOf(wanted, at + 1)) {
    const [start, last] = [positions[at], positions[at + wanted.length - 1]];
    if (start !== undefined && last !== undefined) found.push({ start, end: last + 1 });
  }
  return found;
}

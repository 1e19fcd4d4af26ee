// Contracts as their authors have published them on npm, compiled.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { getAddress } from "ethers";
import type { JsonFragment } from "ethers";

import { ForkError } from "./errors.ts";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Places in creation code where the address of a library is missing: file, library, places in bytes. */
type LinkReferences = Readonly<
  Record<string, Readonly<Record<string, readonly { readonly start: number; readonly length: number }[]>>>
>;

export interface Published {
  readonly abi: readonly JsonFragment[];
  /** Creation code, 0x and hex digits; undefined places where libraries belong. */
  readonly bytecode: string;
  readonly linkReferences?: LinkReferences;
}

const readJson = (file: string): unknown => JSON.parse(readFileSync(join(ROOT, "node_modules", file), "utf8"));

/** An artifact as Hardhat and Truffle write it; `file` below node_modules. */
export function readArtifact(file: string): Published {
  return readJson(file) as Published;
}

/** An artifact of Chainlink's packages below 0.2. */
export function readChainlink(file: string): Published {
  const { compilerOutput } = readJson(`chainlink-0.1.9/abi/${file}.json`) as {
    compilerOutput: { abi: readonly JsonFragment[]; evm: { bytecode: { object: string } } };
  };
  return { abi: compilerOutput.abi, bytecode: compilerOutput.evm.bytecode.object };
}

/** Code that stands on the chain, where a package has nothing else; `file` below node_modules. */
export function readRuntime(file: string): string {
  const { bytecode } = readJson(file) as { bytecode: string };
  return bytecode;
}

/** Creation code with the addresses of libraries filled in. */
export function linked(
  { bytecode, linkReferences = {} }: Published,
  libraries: Readonly<Record<string, string>>,
): string {
  let code = bytecode;
  for (const [name, places] of Object.values(linkReferences).flatMap((file) => Object.entries(file))) {
    const library = libraries[name];
    if (library === undefined) throw new ForkError(`the address of library ${name} is missing`);
    const digits = getAddress(library).slice(2).toLowerCase();
    for (const { start, length } of places)
      code = code.slice(0, 2 + 2 * start) + digits + code.slice(2 + 2 * (start + length));
  }
  return code;
}

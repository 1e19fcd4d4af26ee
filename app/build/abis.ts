// The SDK reads ABIs and errors from artifacts, bytecode and all. The page gets them as text, as the package does (scripts/sdk/build.ts).
import { pathToFileURL } from "node:url";
import { Interface } from "ethers";
import type { InterfaceAbi } from "ethers";
import type { Plugin } from "vite";

const ABIS = /\/sdk\/abi\.ts$/;
const ERRORS = /\/sdk\/reverts\/fragments\.ts$/;

/** Replaces the two modules of the SDK that read artifacts. */
export function compactAbis(): Plugin {
  return {
    name: "bulwark:abis",
    enforce: "pre",
    async load(id) {
      if (ABIS.test(id)) {
        const { abis } = (await import(pathToFileURL(id).href)) as { abis: Record<string, InterfaceAbi> };
        const texts = Object.entries(abis).map(([name, abi]) => [name, new Interface(abi).format()]);
        return `export const abis = ${JSON.stringify(Object.fromEntries(texts))};`;
      }
      if (ERRORS.test(id)) {
        const { errorFragments } = (await import(pathToFileURL(id).href)) as { errorFragments: readonly string[] };
        return `export const errorFragments = ${JSON.stringify(errorFragments)};`;
      }
      return undefined;
    },
  };
}

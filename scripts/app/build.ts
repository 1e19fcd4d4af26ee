// Builds the page with the tool that it is made for, and says how large it is.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "vite";

export const APP_FOLDER = fileURLToPath(new URL("../../app", import.meta.url));
export const BUILT_FOLDER = fileURLToPath(new URL("../../dist/app", import.meta.url));

export interface BuiltPage {
  readonly folder: string;
  /** Bytes of scripts and styles, as they are and compressed. */
  readonly bytes: number;
  readonly compressed: number;
}

export async function buildPage(): Promise<BuiltPage> {
  await build({ configFile: join(APP_FOLDER, "vite.config.ts"), logLevel: "error" });
  const assets = join(BUILT_FOLDER, "assets");
  const files = readdirSync(assets).map((file) => readFileSync(join(assets, file)));
  const sum = (sizes: readonly number[]) => sizes.reduce((total, size) => total + size, 0);
  return {
    folder: BUILT_FOLDER,
    bytes: sum(files.map(({ length }) => length)),
    compressed: sum(files.map((file) => gzipSync(file).length)),
  };
}

export function sizeInWords({ bytes, compressed }: BuiltPage): string {
  const thousands = (size: number) => `${(size / 1_000).toFixed(0)} kB`;
  return `${thousands(bytes)}, ${thousands(compressed)} compressed`;
}

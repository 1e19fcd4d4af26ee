// The blocks of sdk/README.md as the one program that they are, and as one file for a browser.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

import { BuildError } from "./errors.ts";

const README = fileURLToPath(new URL("../../sdk/README.md", import.meta.url));
/** The node that the blocks name. */
const URL_IN_README = "http://127.0.0.1:8545";
const BLOCK = /^```ts\n([\s\S]*?)^```$/gm;

/** Code blocks of a Markdown text. */
export function blocksOf(markdown: string): string[] {
  return [...markdown.matchAll(BLOCK)].map(([, code]) => code ?? "");
}

/**
 * The program as a module whose default export runs it, with what it prints going to the console that it is given.
 * @param url node that it speaks to
 */
export function programOf(markdown: string, url: string): string {
  const lines = blocksOf(markdown).join("\n").split("\n");
  const isImport = (line: string) => /^import\b/.test(line);
  const code = lines.filter((line) => !isImport(line)).join("\n");
  if (!code.includes(URL_IN_README)) throw new BuildError(`sdk/README.md names no node at ${URL_IN_README}`);
  return [
    ...lines.filter(isImport),
    "export default async function program(console) {",
    code.replaceAll(URL_IN_README, url),
    "}\n",
  ].join("\n");
}

/** Writes the program of the README, and its manifest, into a folder from which the package can be imported. */
export function writeProgram(folder: string, { url, manifest }: { url: string; manifest: unknown }): void {
  writeFileSync(join(folder, "program.mjs"), programOf(readFileSync(README, "utf8"), url));
  writeFileSync(join(folder, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  writeFileSync(join(folder, "main.mjs"), 'import program from "./program.mjs";\nawait program(console);\n');
}

/** One script that defines the global `bulwarkProgram.default`. Fails where the package asks for anything that a browser does not have. */
export async function bundleProgram(folder: string): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: folder,
    entryPoints: ["program.mjs"],
    bundle: true,
    platform: "browser",
    format: "iife",
    globalName: "bulwarkProgram",
    target: "es2022",
    write: false,
    logLevel: "silent",
  });
  const [file] = outputFiles;
  if (file === undefined) throw new BuildError("the bundle is empty");
  return file.text;
}

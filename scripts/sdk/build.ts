// The package: compiles sdk/ to JavaScript with declarations, and writes what is generated into it: ABIs, errors, and types of contracts.
// Run by `npm pack` in sdk/, after `hardhat build`.
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

import { BuildError } from "./errors.ts";
import { valueTypes } from "./valueTypes.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** What a package is made of; everything else that the compiler sees is only read. */
const EMITTED = [/^sdk\/.*\.(js|d\.ts)$/, /^typechain-types\/.*\.d\.ts$/];

/**
 * Builds the package into `folder`, in place of what was there.
 * @returns how many files there are
 */
export async function buildPackage(folder = join(ROOT, "sdk", "dist")): Promise<number> {
  if (!existsSync(join(ROOT, "artifacts", "contracts")))
    throw new BuildError("there are no artifacts; run `npx hardhat build` first");
  rmSync(folder, { recursive: true, force: true });
  const written = compile(folder);
  return written + (await generate(folder));
}

function compile(folder: string): number {
  const { options } = readConfig();
  const program = ts.createProgram(sources(), {
    ...options,
    noEmit: false,
    declaration: true,
    allowImportingTsExtensions: false,
    rewriteRelativeImportExtensions: true,
    rootDir: ROOT,
    outDir: folder,
    types: ["node"],
  });
  const found = ts.getPreEmitDiagnostics(program);
  if (found.length > 0) throw new BuildError(wordsOf(found));
  let count = 0;
  program.emit(undefined, (file, text) => {
    const path = relative(folder, file).split(sep).join("/");
    if (!EMITTED.some((pattern) => pattern.test(path))) return;
    write(file, path.endsWith(".d.ts") ? withoutSourceExtensions(text) : text);
    count++;
  });
  return count;
}

/** Modules that are text in the package and read artifacts here. */
async function generate(folder: string): Promise<number> {
  const { abis } = await import("../../sdk/abi.ts");
  const { errorFragments } = await import("../../sdk/reverts/fragments.ts");
  write(join(folder, "sdk/abi.js"), `export const abis = ${JSON.stringify(abis)};\n`);
  write(join(folder, "sdk/reverts/fragments.js"), `export const errorFragments = ${JSON.stringify(errorFragments)};\n`);
  write(join(folder, "sdk/reverts/values.d.ts"), valueTypes(errorFragments));
  for (const [name, abi] of Object.entries(abis)) {
    write(join(folder, "abi", `${name}.json`), `${JSON.stringify(abi, null, 2)}\n`);
  }
  cpSync(join(ROOT, "LICENSE"), join(folder, "LICENSE"));
  return Object.keys(abis).length;
}

function readConfig(): ts.ParsedCommandLine {
  const file = join(ROOT, "tsconfig.json");
  const { config } = ts.readConfigFile(file, (path) => ts.sys.readFile(path)) as { config: unknown };
  return ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
}

function sources(): string[] {
  const math = ts.sys.readDirectory(join(ROOT, "sdk/math"), [".ts"]);
  return [join(ROOT, "sdk/index.ts"), ...math];
}

/** Declarations keep the extension of their source; a reader without the sources needs that of the program. */
function withoutSourceExtensions(text: string): string {
  return text.replace(/((?:from|import)\s*\(?\s*")(\.{1,2}\/[^"]+)\.ts"/g, '$1$2.js"');
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function wordsOf(diagnostics: readonly ts.Diagnostic[]): string {
  const host = {
    getCanonicalFileName: (name: string) => name,
    getCurrentDirectory: () => ROOT,
    getNewLine: () => "\n",
  };
  return ts.formatDiagnostics(diagnostics, host);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    console.log(`sdk: ${await buildPackage()} files in sdk/dist`);
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    console.error(`sdk: ${error.message}`);
    process.exitCode = 1;
  }
}

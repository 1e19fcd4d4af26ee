import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { BenchError } from "./errors.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const HARDHAT = join(ROOT, "node_modules/hardhat/dist/src/cli.js");
/** Enough of a compiler's last words to see what is wrong. */
const LAST_LINES = 15;

/** Compiles what is out of date in the production profile. In a process of its own: its warnings about packages stay there. */
export async function build(): Promise<void> {
  const args = [HARDHAT, "build", "--quiet", "--no-tests", "--build-profile", "production"];
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => output.push(text));
  const end = await new Promise<number | string>((resolve, reject) =>
    child.on("error", reject).on("close", (code, signal) => resolve(code ?? signal ?? "unknown")),
  );
  if (end === 0) return;
  const words = output.join("").trimEnd().split("\n").slice(-LAST_LINES).join("\n");
  throw new BenchError(`the production build failed (${end}):\n${words}`);
}

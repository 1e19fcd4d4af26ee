import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { ReplayError } from "./errors.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const ARTIFACT = join(ROOT, "artifacts/contracts/clearing/ClearingHouse.sol/ClearingHouse.json");
const HARDHAT = join(ROOT, "node_modules/hardhat/dist/src/cli.js");
/** Enough of a compiler's last words to see what is wrong. */
const LAST_LINES = 15;

/** The contracts do not compile. */
export class BuildError extends ReplayError {
  override name = "BuildError";
}

/**
 * Compiles what is out of date, in the profile in which the contracts were compiled last, so that a production build is not thrown away.
 * In a process of its own: its warnings about packages are not for whoever runs the replay.
 * @returns the profile
 */
export async function build(say: (remark: string) => void): Promise<string> {
  const last = lastProfile();
  const profile = last ?? "default";
  if (last === undefined) say("replay: compiling the contracts first; this takes about a minute.");
  const args = [HARDHAT, "build", "--quiet", "--no-tests", "--build-profile", profile];
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => output.push(text));
  const end = await new Promise<number | string>((resolve, reject) =>
    child.on("error", reject).on("close", (code, signal) => resolve(code ?? signal ?? "unknown")),
  );
  if (end === 0) return profile;
  if (typeof end === "string") throw new BuildError(`the compiler was stopped by ${end}; run the replay again.`);
  const words = output.join("").trimEnd().split("\n").slice(-LAST_LINES).join("\n");
  throw new BuildError(`the contracts do not compile (npx hardhat build says more):\n${words}`);
}

/** "default" or "production", as the build information of the artifacts tells; undefined when there are none. */
function lastProfile(): string | undefined {
  if (!existsSync(ARTIFACT)) return undefined;
  const { buildInfoId } = JSON.parse(readFileSync(ARTIFACT, "utf8")) as { buildInfoId?: string };
  const path = join(ROOT, "artifacts/build-info", `${buildInfoId ?? ""}.json`);
  if (!existsSync(path)) return undefined;
  const { input } = JSON.parse(readFileSync(path, "utf8")) as { input: { settings: { viaIR?: boolean } } };
  return input.settings.viaIR === true ? "production" : "default";
}

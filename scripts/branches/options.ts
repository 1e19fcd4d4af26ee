import { OptionError } from "../instrument/errors.ts";

/** What the command is asked to do. */
export interface BranchesOptions {
  /** Whether the TypeScript suites run too. */
  readonly hasTypeScript: boolean;
  /** Only suites and files whose path contains one of these are measured anew; all when there are none. */
  readonly only: readonly string[];
}

const ALLOWED = "give --solidity (no TypeScript suites) or --only LIST (parts of paths, with commas between them)";

export function parseOptions(argv: readonly string[]): BranchesOptions {
  let hasTypeScript = true;
  let only: readonly string[] = [];
  for (let index = 0; index < argv.length; ++index) {
    const argument = argv[index] ?? "";
    if (argument === "--solidity") hasTypeScript = false;
    else if (argument === "--only") only = partsOf(argv[++index] ?? "");
    else throw new OptionError("argument", argument, ALLOWED);
  }
  return { hasTypeScript, only };
}

function partsOf(list: string): string[] {
  const parts = list.split(",").map((part) => part.trim());
  if (parts.includes("")) throw new OptionError("--only", list, ALLOWED);
  return parts;
}

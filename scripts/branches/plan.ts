import { isMeasured, rewritten } from "../instrument/sources.ts";
import type { Edit } from "../instrument/rewrite.ts";
import { parse } from "../instrument/tree.ts";
import type { Sources } from "../instrument/tree.ts";
import { branchesOf } from "./points.ts";
import type { Branch } from "./points.ts";

/** All branches, the one with number 1 first, and the files that report them. */
export function planBranches(sources: Sources): { changes: Sources; branches: Branch[] } {
  const parsed = parse(sources);
  const branches: Branch[] = [];
  const edits = new Map<string, readonly Edit[]>();
  for (const [file, source] of [...parsed].filter(([name]) => isMeasured(name)).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const found = branchesOf(source, branches.length + 1);
    if (found.edits.length > 0) edits.set(file, found.edits);
    branches.push(...found.branches);
  }
  return { changes: rewritten(parsed, edits), branches };
}

// What the compiler has said about the contracts: storage layouts, source maps and syntax trees.
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** Another build than the project's own, for whoever runs tests on it. */
const ARTIFACTS = process.env["BULWARK_ARTIFACTS"] ?? "artifacts";

export interface AbiInput {
  readonly type: string;
  readonly components?: readonly AbiInput[];
}

export interface Artifact {
  readonly contractName: string;
  readonly inputSourceName?: string;
  readonly buildInfoId?: string;
  readonly abi: readonly { type: string; name?: string; inputs?: readonly AbiInput[] }[];
}

/** A node of a syntax tree, as far as it is looked at. */
export interface Node {
  readonly nodeType: string;
  readonly name?: string;
  readonly kind?: string;
  readonly src: string;
  readonly nodes?: readonly Node[];
}

interface Compiled {
  readonly storageLayout?: {
    readonly storage: readonly { readonly label: string; readonly slot: string; readonly type: string }[];
    readonly types: Readonly<Record<string, { readonly numberOfBytes: string }>> | null;
  };
  readonly evm: { readonly deployedBytecode: { readonly object: string; readonly sourceMap?: string } };
}

interface Output {
  readonly contracts: Record<string, Record<string, Compiled>>;
  readonly sources: Record<string, { readonly id: number; readonly ast: Node }>;
}

const outputs = new Map<string, Output>();

/** The compiler's output that an artifact is from; undefined for one without build information. */
export function outputOf({ buildInfoId }: Artifact): Output | undefined {
  if (buildInfoId === undefined) return undefined;
  let output = outputs.get(buildInfoId);
  if (output === undefined) {
    const path = join(ROOT, ARTIFACTS, "build-info", `${buildInfoId}.output.json`);
    ({ output } = JSON.parse(readFileSync(path, "utf8")) as { output: Output });
    outputs.set(buildInfoId, output);
  }
  return output;
}

export function compiledOf(artifact: Artifact): Compiled | undefined {
  return outputOf(artifact)?.contracts[artifact.inputSourceName ?? ""]?.[artifact.contractName];
}

/** Artifacts of all contracts that can be deployed. */
export function artifacts(): Artifact[] {
  return globSync("artifacts/{contracts,@openzeppelin}/**/*.json", { cwd: ROOT }).map(
    (file) => JSON.parse(readFileSync(join(ROOT, file), "utf8")) as Artifact,
  );
}

import { AbiCoder, keccak256 } from "ethers";

import hre from "hardhat";

import { compiledOf } from "../../../../scripts/bench/build-output.ts";
import type { Artifact } from "../../../../scripts/bench/build-output.ts";

/*
 * Where the compiler has put every field. A twin keeps its state under the names of the Solidity sources, and this says which bytes of
 * which slot each name is, so that no field can be left out: what the layout names and the twin does not know is an error.
 */

interface Member {
  readonly label: string;
  readonly slot: string;
  readonly offset: number;
  readonly type: string;
}

interface TypeEntry {
  readonly encoding: string;
  readonly label: string;
  readonly numberOfBytes: string;
  readonly members?: readonly Member[];
  readonly key?: string;
  readonly value?: string;
  readonly base?: string;
}

interface StorageLayout {
  readonly storage: readonly Member[];
  readonly types: Readonly<Record<string, TypeEntry>>;
}

/** Words that the sources take apart by shifts: names and bits of their fields, lowest first (contracts/oracle/FeedState.sol). */
const PACKED: Readonly<Record<string, readonly (readonly [name: string, bits: bigint])[]>> = {
  CacheWord: [
    ["price", 112n],
    ["publishedAt", 40n],
    ["readAt", 40n],
    ["deadSeconds", 40n],
    ["spreadBps", 16n],
    ["version", 8n],
  ],
  VarianceWord: [
    ["fast", 64n],
    ["slow", 64n],
    ["samplePrice", 112n],
  ],
  AverageWord: [
    ["sampledAt", 40n],
    ["average", 112n],
  ],
};

/** One value type inside a variable. */
export interface Field {
  /** Names from the variable down to the field; empty where the variable is the value itself. */
  readonly path: readonly string[];
  /** Slots above the first one of the variable. */
  readonly slot: bigint;
  /** Bits below it in its slot. */
  readonly shift: bigint;
  readonly bits: bigint;
  readonly kind: "unsigned" | "signed" | "bool";
}

/** A state variable: its first slot, the types of its keys, and the fields of one entry. */
export interface Variable {
  readonly label: string;
  readonly slot: bigint;
  /** Solidity types of a mapping's keys, outermost first; `index` for an array of fixed size. */
  readonly keys: readonly string[];
  /** Slots of one element where the last key is `index`. */
  readonly stride: bigint;
  readonly fields: readonly Field[];
}

/** The state variables of a contract by name. */
export async function layoutOf(contract: string): Promise<ReadonlyMap<string, Variable>> {
  const artifact = (await hre.artifacts.readArtifact(contract)) as unknown as Artifact;
  const layout = compiledOf(artifact)?.storageLayout as StorageLayout | undefined;
  if (layout === undefined) throw new Error(`${contract} was built without its storage layout`);
  return new Map(layout.storage.map((member) => [member.label, variableOf(member, layout.types)]));
}

function variableOf({ label, slot, offset, type }: Member, types: StorageLayout["types"]): Variable {
  const keys: string[] = [];
  let [at, stride] = [type, 0n];
  for (let entry = typeOf(types, at); entry.encoding === "mapping"; entry = typeOf(types, at)) {
    keys.push(abiTypeOf(typeOf(types, entry.key ?? "")));
    at = entry.value ?? "";
  }
  const { base } = typeOf(types, at);
  if (base !== undefined) {
    keys.push("index");
    at = base;
    stride = (BigInt(typeOf(types, at).numberOfBytes) + 31n) / 32n;
  }
  return { label, slot: BigInt(slot), keys, stride, fields: fieldsOf(types, at, [], { slot: 0n, offset }) };
}

function fieldsOf(
  types: StorageLayout["types"],
  type: string,
  path: readonly string[],
  place: { slot: bigint; offset: number },
): Field[] {
  const entry = typeOf(types, type);
  if (entry.members !== undefined) {
    return entry.members.flatMap(({ label, slot, offset, type: inner }) =>
      fieldsOf(types, inner, [...path, label], { slot: place.slot + BigInt(slot), offset }),
    );
  }
  const packed = PACKED[entry.label];
  if (packed !== undefined) return packedFieldsOf(packed, path, place.slot);
  const kind = entry.label === "bool" ? "bool" : /^int\d/.test(entry.label) ? "signed" : "unsigned";
  const [shift, bits] = [BigInt(place.offset) * 8n, BigInt(entry.numberOfBytes) * 8n];
  return [{ path, slot: place.slot, shift, bits, kind }];
}

function packedFieldsOf(
  packed: readonly (readonly [name: string, bits: bigint])[],
  path: readonly string[],
  slot: bigint,
): Field[] {
  let shift = 0n;
  return packed.map(([name, bits]) => {
    const field: Field = { path: [...path, name], slot, shift, bits, kind: "unsigned" };
    shift += bits;
    return field;
  });
}

function typeOf(types: StorageLayout["types"], name: string): TypeEntry {
  const entry = types[name];
  if (entry === undefined) throw new Error(`the layout names no type ${name}`);
  return entry;
}

/** A key as it is padded: only its width is asked for, and whether it stands left or right. */
function abiTypeOf({ label, numberOfBytes }: TypeEntry): string {
  if (/^(u?int\d*|bool|address|bytes\d+)$/.test(label)) return label;
  // User-defined value types: AccountId is a bytes32, which fills its word; all others are numbers.
  return numberOfBytes === "32" ? "bytes32" : "uint256";
}

export type Key = string | bigint | boolean;

/** First slot of one entry. */
export function slotOf({ slot, keys, stride }: Variable, values: readonly Key[]): bigint {
  if (values.length !== keys.length) throw new Error(`${keys.length} keys are asked for, not ${values.length}`);
  return values.reduce<bigint>((base, value, position) => {
    const type = keys[position] ?? "uint256";
    if (type === "index") return base + BigInt(value) * stride;
    return BigInt(keccak256(AbiCoder.defaultAbiCoder().encode([type, "uint256"], [value, base])));
  }, slot);
}

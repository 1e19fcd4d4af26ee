import { concat, encodeRlp, getBytes, keccak256, toBeHex } from "ethers";

/*
 * Root of a contract's storage, as a block header's state has it: a Merkle Patricia tree over the hashes of its slots (Yellow Paper,
 * appendix D). Two storages with one root are equal in every slot, so whoever knows the root needs no list of slots.
 */

type Structured = string | Structured[];

interface Leaf {
  /** Nibbles that are left of the slot's hash. */
  readonly path: string;
  /** The word, encoded. */
  readonly value: string;
}

/** @param words what each slot holds; slots that hold 0 are not there */
export function storageRoot(words: ReadonlyMap<bigint, bigint>): string {
  const leaves = [...words]
    .filter(([, word]) => word !== 0n)
    .map(([slot, word]) => ({ path: hashOf(slot).slice(2), value: encodeRlp(toBeHex(word)) }));
  return keccak256(encodeRlp(leaves.length === 0 ? "0x" : nodeOf(leaves)));
}

const hashes = new Map<bigint, string>();

function hashOf(slot: bigint): string {
  let hash = hashes.get(slot);
  if (hash === undefined) hashes.set(slot, (hash = keccak256(toBeHex(slot, 32))));
  return hash;
}

function nodeOf(leaves: readonly Leaf[]): Structured {
  const [first] = leaves;
  if (first !== undefined && leaves.length === 1) return [packed(first.path, true), first.value];
  const common = commonPrefix(leaves);
  if (common > 0)
    return [packed(first?.path.slice(0, common) ?? "", false), referenceTo(nodeOf(shortened(leaves, common)))];
  const children = [..."0123456789abcdef"].map((nibble): Structured => {
    const below = leaves.filter(({ path }) => path[0] === nibble);
    return below.length === 0 ? "0x" : referenceTo(nodeOf(shortened(below, 1)));
  });
  return [...children, "0x"];
}

/** Small nodes stand in their parent themselves. */
function referenceTo(node: Structured): Structured {
  const encoded = encodeRlp(node);
  return getBytes(encoded).length < 32 ? node : keccak256(encoded);
}

function packed(path: string, isLeaf: boolean): string {
  const isOdd = path.length % 2 === 1;
  const flag = (isLeaf ? 2 : 0) + (isOdd ? 1 : 0);
  return concat([`0x${flag}${isOdd ? path[0] : "0"}`, `0x${isOdd ? path.slice(1) : path}`]);
}

function commonPrefix(leaves: readonly Leaf[]): number {
  const [first, ...others] = leaves.map(({ path }) => path);
  let length = 0;
  while (others.every((path) => path[length] === first?.[length])) length++;
  return length;
}

const shortened = (leaves: readonly Leaf[], by: number): Leaf[] =>
  leaves.map(({ path, value }) => ({ path: path.slice(by), value }));

// What addresses, selectors and storage slots are called.
import { id } from "ethers";

import { artifacts, compiledOf } from "./build-output.ts";
import type { AbiInput, Artifact } from "./build-output.ts";
import type { Chain } from "./chain.ts";
import { SourceLines } from "./source-lines.ts";

/** Slots of a struct that a mapping holds: as far behind the hash as one is looked for. */
const LARGEST_STRUCT = 32n;

/** Preimages of hashes that a transaction took: slot in hexadecimal to key and slot of the mapping. */
export type Preimages = ReadonlyMap<string, readonly [bigint, bigint]>;

/** A variable and where it lies. */
interface Place {
  readonly label: string;
  readonly first: bigint;
  readonly slots: bigint;
}

export class Names {
  readonly #contracts = new Map<string, string>();
  readonly #selectors = new Map<string, string>();
  readonly #artifacts = new Map<string, Artifact>();
  readonly #lines = new Map<string, SourceLines>();
  /** Contract name to its variables, in the order of their slots. */
  readonly #variables = new Map<string, readonly Place[]>();

  constructor(chain: Chain) {
    const { at } = chain;
    const known: Record<string, string> = {
      [at.house]: "ClearingHouse",
      [at.extension]: "ClearingHouseExtension",
      [at.registry]: "ClearingHouseRegistry",
      [at.treasury]: "ClearingHouseTreasury",
      [at.engine]: "LiquidationEngine",
      [at.fund]: "InsuranceFund",
      [at.oracle]: "PriceOracle",
      [at.orders]: "SignedOrders",
      [at.verifier]: "ClaimVerifier",
      [at.trigger]: "SocializedLossTrigger",
      [at.usd]: "MockToken",
      [at.vault]: "CoverageVault",
      [at.reinsurance]: "CoverageVault (reinsurance)",
      ...Object.fromEntries(chain.names),
    };
    for (const [address, name] of Object.entries(known)) this.#contracts.set(address, name);
    for (const artifact of artifacts()) this.#learn(artifact);
  }

  functionOf(code: string, storage: string, selector: string | undefined): string {
    const name = selector === undefined ? "()" : (this.#selectors.get(selector) ?? selector);
    return `${this.#contractOf(code)}.${name}${code === storage ? "" : " (delegated)"}`;
  }

  /** Function of the sources that an instruction of `code` is from. */
  sourceOf(code: string, pc: number): string {
    const contract = this.#contractOf(code);
    let lines = this.#lines.get(contract);
    if (lines === undefined) {
      const artifact = this.#artifacts.get(classOf(contract));
      if (artifact === undefined) return contract;
      lines = new SourceLines(artifact);
      this.#lines.set(contract, lines);
    }
    return lines.functionAt(pc);
  }

  /** A slot as variable[key][key] + offset where it is known. */
  slotOf(contract: string, slot: bigint, preimages: Preimages): string {
    const owner = this.#contractOf(contract);
    return `${owner} ${this.#label(owner, slot, preimages)}`;
  }

  #label(owner: string, slot: bigint, preimages: Preimages): string {
    const places = (this.#variables.get(classOf(owner)) ?? []).filter(
      ({ first, slots }) => first <= slot && slot < first + slots,
    );
    const [place] = places;
    if (place) {
      const names = places.map(({ label }) => label).join(",");
      return slot === place.first ? names : `${names}+${slot - place.first}`;
    }
    for (let offset = 0n; offset < LARGEST_STRUCT; offset++) {
      const preimage = preimages.get((slot - offset).toString(16));
      if (preimage === undefined) continue;
      const [key, base] = preimage;
      const entry = `${this.#label(owner, base, preimages)}[${short(key)}]`;
      return offset === 0n ? entry : `${entry}+${offset}`;
    }
    return short(slot);
  }

  #contractOf(address: string): string {
    return this.#contracts.get(address) ?? short(BigInt(address));
  }

  #learn(artifact: Artifact): void {
    for (const { type, name, inputs } of artifact.abi) {
      if (type !== "function" || name === undefined) continue;
      const signature = `${name}(${(inputs ?? []).map(typeOf).join(",")})`;
      this.#selectors.set(id(signature).slice(2, 10), name);
    }
    this.#artifacts.set(artifact.contractName, artifact);
    const layout = compiledOf(artifact)?.storageLayout;
    if (!layout) return;
    const places = layout.storage.map(({ label, slot, type }): Place => {
      const bytes = BigInt(layout.types?.[type]?.numberOfBytes ?? "32");
      return { label, first: BigInt(slot), slots: (bytes + 31n) / 32n };
    });
    this.#variables.set(artifact.contractName, places);
  }
}

/** The class of a contract whose name says more, as `CoverageVault (reinsurance)`. */
function classOf(name: string): string {
  return name.split(" ")[0] ?? name;
}

function typeOf({ type, components }: AbiInput): string {
  if (components === undefined) return type;
  return `(${components.map(typeOf).join(",")})${type.slice("tuple".length)}`;
}

function short(word: bigint): string {
  const text = word.toString(16);
  return text.length <= 4
    ? word.toString()
    : text.length <= 14
      ? `0x${text}`
      : `0x${text.slice(0, 6)}..${text.slice(-4)}`;
}

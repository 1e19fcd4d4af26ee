// The running chain as the testnet's scripts see it: contracts of the manifest, and transactions by accounts that the node itself signs for.
import { Contract, Interface, JsonRpcProvider, toQuantity } from "ethers";

import type { Manifest } from "../deploy/manifest.ts";
import { TestnetError } from "./errors.ts";

const FACES = {
  MockToken: new Interface([
    "function mint(address to, uint256 amount)",
    "function approve(address spender, uint256 amount) returns (bool)",
    "function balanceOf(address) view returns (uint256)",
  ]),
  MockAggregator: new Interface(["function setAnswer(int256 answer)"]),
  PriceOracle: new Interface(["function refreshAll(uint256 feeds) returns (uint256[])"]),
  RiskController: new Interface(["function syncMany(uint8[] markets)"]),
  InsuranceFund: new Interface(["function donate(uint32 segment, uint256 amount)"]),
  LiquidationEngine: new Interface(["function segment() view returns (uint32)"]),
  CoverageVault: new Interface([
    "function shareOf(uint8 tranche) view returns (address)",
    "function activateCommitment(uint32 segment) returns (uint256)",
    "function openSeries(uint32 product, uint96 limit, uint32 endsInWeek) returns (uint64)",
  ]),
  TrancheShare: new Interface(["function deposit(uint256 assets, address receiver) returns (uint256)"]),
} as const;
export type Face = keyof typeof FACES;

/** Enough for any call here; what is not used costs nothing. */
const GAS = toQuantity(6_000_000);

export interface Step {
  readonly face: Face;
  /** A name of the manifest, or an address. */
  readonly to: string;
  readonly method: string;
  readonly args: readonly unknown[];
}

/** A connection to the node. */
export class Chain {
  readonly provider: JsonRpcProvider;
  readonly manifest: Manifest;

  constructor(url: string, manifest: Manifest) {
    this.provider = new JsonRpcProvider(url, undefined, { staticNetwork: true, cacheTimeout: -1 });
    this.manifest = manifest;
  }

  address(name: string): string {
    if (name.startsWith("0x")) return name;
    const found = this.manifest.contracts[name]?.address;
    if (found === undefined) throw new TestnetError(`the manifest has no ${name}`);
    return found;
  }

  read(face: Face, to: string, method: string, args: readonly unknown[] = []): Promise<unknown> {
    return new Contract(this.address(to), FACES[face], this.provider).getFunction(method)(...args) as Promise<unknown>;
  }

  /** Sends one call after the other; one that fails stops the rest. */
  async act(from: string, ...steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      const hash = await this.#send(from, step);
      const receipt = await this.provider.waitForTransaction(hash);
      if (receipt?.status !== 1) throw new TestnetError(`${step.to}.${step.method} failed`);
    }
  }

  /** All calls in one block, so that the chain's clock stays with the machine's: a block of its own for each would be a second each. */
  async actTogether(from: string, steps: readonly Step[]): Promise<void> {
    await this.provider.send("evm_setAutomine", [false]);
    try {
      const first = Number(await this.provider.send("eth_getTransactionCount", [from, "pending"]));
      for (const [index, step] of steps.entries()) await this.#send(from, step, first + index);
      await this.provider.send("evm_mine", []);
    } finally {
      await this.provider.send("evm_setAutomine", [true]);
    }
  }

  async #send(from: string, { face, to, method, args }: Step, nonce?: number): Promise<string> {
    const data = FACES[face].encodeFunctionData(method, [...args]);
    const call = {
      from,
      to: this.address(to),
      data,
      gas: GAS,
      ...(nonce !== undefined && { nonce: toQuantity(nonce) }),
    };
    return String(await this.provider.send("eth_sendTransaction", [call]));
  }

  /** The next block has this time; the clock goes on from it. */
  async setTime(seconds: number): Promise<void> {
    await this.provider.send("evm_setNextBlockTimestamp", [toQuantity(seconds)]);
    await this.provider.send("evm_mine", []);
  }

  async now(): Promise<number> {
    return (await this.provider.getBlock("latest"))?.timestamp ?? 0;
  }

  close(): void {
    this.provider.destroy();
  }
}

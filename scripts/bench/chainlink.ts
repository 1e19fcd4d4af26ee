// Chainlink's own contracts, as they were compiled and published: a proxy in front of an aggregator, the way every push feed stands.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Interface, ZeroAddress } from "ethers";
import type { JsonFragment } from "ethers";

const FOLDER = fileURLToPath(new URL("../../node_modules/chainlink-0.1.9/abi/v0.6/", import.meta.url));
const DECIMALS = 8;
/** Answers are positive and below this. */
const MAX_ANSWER = 10n ** 24n;

interface Artifact {
  readonly compilerOutput: {
    readonly abi: readonly JsonFragment[];
    readonly evm: { readonly bytecode: { readonly object: string } };
  };
}

/** A published contract: what it is called with, and its creation code. */
class Published {
  readonly interface: Interface;
  readonly #code: string;

  constructor(name: string) {
    const { compilerOutput } = JSON.parse(readFileSync(`${FOLDER}${name}.json`, "utf8")) as Artifact;
    this.interface = new Interface(compilerOutput.abi);
    this.#code = compilerOutput.evm.bytecode.object;
  }

  /** Creation code with the constructor's arguments. */
  creation(args: readonly unknown[]): string {
    return this.#code + this.interface.encodeDeploy([...args]).slice(2);
  }
}

const aggregator = new Published("FluxAggregator");
const proxy = new Published("EACAggregatorProxy");

/** A feed with one reporter. */
export interface Feed {
  /** What consumers read. */
  readonly proxy: string;
  readonly aggregator: string;
}

/** How a chain deploys and sends. */
interface Sender {
  deploy(code: string): Promise<string>;
  send(call: { to: string; data: string }): Promise<string>;
}

/** Deploys a feed of which `reporter` is owner and only oracle. */
export async function deployFeed(chain: Sender, reporter: string): Promise<Feed> {
  // No payment: so the token that oracles are paid in is not asked for anything.
  const settings = [ZeroAddress, 0, 180, ZeroAddress, 1, MAX_ANSWER, DECIMALS, "BENCH / USD"];
  const at = await chain.deploy(aggregator.creation(settings));
  const data = aggregator.interface.encodeFunctionData("changeOracles", [[], [reporter], [reporter], 1, 1, 0]);
  await chain.send({ to: at, data });
  return { aggregator: at, proxy: await chain.deploy(proxy.creation([at, ZeroAddress])) };
}

/** What the reporter sends to answer a round. */
export function submission({ aggregator: to }: Feed, round: number, answer: bigint): { to: string; data: string } {
  return { to, data: aggregator.interface.encodeFunctionData("submit", [round, answer]) };
}

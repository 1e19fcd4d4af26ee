import hre from "hardhat";
import type { IgnitionModule } from "@nomicfoundation/ignition-core";
import type { LogDescription } from "ethers";

import LocalModule from "../../deploy/modules/Local.ts";
import { ChainError } from "./errors.ts";
import { VAULTS } from "./local.ts";
import type { VaultName } from "./local.ts";

/** Enough for any call of the replay; what is not used costs nothing. */
const GAS_LIMIT = "0xb71b00"; // 12 million
const BALANCE = 10n ** 22n;
/** Time that Ignition may take on the chain's clock, which runs as the machine's until then. */
export const DEPLOYMENT_SECONDS = 3_600;

type ContractsOf<M> = M extends IgnitionModule<string, string, infer Contracts> ? Contracts : never;
/** What the replay needs of a deployment like deploy/modules/Local.ts. */
type Deployed =
  | "clearingHouse"
  | "engine"
  | "fund"
  | "oracle"
  | "orders"
  | "riskController"
  | "vault"
  | "reinsurance"
  | "verifier"
  | "usd"
  | "weth"
  | `ethFeed${"0" | "1" | "2"}`;
/** A deployment with these contracts. */
export type SystemModule = IgnitionModule<string, string, Pick<ContractsOf<typeof LocalModule>, Deployed>>;

/** What a transaction left behind. */
export interface Receipt {
  readonly gasUsed: bigint;
  readonly logs: readonly Log[];
}

export interface Log {
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
}

/** A call to one of the contracts. */
export interface Call {
  readonly from: string;
  readonly to: string;
  readonly data: string;
}

/** Whether a call would go through now. */
export type Simulation = { readonly succeeds: true; readonly words: readonly bigint[] } | Refusal;

/** A call that reverted, with the error's name where the contracts know it. */
export interface Refusal {
  readonly succeeds: false;
  readonly error: string;
}

/**
 * Starts an embedded chain and deploys the whole system through Ignition, as a user's deployment does.
 * @param request keys of the accounts that exist from the start, the first one deploys; the clock's start, seconds; price of ether, 1e-8;
 * another module that deploys the same contracts
 */
export async function openChain(request: {
  keys: readonly string[];
  start: number;
  price: bigint;
  module?: SystemModule;
}) {
  const connection = await hre.network.create({
    override: {
      accounts: request.keys.map((privateKey) => ({ privateKey, balance: BALANCE })),
      initialDate: new Date(request.start * 1_000).toISOString(),
      initialBaseFeePerGas: 0,
    },
  });
  const { ethers, ignition, provider } = connection;
  const module: SystemModule = request.module ?? LocalModule;
  const deployed = await ignition.deploy(module, { parameters: { [module.id]: { ethPrice: request.price } } });
  const addressOf = async (contract: { getAddress(): Promise<string> }) => (await contract.getAddress()).toLowerCase();
  const contracts = {
    house: await ethers.getContractAt("IClearingHouse", await addressOf(deployed.clearingHouse)),
    engine: await ethers.getContractAt("LiquidationEngine", await addressOf(deployed.engine)),
    fund: await ethers.getContractAt("InsuranceFund", await addressOf(deployed.fund)),
    oracle: await ethers.getContractAt("PriceOracle", await addressOf(deployed.oracle)),
    orders: await ethers.getContractAt("SignedOrders", await addressOf(deployed.orders)),
    usd: await ethers.getContractAt("MockToken", await addressOf(deployed.usd)),
    weth: await ethers.getContractAt("MockToken", await addressOf(deployed.weth)),
    feed: await ethers.getContractAt("MockAggregator", await addressOf(deployed.ethFeed0)),
    // Both vaults have the same interface.
    vault: await ethers.getContractAt("ICoverageVault", await addressOf(deployed.vault)),
    verifier: await ethers.getContractAt("IClaimVerifier", await addressOf(deployed.verifier)),
    riskController: await ethers.getContractAt("RiskController", await addressOf(deployed.riskController)),
  };
  const at = {
    house: await addressOf(deployed.clearingHouse),
    engine: await addressOf(deployed.engine),
    fund: await addressOf(deployed.fund),
    oracle: await addressOf(deployed.oracle),
    orders: await addressOf(deployed.orders),
    usd: await addressOf(deployed.usd),
    weth: await addressOf(deployed.weth),
    verifier: await addressOf(deployed.verifier),
    riskController: await addressOf(deployed.riskController),
    vaults: { backstop: await addressOf(deployed.vault), reinsurance: await addressOf(deployed.reinsurance) },
    feeds: await Promise.all([deployed.ethFeed0, deployed.ethFeed1, deployed.ethFeed2].map(addressOf)),
  };
  const sharesOf = async (vault: { shareOf(tranche: bigint): Promise<string> }) =>
    Promise.all([0n, 1n].map(async (tranche) => (await vault.shareOf(tranche)).toLowerCase()));
  const shares = {
    backstop: await sharesOf(contracts.vault),
    reinsurance: await sharesOf(await ethers.getContractAt("ICoverageVault", at.vaults.reinsurance)),
  };
  const share = await ethers.getContractAt("TrancheShare", shares.backstop[0] ?? "");
  const { chainId } = await ethers.provider.getNetwork();
  // Every block gets its time from here: with the machine's clock no two runs would be the same.
  let time = request.start + DEPLOYMENT_SECONDS;

  /** Sends a transaction and waits for its block, which is mined at once. A revert throws. */
  async function send({ from, to, data }: Call): Promise<Receipt> {
    await provider.request({ method: "evm_setNextBlockTimestamp", params: [`0x${(++time).toString(16)}`] });
    const transaction = { from, to, data, gas: GAS_LIMIT, gasPrice: "0x0" };
    const hash: unknown = await provider.request({ method: "eth_sendTransaction", params: [transaction] });
    const receipt: unknown = await provider.request({ method: "eth_getTransactionReceipt", params: [hash] });
    if (!isReceipt(receipt)) throw new ChainError(`no receipt of ${String(hash)}`);
    return { gasUsed: BigInt(receipt.gasUsed), logs: receipt.logs };
  }

  /** Words that a view or a call answers with; a revert throws. */
  async function read({ from, to, data }: Omit<Call, "from"> & { from?: string }): Promise<bigint[]> {
    const transaction = from === undefined ? { to, data } : { from, to, data, gas: GAS_LIMIT, gasPrice: "0x0" };
    const answer: unknown = await provider.request({ method: "eth_call", params: [transaction, "latest"] });
    if (typeof answer !== "string") throw new ChainError("eth_call answered with something else than data");
    return words(answer);
  }

  /** Runs a call without sending it. */
  async function simulate(call: Call): Promise<Simulation> {
    try {
      return { succeeds: true, words: await read(call) };
    } catch (error) {
      return { succeeds: false, error: nameOf(error) };
    }
  }

  /** Name of the custom error that a revert carries. */
  function nameOf(error: unknown): string {
    const data = dataOf(error);
    const { engine, house, fund, orders, vault, verifier, riskController } = contracts;
    for (const { interface: abi } of [engine, house, fund, orders, vault, verifier, riskController]) {
      const parsed = data === undefined ? null : abi.parseError(data);
      if (parsed) return parsed.name;
    }
    return error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
  }

  /** Lets the next block come at `to`, or a second after the last one if that is later. */
  function advanceTo(to: number): void {
    time = Math.max(time, to - 1);
  }

  /** Time of the last block, or the second before the one that `advanceTo` asked for. */
  const now = () => time;

  /** Decodes a log of the loss path's contracts; undefined for others. */
  function decode({ address, topics, data }: Log): LogDescription | undefined {
    const known = [
      [at.engine, contracts.engine],
      [at.house, contracts.house],
      [at.fund, contracts.fund],
    ] as const;
    const contract = known.find(([place]) => place === address.toLowerCase())?.[1];
    return contract?.interface.parseLog({ topics: [...topics], data }) ?? undefined;
  }

  /** Decodes a log of a vault; undefined for others. */
  function decodeVault({ address, topics, data }: Log): { vault: VaultName; event: LogDescription } | undefined {
    const vault = VAULTS.find((name) => at.vaults[name] === address.toLowerCase());
    const event = vault && contracts.vault.interface.parseLog({ topics: [...topics], data });
    return event ? { vault, event } : undefined;
  }

  const close = () => connection.close();
  return {
    ...contracts,
    share,
    at: { ...at, shares },
    chainId,
    send,
    read,
    simulate,
    advanceTo,
    now,
    decode,
    decodeVault,
    close,
  };
}

export type Chain = Awaited<ReturnType<typeof openChain>>;

function isReceipt(value: unknown): value is { gasUsed: string; logs: Log[] } {
  return typeof value === "object" && value !== null && "gasUsed" in value && "logs" in value;
}

/** Revert data, which providers hang below an error or one of its causes. */
function dataOf(error: unknown): string | undefined {
  for (let at: unknown = error; typeof at === "object" && at !== null; at = "cause" in at ? at.cause : undefined) {
    if ("data" in at && typeof at.data === "string" && at.data.startsWith("0x")) return at.data;
    if ("data" in at && typeof at.data === "object" && at.data !== null && "data" in at.data) {
      if (typeof at.data.data === "string") return at.data.data;
    }
  }
  return undefined;
}

/** 32-byte words of returned data. */
function words(data: string): bigint[] {
  const count = (data.length - 2) / 64;
  return Array.from({ length: count }, (_, index) => BigInt(`0x${data.slice(2 + 64 * index, 66 + 64 * index)}`));
}

/** A word as a signed number. */
export const signed = (word: bigint): bigint => BigInt.asIntN(256, word);

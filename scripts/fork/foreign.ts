// Contracts of others on any chain that answers JSON-RPC: the upstream chain that they are put on, and forks of it.
import { getAddress, Interface } from "ethers";
import type { InterfaceAbi, Result } from "ethers";

import { ForkError } from "./errors.ts";
import { linked } from "./published.ts";
import type { Published } from "./published.ts";

/** Below the most that one transaction may use (EIP-7825). */
const GAS_LIMIT = "0xf42400"; // 16 million

export type Request = (method: string, params: readonly unknown[]) => Promise<unknown>;

/** A receipt, as far as it is looked at. */
export interface Receipt {
  readonly contractAddress: string | null;
  readonly logs: readonly { readonly address: string; readonly topics: readonly string[]; readonly data: string }[];
}

/** A contract of somebody else: what it is called with, and where it stands. */
export class Foreign {
  readonly address: string;
  readonly interface: Interface;
  readonly #chain: ForeignChain;

  constructor(chain: ForeignChain, address: string, abi: InterfaceAbi) {
    this.#chain = chain;
    this.address = getAddress(address);
    this.interface = Interface.from(abi);
  }

  /** Asks a view. */
  async read(name: string, args: readonly unknown[] = [], from?: string): Promise<Result> {
    const data = this.interface.encodeFunctionData(name, [...args]);
    const answer = await this.#chain.request("eth_call", [{ from, to: this.address, data }, "latest"]);
    return this.interface.decodeFunctionResult(name, String(answer));
  }

  async readNumber(name: string, args: readonly unknown[] = []): Promise<bigint> {
    return BigInt(String((await this.read(name, args))[0]));
  }

  async readAddress(name: string, args: readonly unknown[] = []): Promise<string> {
    return String((await this.read(name, args))[0]);
  }

  /** Sends a call from `from`, the chain's deployer unless named. A revert throws. */
  async send(name: string, args: readonly unknown[] = [], from?: string): Promise<Receipt> {
    return this.#chain.transact({ from, to: this.address, data: this.interface.encodeFunctionData(name, [...args]) });
  }
}

/** A chain that mines every transaction at once, and holds the keys of whoever sends. */
export class ForeignChain {
  readonly request: Request;
  readonly deployer: string;

  constructor(request: Request, deployer: string) {
    this.request = request;
    this.deployer = deployer;
  }

  async transact(transaction: {
    readonly from?: string | undefined;
    readonly to?: string;
    readonly data: string;
    readonly value?: string;
  }): Promise<Receipt> {
    const { from = this.deployer } = transaction;
    const hash = await this.request("eth_sendTransaction", [{ gas: GAS_LIMIT, ...transaction, from }]);
    const receipt = await this.request("eth_getTransactionReceipt", [hash]);
    if (!isReceipt(receipt)) throw new ForkError(`no receipt of ${String(hash)}`);
    return receipt;
  }

  /** Creates a published contract. `libraries` by name, where it is linked to any. */
  async deploy(
    published: Published,
    args: readonly unknown[] = [],
    libraries: Readonly<Record<string, string>> = {},
  ): Promise<Foreign> {
    const code = linked(published, libraries);
    const data =
      code +
      Interface.from(published.abi)
        .encodeDeploy([...args])
        .slice(2);
    const { contractAddress } = await this.transact({ data });
    if (contractAddress === null) throw new ForkError("a contract was not created");
    return new Foreign(this, contractAddress, published.abi);
  }

  at(address: string, abi: InterfaceAbi): Foreign {
    return new Foreign(this, address, abi);
  }
}

function isReceipt(value: unknown): value is Receipt {
  return typeof value === "object" && value !== null && "logs" in value && "contractAddress" in value;
}

/** JSON-RPC over HTTP, one request at a time. */
export function overHttp(url: string): Request {
  let id = 0;
  return async (method, params) => {
    const body = JSON.stringify({ jsonrpc: "2.0", id: ++id, method, params });
    const response = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
    const answer = (await response.json()) as { result?: unknown; error?: { message: string } };
    if (answer.error) throw new ForkError(`${method}: ${answer.error.message}`);
    return answer.result;
  };
}

// A wallet that two of three people sign for: the real Safe, made by its own factory.
import { AbiCoder, concat, getBytes, ZeroAddress } from "ethers";
import type { TypedDataField } from "ethers";

import type { Foreign } from "../../../scripts/fork/foreign.ts";
import { safeAbi, safeFactoryAbi } from "../../../scripts/fork/parts/safe.ts";
import { part } from "./fork.ts";
import type { Fork, Signer } from "./fork.ts";

const THRESHOLD = 2;
const CALL = 0;
const TRANSACTION: Record<string, TypedDataField[]> = {
  SafeTx: [
    { name: "to", type: "address" },
    { name: "value", type: "uint256" },
    { name: "data", type: "bytes" },
    { name: "operation", type: "uint8" },
    { name: "safeTxGas", type: "uint256" },
    { name: "baseGas", type: "uint256" },
    { name: "gasPrice", type: "uint256" },
    { name: "gasToken", type: "address" },
    { name: "refundReceiver", type: "address" },
    { name: "nonce", type: "uint256" },
  ],
};
const MESSAGE: Record<string, TypedDataField[]> = { SafeMessage: [{ name: "message", type: "bytes" }] };

export class SafeWallet {
  readonly contract: Foreign;
  readonly address: string;
  readonly #chainId: bigint;

  private constructor(contract: Foreign, chainId: bigint) {
    this.contract = contract;
    this.address = contract.address;
    this.#chainId = chainId;
  }

  /** Two of the owners sign for it. */
  static async create(fork: Pick<Fork, "chain" | "ethers">, owners: readonly Signer[]): Promise<SafeWallet> {
    const { chain, ethers } = fork;
    const { singleton, factory, fallbackHandler } = part("safe");
    const maker = chain.at(factory, safeFactoryAbi);
    const people = owners.map(({ address }) => address);
    const setup = chain
      .at(singleton, safeAbi)
      .interface.encodeFunctionData("setup", [
        ...[people, THRESHOLD, ZeroAddress, "0x", fallbackHandler, ZeroAddress, 0, ZeroAddress],
      ]);
    const terms = [singleton, setup, 1n];
    const { logs } = await maker.send("createProxyWithNonce", terms);
    const made = logs.map((log) => maker.interface.parseLog(log)).find((event) => event?.name === "ProxyCreation");
    const { chainId } = await ethers.provider.getNetwork();
    return new SafeWallet(chain.at(String(made?.args[0]), safeAbi), chainId);
  }

  /** What `isValidSignature` of the wallet takes for a hash: the owners' signatures in the order of their addresses. */
  async signHash(hash: string, owners: readonly Signer[]): Promise<string> {
    // The wallet signs the hash as a message of its own, so that no signature is good for two wallets of the same people.
    const message = { message: getBytes(AbiCoder.defaultAbiCoder().encode(["bytes32"], [hash])) };
    return this.#signAll(owners, MESSAGE, message);
  }

  /** A call by the wallet, signed by these owners, sent by anyone. */
  async execute(target: { readonly address: string }, data: string, owners: readonly Signer[]): Promise<void> {
    const nonce = await this.contract.readNumber("nonce");
    const terms = {
      to: target.address,
      value: 0n,
      data,
      operation: CALL,
      safeTxGas: 0n,
      baseGas: 0n,
      gasPrice: 0n,
      gasToken: ZeroAddress,
      refundReceiver: ZeroAddress,
    };
    const signatures = await this.#signAll(owners, TRANSACTION, { ...terms, nonce });
    await this.contract.send("execTransaction", [...Object.values(terms), signatures]);
  }

  async #signAll(
    owners: readonly Signer[],
    types: Record<string, TypedDataField[]>,
    value: Record<string, unknown>,
  ): Promise<string> {
    const domain = { chainId: this.#chainId, verifyingContract: this.address };
    const sorted = [...owners].sort((a, b) => (BigInt(a.address) < BigInt(b.address) ? -1 : 1));
    return concat(await Promise.all(sorted.map((owner) => owner.signTypedData(domain, types, value))));
  }
}

// One transaction at a time, each under a nonce that is kept until its end is known. It is written down before it is sent, so that a keeper
// that was killed knows what is on its way.
import { Transaction, toQuantity } from "ethers";
import type { BrowserProvider, BaseWallet } from "ethers";

import { sleep } from "../../../sdk/events/retry.ts";
import type { Log } from "../log.ts";
import type { Metrics } from "../metrics.ts";
import type { Pending, Store } from "../store.ts";
import { firstFees, replacementFees } from "./fees.ts";
import type { Fees } from "./fees.ts";

export interface Call {
  readonly keys: readonly string[];
  readonly label: string;
  readonly to: string;
  readonly data: string;
  readonly outlay: bigint;
}

/** `abandoned`: its end is not known yet; the store has it. `displaced`: something else was sent under its nonce. */
export type Outcome = "done" | "failed" | "displaced" | "abandoned";

export interface SenderOptions {
  /** Highest price of gas, wei. */
  readonly maxGasPrice: bigint;
  /** Wait before a replacement, milliseconds. */
  readonly patience: number;
  /** Between two looks for a receipt, milliseconds. */
  readonly poll: number;
  /** How long the end of a transaction is waited for after the keeper was told to stop, milliseconds. */
  readonly grace: number;
  /** Replacements before the nonce is freed by a transaction that does nothing. */
  readonly replacements: number;
  readonly sleep?: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  readonly clock?: () => number;
}

export interface SenderTools {
  readonly provider: BrowserProvider;
  readonly wallet: BaseWallet;
  readonly store: Store;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly signal: AbortSignal;
}

interface Receipt {
  readonly status: string;
  readonly gasUsed: string;
  readonly effectiveGasPrice: string;
}

/** Room above what a node estimates: state moves until the block. */
const GAS_ROOM = { numerator: 13n, denominator: 10n } as const;
const TRANSFER_GAS = 21_000n;

export class Sender {
  readonly #tools: SenderTools;
  readonly #options: SenderOptions;
  readonly #chainId: bigint;

  constructor(tools: SenderTools, options: SenderOptions, chainId: bigint) {
    this.#tools = tools;
    this.#options = options;
    this.#chainId = chainId;
  }

  /** Sends, and waits for its end. Throws what the call would revert with, before anything is paid. */
  async send(call: Call, now: bigint): Promise<Outcome> {
    const { provider, wallet, store } = this.#tools;
    const request = { from: wallet.address, to: call.to, data: call.data };
    const estimated = BigInt(String(await provider.send("eth_estimateGas", [request])));
    const fees = firstFees(await this.#baseFee(), await this.#suggested(), this.#options.maxGasPrice);
    const nonce = await this.#count("latest");
    const pending = await this.#signed(
      {
        nonce,
        keys: call.keys,
        label: call.label,
        to: call.to,
        data: call.data,
        gasLimit: ((estimated * GAS_ROOM.numerator) / GAS_ROOM.denominator).toString(),
        versions: [],
      },
      fees,
    );
    store.together(() => {
      store.layOut(idOf(pending), call.outlay, now);
      store.setPending(pending);
    });
    await this.#broadcast(pending);
    return this.#ended(pending);
  }

  /** Throws what the call would revert with. */
  async attempt({ to, data }: Pick<Call, "to" | "data">): Promise<void> {
    const request = { from: this.#tools.wallet.address, to, data };
    await this.#tools.provider.send("eth_call", [request, "latest"]);
  }

  /** Sees to the end of what an earlier run has left. */
  async recover(): Promise<void> {
    for (const pending of this.#tools.store.pending()) {
      this.#tools.log.info(
        { nonce: pending.nonce, action: pending.label },
        "going on with a transaction of the last run",
      );
      if ((await this.#receiptOf(pending)) === undefined) await this.#broadcast(pending);
      const outcome = await this.#ended(pending);
      if (outcome === "abandoned") return;
    }
  }

  async #ended(first: Pending): Promise<Outcome> {
    const { sleep: wait = sleep, clock = Date.now, poll, patience, grace } = this.#options;
    const { signal } = this.#tools;
    let pending = first;
    let sentAt = clock();
    let stopAt: number | undefined;
    for (;;) {
      const receipt = await this.#receiptOf(pending);
      if (receipt !== undefined) return this.#close(pending, receipt);
      if ((await this.#count("latest")) > pending.nonce) {
        // Once more: the receipt may have come between the two questions.
        const late = await this.#receiptOf(pending);
        return this.#close(pending, late);
      }
      if (signal.aborted) {
        stopAt ??= clock() + grace;
        if (clock() >= stopAt) return "abandoned";
      }
      if (clock() - sentAt >= patience) {
        pending = await this.#replaced(pending);
        sentAt = clock();
      }
      await wait(poll);
    }
  }

  /** A version that pays more; after too many of them one that only frees the nonce. */
  async #replaced(pending: Pending): Promise<Pending> {
    const { log, metrics, wallet } = this.#tools;
    const last = pending.versions.at(-1);
    const lastFees = { maxFee: BigInt(last?.maxFee ?? 0), priorityFee: BigInt(last?.priorityFee ?? 0) };
    const fees = replacementFees(lastFees, await this.#baseFee(), this.#options.maxGasPrice);
    if (fees === undefined) {
      log.warn({ nonce: pending.nonce, action: pending.label }, "stuck at the highest price of gas that is paid");
      await this.#broadcast(pending);
      return pending;
    }
    const isGivenUp = pending.versions.length > this.#options.replacements;
    const content = isGivenUp
      ? { ...pending, to: wallet.address, data: "0x", gasLimit: TRANSFER_GAS.toString(), label: "cancel" }
      : pending;
    const next = await this.#signed(content, fees);
    this.#tools.store.setPending(next);
    metrics.replacements.inc();
    log.warn({ nonce: next.nonce, action: next.label, maxFee: fees.maxFee }, "stuck: replaced with higher fees");
    await this.#broadcast(next);
    return next;
  }

  #close(pending: Pending, receipt: Receipt | undefined): Outcome {
    const { store, metrics } = this.#tools;
    const outcome = outcomeOf(pending, receipt);
    if (receipt !== undefined) metrics.gas.inc(Number(receipt.gasUsed));
    store.together(() => {
      // A part of a batch may not have been spent: that is found when it is no longer counted, a day later.
      if (outcome !== "done") store.giveBack(idOf(pending));
      store.clearPending(pending.nonce);
    });
    return outcome;
  }

  async #signed(pending: Pending, fees: Fees): Promise<Pending> {
    const hash = Transaction.from(await this.#raw(pending, fees)).hash ?? "";
    const version = { hash, maxFee: fees.maxFee.toString(), priorityFee: fees.priorityFee.toString() };
    return { ...pending, versions: [...pending.versions, version] };
  }

  #raw({ nonce, to, data, gasLimit }: Pending, { maxFee, priorityFee }: Fees): Promise<string> {
    return this.#tools.wallet.signTransaction({
      type: 2,
      chainId: this.#chainId,
      nonce,
      to,
      data,
      gasLimit: BigInt(gasLimit),
      maxFeePerGas: maxFee,
      maxPriorityFeePerGas: priorityFee,
      value: 0n,
    });
  }

  /** The same content and fees are the same bytes: sending them twice does nothing more. What a node says against it shows in the wait. */
  async #broadcast(pending: Pending): Promise<void> {
    const last = pending.versions.at(-1);
    if (last === undefined) return;
    const raw = await this.#raw(pending, { maxFee: BigInt(last.maxFee), priorityFee: BigInt(last.priorityFee) });
    try {
      await this.#tools.provider.send("eth_sendRawTransaction", [raw]);
    } catch (error) {
      this.#tools.log.warn(
        { nonce: pending.nonce, action: pending.label, error },
        "the node did not take a transaction",
      );
    }
  }

  async #receiptOf({ versions }: Pending): Promise<Receipt | undefined> {
    for (const { hash } of versions) {
      const receipt = (await this.#tools.provider.send("eth_getTransactionReceipt", [hash])) as Receipt | null;
      if (receipt !== null) return receipt;
    }
    return undefined;
  }

  async #count(blockTag: string): Promise<number> {
    const { provider, wallet } = this.#tools;
    return Number(await provider.send("eth_getTransactionCount", [wallet.address, blockTag]));
  }

  async #baseFee(): Promise<bigint> {
    const block = (await this.#tools.provider.send("eth_getBlockByNumber", ["latest", false])) as {
      baseFeePerGas?: string;
    };
    return BigInt(block.baseFeePerGas ?? toQuantity(0));
  }

  async #suggested(): Promise<bigint> {
    return BigInt(String(await this.#tools.provider.send("eth_maxPriorityFeePerGas", [])));
  }
}

/** Whatever replaces it: the hash of the first version. */
const idOf = ({ versions }: Pending): string => versions[0]?.hash ?? "";

function outcomeOf(pending: Pending, receipt: Receipt | undefined): Outcome {
  if (receipt === undefined || pending.data === "0x") return "displaced";
  return BigInt(receipt.status) === 1n ? "done" : "failed";
}

import { expect } from "chai";
import { Transaction, Wallet } from "ethers";

import { Sender } from "../../../scripts/keeper/chain/sender.ts";
import type { Outcome, SenderOptions } from "../../../scripts/keeper/chain/sender.ts";
import { patientProvider } from "../../../scripts/keeper/chain/transport.ts";
import { GasTooDearError } from "../../../scripts/keeper/errors.ts";
import { createLog } from "../../../scripts/keeper/log.ts";
import { createMetrics } from "../../../scripts/keeper/metrics.ts";
import { Store } from "../../../scripts/keeper/store.ts";
import { KEY } from "./support/desk.ts";

const GWEI = 10n ** 9n;
const TO = `0x${"22".repeat(20)}`;
const CALL = { keys: ["bid x"], label: "bid x", to: TO, data: "0x1234", outlay: 77n };
const NOW = 1_000n;
const hex = (value: bigint | number) => `0x${value.toString(16)}`;

/** A chain with one account: what is sent waits until `accepts` takes it. */
class SmallChain {
  count = 3;
  baseFee = 10n * GWEI;
  status = 1;
  accepts: (transaction: Transaction) => boolean = () => true;
  readonly seen: Transaction[] = [];
  readonly #receipts = new Map<string, object>();

  readonly ask = ({ method, params = [] }: { method: string; params?: readonly unknown[] }): Promise<unknown> => {
    switch (method) {
      case "eth_chainId":
        return Promise.resolve(hex(31_337));
      case "eth_estimateGas":
        return Promise.resolve(hex(100_000));
      case "eth_maxPriorityFeePerGas":
        return Promise.resolve(hex(GWEI));
      case "eth_getBlockByNumber":
        return Promise.resolve({ baseFeePerGas: hex(this.baseFee) });
      case "eth_getTransactionCount":
        return Promise.resolve(hex(this.count));
      case "eth_getTransactionReceipt":
        return Promise.resolve(this.#receipts.get(String(params[0])) ?? null);
      case "eth_sendRawTransaction":
        return Promise.resolve(this.#take(Transaction.from(String(params[0]))));
      default:
        return Promise.reject(new Error(`revert: no ${method}`));
    }
  };

  #take(transaction: Transaction): string {
    this.seen.push(transaction);
    if (transaction.nonce === this.count && this.accepts(transaction)) {
      this.count++;
      const receipt = { status: hex(this.status), gasUsed: hex(90_000), effectiveGasPrice: hex(this.baseFee) };
      this.#receipts.set(transaction.hash ?? "", receipt);
    }
    return transaction.hash ?? "";
  }
}

describe("keeper: one transaction at a time (KPR-01)", () => {
  let chain: SmallChain;
  let store: Store;
  let stop: AbortController;
  let providers: { destroy(): void }[] = [];
  beforeEach(() => {
    chain = new SmallChain();
    store = new Store(":memory:", "one");
    stop = new AbortController();
  });
  afterEach(() => {
    store.close();
    for (const provider of providers) provider.destroy();
    providers = [];
  });

  function sender(options: Partial<SenderOptions> = {}): Sender {
    let time = 0;
    const provider = patientProvider(chain.ask, { attempts: 1 });
    providers.push(provider);
    const log = createLog("silent");
    const tools = { provider, wallet: new Wallet(KEY), store, log, metrics: createMetrics(), signal: stop.signal };
    const settings = {
      maxGasPrice: 100n * GWEI,
      patience: 30,
      poll: 10,
      grace: 50,
      replacements: 2,
      clock: () => time,
      sleep: (milliseconds: number) => {
        time += milliseconds;
        return Promise.resolve();
      },
      ...options,
    };
    return new Sender(tools, settings, 31_337n);
  }

  it("KPR-01: under the account's nonce, with room for gas; it is counted, and nothing stays open", async () => {
    expect(await sender().send(CALL, NOW)).to.equal("done");
    const [sent] = chain.seen;
    expect(chain.seen.length).to.equal(1);
    expect([sent!.nonce, sent!.to, sent!.data, sent!.gasLimit]).to.deep.equal([3, TO, "0x1234", 130_000n]);
    expect([sent!.maxFeePerGas, sent!.maxPriorityFeePerGas]).to.deep.equal([21n * GWEI, GWEI]);
    expect(store.pending()).to.deep.equal([]);
    expect(store.laidOutSince(0n)).to.equal(77n);
  });

  it("KPR-01: it is written down before it is sent", async () => {
    let written: unknown;
    chain.accepts = (transaction) => {
      written = store.pending().map(({ versions }) => versions.at(-1)?.hash === transaction.hash);
      return true;
    };
    await sender().send(CALL, NOW);
    expect(written).to.deep.equal([true]);
  });

  it("KPR-01: one that failed on the chain gives its budget back", async () => {
    chain.status = 0;
    expect(await sender().send(CALL, NOW)).to.equal("failed");
    expect(store.laidOutSince(0n)).to.equal(0n);
  });

  it("KPR-01: stuck, then replaced under the same nonce with an eighth more, until it is taken", async () => {
    chain.accepts = (transaction) => transaction.maxPriorityFeePerGas! > (GWEI * 9n) / 8n + 2n;
    expect(await sender().send(CALL, NOW)).to.equal("done");
    expect(chain.seen.map(({ nonce }) => nonce)).to.deep.equal([3, 3, 3]);
    expect(new Set(chain.seen.map(({ data }) => data))).to.deep.equal(new Set(["0x1234"]));
    const tips = chain.seen.map(({ maxPriorityFeePerGas }) => maxPriorityFeePerGas!);
    for (let index = 1; index < tips.length; index++) expect(tips[index]! * 8n).to.be.at.least(tips[index - 1]! * 9n);
    expect(store.laidOutSince(0n)).to.equal(77n);
  });

  it("KPR-01: after too many replacements the nonce is freed by a transfer of nothing, and the budget given back", async () => {
    chain.accepts = ({ data }) => data === "0x";
    expect(await sender().send(CALL, NOW)).to.equal("displaced");
    const last = chain.seen.at(-1)!;
    expect([last.nonce, last.to, last.value]).to.deep.equal([3, new Wallet(KEY).address, 0n]);
    expect(chain.seen.length).to.equal(4);
    expect(store.laidOutSince(0n)).to.equal(0n);
    expect(store.pending()).to.deep.equal([]);
  });

  it("KPR-01: never above the highest price of gas, neither first nor as a replacement", async () => {
    chain.baseFee = 100n * GWEI;
    const error: unknown = await sender()
      .send(CALL, NOW)
      .catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(GasTooDearError);
    expect((error as GasTooDearError).asked).to.equal(100n * GWEI);
    expect(chain.seen).to.deep.equal([]);
    chain.baseFee = 99n * GWEI;
    let tries = 0;
    chain.accepts = () => ++tries > 3;
    expect(await sender({ replacements: 9 }).send(CALL, NOW)).to.equal("done");
    expect(new Set(chain.seen.map(({ hash }) => hash)).size, "the same bytes again").to.equal(1);
    for (const { maxFeePerGas } of chain.seen) expect(maxFeePerGas).to.be.at.most(100n * GWEI);
  });

  it("KPR-01: something else under the nonce is seen, and not fought over", async () => {
    chain.accepts = () => {
      chain.count++; // Another process with the same key.
      return false;
    };
    expect(await sender().send(CALL, NOW)).to.equal("displaced");
    expect(store.pending()).to.deep.equal([]);
    expect(store.laidOutSince(0n)).to.equal(0n);
  });

  it("KPR-01: told to stop it waits for its grace, leaves what is open in the store, and another run sees to its end", async () => {
    chain.accepts = () => {
      stop.abort();
      return false;
    };
    expect(await sender({ patience: 1_000 }).send(CALL, NOW)).to.equal("abandoned" satisfies Outcome);
    const [open] = store.pending();
    expect(open!.nonce).to.equal(3);
    expect(store.laidOutSince(0n), "still counted").to.equal(77n);
    stop = new AbortController();
    chain.accepts = () => true;
    await sender().recover();
    expect(chain.seen.map(({ hash }) => hash)).to.deep.equal([open!.versions[0]!.hash, open!.versions[0]!.hash]);
    expect(store.pending()).to.deep.equal([]);
    expect(store.laidOutSince(0n)).to.equal(77n);
  });
});

import { Interface, toBeHex } from "ethers";

import { BulwarkError } from "../../../sdk/errors.ts";
import { Refusal } from "./model/world.ts";
import type { Stage } from "./stage.ts";
import { storageRoot } from "./storage/trie.ts";
import { PUBLISH, published, VERBS } from "./verbs.ts";
import type { Command, Publication, Target } from "./verbs.ts";

/** The chain did something else than its twin. */
export class Difference extends Error {}

/** How a command ended, on the chain and in the twin alike: `ok`, or the error's name. */
export type Ending = string;

/** A twin's number did not fit: the chain panics or refuses a cast. */
const ARITHMETIC = "arithmetic";
const GAS = "0xf42400";

interface Diff {
  readonly pre: Readonly<Record<string, { readonly storage?: Readonly<Record<string, string>> }>>;
  readonly post: Diff["pre"];
}

type Interfaces = Readonly<Record<Target, { readonly address: string; readonly abi: Interface }>>;

/** Plays commands on the chain and on its twin, and compares every slot that either has written. */
export class Runner {
  readonly stage: Stage;
  readonly #interfaces: Interfaces;
  readonly #errors: Interface;
  /** Fields that some command has changed, on the chain and in the twin alike. */
  readonly changed = new Set<string>();

  private constructor(stage: Stage, interfaces: Interfaces, errors: Interface) {
    this.stage = stage;
    this.#interfaces = interfaces;
    this.#errors = errors;
  }

  static create(stage: Stage): Runner {
    const { house, engine, fund, oracle, orders, usd } = stage.deployment;
    const { twin } = stage;
    const interfaces = {
      house: { address: twin.house.address, abi: house.interface },
      engine: { address: twin.engine.address, abi: engine.interface },
      fund: { address: twin.fund.address, abi: fund.interface },
      oracle: { address: twin.oracle.address, abi: oracle.interface },
      orders: { address: twin.orders.address, abi: orders.interface },
      token: { address: twin.house.cashToken.address, abi: usd.interface },
    };
    const fragments = Object.values(interfaces).flatMap(({ abi }) =>
      abi.fragments.filter(({ type }) => type === "error"),
    );
    const errors = new Interface([...fragments, "error AccessManagedUnauthorized(address caller)"]);
    return new Runner(stage, interfaces, errors);
  }

  /** What the twin alone would say; nothing stays of it. */
  foretell(command: Command): Ending {
    const { world } = this.stage.twin;
    const [now, mark] = [world.now, world.journal.mark];
    const { ending } = this.#playTwin(command);
    world.journal.rollBack(mark);
    world.now = now;
    world.tally(false);
    return ending;
  }

  /** @returns how it ended */
  async play(command: Command): Promise<Ending> {
    const { twin } = this.stage;
    if (command.verb === PUBLISH) {
      twin.oracle.sources = published(twin, command.args[0] as readonly Publication[]);
      await this.stage.publish();
      return "ok";
    }
    const mark = twin.world.journal.mark;
    const { data: expected, ending } = this.#playTwin(command);
    twin.world.tally(ending === "ok");
    const found = await this.#send(command);
    if (expected !== found.error) {
      throw new Difference(`chain: ${this.#show(found.error)}; twin: ${this.#show(expected)}`);
    }
    if (ending !== "ok") return ending;
    this.#compare(await this.#diffOf(found.hash), twin.world.journal.changedSince(mark));
    for (const field of twin.world.journal.fieldsSince(mark)) this.changed.add(field);
    return ending;
  }

  /** Every slot of the contracts that the twin knows whole, by the roots of their storage. */
  async compareRoots(): Promise<void> {
    for (const { address, words } of this.stage.twin.storages()) {
      const { storageHash } = (await this.#request("eth_getProof", address, [], "latest")) as { storageHash: string };
      if (storageRoot(words) !== storageHash) await this.#explain(address, words);
    }
  }

  /** Whether a comparison of everything ends with a difference in this variable. */
  async noticed(variable: string): Promise<boolean> {
    try {
      await this.compareRoots();
      return false;
    } catch (error) {
      if (!(error instanceof Difference)) throw error;
      return error.message.startsWith(`${variable}[`);
    }
  }

  async #explain(address: string, words: ReadonlyMap<bigint, bigint>): Promise<never> {
    for (const [slot, word] of words) {
      const found = await this.stage.word(address, slot);
      if (found !== word) throw new Difference(this.#describe(address, slot, found, word));
    }
    throw new Difference(`${address} holds something in a slot that the twin does not know`);
  }

  #playTwin({ after, args, sender, verb }: Command): { ending: Ending; data: string | undefined } {
    const { twin } = this.stage;
    const { world } = twin;
    world.now += after;
    world.sender = sender;
    world.transient.clear();
    try {
      world.attempt(() => VERBS[verb]?.play(twin, args));
      return { ending: "ok", data: undefined };
    } catch (error) {
      if (error instanceof Refusal) {
        return { ending: error.error, data: this.#errors.encodeErrorResult(error.error, error.values) };
      }
      if (error instanceof BulwarkError) return { ending: ARITHMETIC, data: ARITHMETIC };
      throw error;
    }
  }

  async #send({ args, sender, verb }: Command): Promise<{ hash: string; error: string | undefined }> {
    const call = VERBS[verb];
    if (call === undefined) throw new Error(`${verb} is no verb`);
    const { abi, address } = this.#interfaces[call.target];
    const signed = call.target === "orders" ? await this.stage.sign(args) : args;
    const data = abi.encodeFunctionData(call.method, signed as unknown[]);
    await this.#request("evm_setNextBlockTimestamp", toBeHex(this.stage.twin.world.now));
    try {
      const hash = await this.#request("eth_sendTransaction", { from: sender, to: address, data, gas: GAS });
      return { hash: hash as string, error: undefined };
    } catch (error) {
      const answer = (error as { data?: unknown }).data;
      if (typeof answer !== "string") throw error;
      return { hash: "", error: isArithmetic(answer) ? ARITHMETIC : answer };
    }
  }

  async #diffOf(hash: string): Promise<Diff> {
    const options = { tracer: "prestateTracer", tracerConfig: { diffMode: true } };
    return (await this.#request("debug_traceTransaction", hash, options)) as Diff;
  }

  #compare({ post, pre }: Diff, expected: Map<string, Map<bigint, bigint>>): void {
    const contracts = new Set([...Object.keys(pre), ...Object.keys(post), ...expected.keys()]);
    for (const contract of contracts) {
      const [before, after] = [pre[contract]?.storage ?? {}, post[contract]?.storage ?? {}];
      const foretold = expected.get(contract) ?? new Map<bigint, bigint>();
      const written = new Set([...Object.keys(before), ...Object.keys(after)].map(BigInt));
      const words = new Map(Object.entries(after).map(([slot, word]) => [BigInt(slot), BigInt(word)]));
      for (const slot of new Set([...written, ...foretold.keys()])) {
        const found = written.has(slot) ? (words.get(slot) ?? 0n) : undefined;
        const wanted = foretold.get(slot);
        if (found !== wanted) throw new Difference(this.#describe(contract, slot, found, wanted));
      }
    }
  }

  #describe(contract: string, slot: bigint, found: bigint | undefined, wanted: bigint | undefined): string {
    const place = this.stage.twin.placeOf(contract, slot);
    if (place === undefined)
      return `the chain writes slot ${toBeHex(slot)} of ${contract}, which the twin does not know`;
    const { name, table } = place;
    const show = (word: bigint | undefined) => (word === undefined ? "unchanged" : table.describe(name, slot, word));
    return `${table.variable.label}[${name}]: chain ${show(found)}; twin ${show(wanted)}`;
  }

  #show(data: string | undefined): string {
    if (data === undefined) return "accepted";
    if (data === ARITHMETIC) return data;
    const parsed = this.#errors.parseError(data);
    return parsed === null ? data : `${parsed.name}(${parsed.args.toArray().map(String).join(", ")})`;
  }

  async #request(method: string, ...params: unknown[]): Promise<unknown> {
    return this.stage.deployment.provider.request({ method, params });
  }
}

/** Panic(0x11) and SafeCast's errors: the chain's number did not fit. */
function isArithmetic(data: string): boolean {
  return ["0x4e487b71", "0x6dfcc650", "0x93dafdf1", "0x24775e06", "0x327269a7"].includes(data.slice(0, 10));
}

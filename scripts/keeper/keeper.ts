// The thin shell around `decide`: read, decide, act, and again.
import { formatUnits } from "ethers";

import { positivePart } from "../../sdk/math/WadMath.ts";
import { isLiquidatable } from "../../sdk/previews/bid.ts";
import { sleep } from "../../sdk/events/retry.ts";
import { decodeError } from "../../sdk/reverts/decode.ts";
import { callsOf } from "./chain/calls.ts";
import type { Venue } from "./chain/calls.ts";
import type { Call, Outcome, Sender } from "./chain/sender.ts";
import { decide } from "./decide/decide.ts";
import { keyOf } from "./decide/actions.ts";
import type { Action } from "./decide/actions.ts";
import { GasTooDearError } from "./errors.ts";
import type { Log } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import type { Health } from "./server.ts";
import type { Store } from "./store.ts";
import { discover } from "./watch/discover.ts";
import { read } from "./watch/read.ts";
import type { Reading, ReadTools } from "./watch/read.ts";

export interface KeeperTools extends Omit<ReadTools, "client"> {
  readonly venue: Venue;
  readonly store: Store;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Undefined: a dry run; what would be done is logged. */
  readonly sender: Sender | undefined;
  readonly fromBlock: number;
  readonly range: number;
  /** Between two rounds, milliseconds. */
  readonly poll: number;
  readonly signal: AbortSignal;
  readonly sleep?: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
}

/** What a round came to. */
export interface Round {
  readonly block: number;
  readonly actions: readonly Action[];
  readonly outcomes: readonly (Outcome | "refused" | "dry")[];
}

/** Ways to succeed without having changed what asked for it: they wait longer each time. */
const REPEATED = /^(settle|notify|bid)/;
const LONGEST_PAUSE = 60_000;
/** A keeper is ill when it has had no round for so many polls, and for a minute at least. */
const ILL_AFTER = { polls: 10, seconds: 60 } as const;

export class Keeper {
  readonly #tools: KeeperTools;
  #roundAt: number | undefined;
  #block = 0;

  constructor(tools: KeeperTools) {
    this.#tools = tools;
  }

  /** Rounds until the signal. A round that fails is followed by a longer pause each time. */
  async run(): Promise<void> {
    const { signal, poll, log, metrics, sleep: pause = sleep } = this.#tools;
    let failures = 0;
    while (!signal.aborted) {
      const end = metrics.roundSeconds.startTimer();
      try {
        await this.round();
        failures = 0;
        metrics.rounds.inc({ outcome: "done" });
      } catch (error) {
        failures++;
        metrics.rounds.inc({ outcome: "failed" });
        log.error({ error, failures }, "the round failed; the next one comes later");
      }
      end();
      await pause(Math.min(poll * 2 ** failures, Math.max(poll, LONGEST_PAUSE)), signal);
    }
  }

  /** One round. Throws what the node did not answer. */
  async round(): Promise<Round> {
    const { venue, store, sender, log, metrics, signal, fromBlock, range } = this.#tools;
    await sender?.recover();
    await discover({ client: venue.client, store, log, metrics, fromBlock, range, signal });
    const reading = await read({ ...this.#tools, client: venue.client });
    const actions = decide(reading.state);
    this.#note(reading, actions);
    const outcomes = await this.#act(actions, reading.state.now);
    this.#roundAt = Date.now();
    return { block: reading.block, actions, outcomes };
  }

  health(): Health {
    const { poll, sender, signal } = this.#tools;
    const age = this.#roundAt === undefined ? undefined : Math.floor((Date.now() - this.#roundAt) / 1_000);
    const longest = Math.max(ILL_AFTER.seconds, (ILL_AFTER.polls * poll) / 1_000);
    return {
      isHealthy: age !== undefined && age <= longest && !signal.aborted,
      block: this.#block,
      secondsSinceRound: age,
      isSending: sender !== undefined,
    };
  }

  async #act(actions: readonly Action[], now: bigint): Promise<Round["outcomes"]> {
    const { venue, sender, log, metrics, store, signal } = this.#tools;
    this.#forgetDone(actions, now);
    const outcomes: Round["outcomes"][number][] = [];
    for (const call of callsOf(venue, await this.#tried(actions, now))) {
      if (signal.aborted) break;
      if (sender === undefined) log.info({ action: call.label, outlay: call.outlay }, "would send");
      const outcome = sender === undefined ? "dry" : await this.#send(sender, call, now);
      for (const key of call.keys) metrics.actions.inc({ kind: key.split(" ")[0] ?? "", outcome });
      if (outcome === "done") {
        for (const key of call.keys.filter((one) => !REPEATED.test(one))) store.forgetAttempts(key);
      }
      outcomes.push(outcome);
      if (outcome === "abandoned") break;
    }
    return outcomes;
  }

  /** Without the bids that would fail: in a batch nothing says so before it is paid for. */
  async #tried(actions: readonly Action[], now: bigint): Promise<Action[]> {
    const { sender, venue } = this.#tools;
    if (sender === undefined) return [...actions];
    const passed: Action[] = [];
    for (const action of actions) {
      const [call] = action.kind === "bid" ? callsOf(venue, [action]) : [];
      if (call === undefined || (await this.#isAllowed(call, now, () => sender.attempt(call)))) passed.push(action);
    }
    return passed;
  }

  async #isAllowed(call: Call, now: bigint, attempt: () => Promise<void>): Promise<boolean> {
    try {
      await attempt();
      return true;
    } catch (error) {
      this.#refuse(call, error);
      for (const key of call.keys) this.#tools.store.countAttempt(key, now);
      return false;
    }
  }

  /** What the chain would refuse is no fault of the node: someone else was first, or the state has moved. */
  #refuse(call: Call, error: unknown): void {
    const reason = error instanceof GasTooDearError ? error : decodeError(error);
    if (reason === undefined) throw error;
    this.#tools.log.warn({ action: call.label, reason: reason.name, error: reason }, "not sent");
  }

  async #send(sender: Sender, call: Call, now: bigint): Promise<Outcome | "refused"> {
    const { log, store } = this.#tools;
    for (const key of call.keys) store.countAttempt(key, now);
    try {
      const outcome = await sender.send(call, now);
      log.info({ action: call.label, outlay: call.outlay, outcome }, "sent");
      return outcome;
    } catch (error) {
      this.#refuse(call, error);
      return "refused";
    }
  }

  /** What is no longer due starts anew when it is due again. */
  #forgetDone(actions: readonly Action[], now: bigint): void {
    const { store } = this.#tools;
    const due = new Set(actions.map(keyOf));
    for (const [key, { triedAt }] of store.attempts()) {
      if (!due.has(key) && now - triedAt > FORGOTTEN_AFTER) store.forgetAttempts(key);
    }
  }

  #note({ block, state, known, unreadable }: Reading, actions: readonly Action[]): void {
    const { metrics, log } = this.#tools;
    const below = state.accounts.filter(({ health, isHouseOwn }) => !isHouseOwn && isLiquidatable(health)).length;
    const deficit = state.accounts.reduce((sum, { health }) => sum + positivePart(-health.value), 0n);
    const left = positivePart(state.rules.budget - state.spent);
    this.#block = block;
    metrics.block.set(block);
    metrics.accounts.set(known);
    metrics.liquidatable.set(below);
    metrics.unreadable.set(unreadable);
    metrics.deficit.set(Number(formatUnits(deficit)));
    metrics.budgetLeft.set(Number(formatUnits(left)));
    log.debug({ block, accounts: known, liquidatable: below, unreadable, deficit, actions: actions.length }, "round");
  }
}

/** Longer than the longest wait between two tries, seconds. */
const FORGOTTEN_AFTER = 7_200n;

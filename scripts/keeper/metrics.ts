import { Counter, Gauge, Histogram, Registry } from "prom-client";

/** What Prometheus reads. */
export interface Metrics {
  readonly registry: Registry;
  readonly rounds: Counter<"outcome">;
  readonly roundSeconds: Histogram;
  readonly actions: Counter<"kind" | "outcome">;
  readonly faults: Counter<"method">;
  readonly replacements: Counter;
  readonly removedLogs: Counter;
  readonly gas: Counter;
  readonly block: Gauge;
  readonly accounts: Gauge;
  readonly liquidatable: Gauge;
  readonly unreadable: Gauge;
  readonly deficit: Gauge;
  readonly budgetLeft: Gauge;
}

/** A registry of its own for each keeper, so that two in one process do not meet. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const shared = { registers: [registry] };
  const gauge = (name: string, help: string) => new Gauge({ name: `bulwark_keeper_${name}`, help, ...shared });
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[] = []) =>
    new Counter({ name: `bulwark_keeper_${name}`, help, labelNames, ...shared });
  return {
    registry,
    rounds: counter("rounds_total", "Rounds: read, decide, act", ["outcome"]),
    roundSeconds: new Histogram({
      name: "bulwark_keeper_round_seconds",
      help: "Time of a round, waits for transactions included",
      buckets: [0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 300],
      ...shared,
    }),
    actions: counter("actions_total", "Actions by kind and outcome", ["kind", "outcome"]),
    faults: counter("rpc_faults_total", "Requests that the node did not answer", ["method"]),
    replacements: counter("replacements_total", "Transactions that were replaced with higher fees"),
    removedLogs: counter("removed_logs_total", "Events that a reorganisation has taken back"),
    gas: counter("gas_used_total", "Gas of the keeper's transactions"),
    block: gauge("block", "Block of the last round"),
    accounts: gauge("accounts", "Accounts that are watched"),
    liquidatable: gauge("liquidatable_accounts", "Accounts below maintenance margin"),
    unreadable: gauge("unreadable_accounts", "Accounts that could not be read"),
    deficit: gauge("deficit", "Sum of what accounts owe beyond what they have, settlement units"),
    budgetLeft: gauge("budget_left", "What may still be laid out today, settlement units"),
  };
}

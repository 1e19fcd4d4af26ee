import { floorOf } from "./floors.ts";
import type { PeerFigure } from "./peers/index.ts";
import type { Peer, Row } from "./rows.ts";

/** A row with what was measured. */
export interface Result {
  readonly row: Row;
  readonly gas: number;
  /** Slots written for the first time; undefined for what is computed from other rows. */
  readonly fresh: number | undefined;
  readonly peer: Peer | undefined;
}

/** What `--json` writes for each row. */
export interface JsonRow {
  readonly operation: string;
  readonly gas: number;
  readonly floor: number | null;
  readonly goal: number | null;
  readonly peer: string | null;
  readonly peerGas: number | null;
  readonly peerOrigin: string | null;
}

const HEADER = [
  "operation",
  "markets",
  "gas",
  "new",
  "floor",
  "goal",
  "ratio",
  "over",
  "peer",
  "best peer, origin",
] as const;
/** Columns that are words, not numbers. */
const WORDS = new Set([0, 9]);

/** The table of the bench. Ratio: ours / goal; above 1 the row says by how much it misses its goal. */
export function table(results: readonly Result[]): string {
  const lines = [HEADER, ...results.map(cells)].map((line) => [...line]);
  const widths = HEADER.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((text, column) =>
          WORDS.has(column) ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0),
        )
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function cells({ row, gas, fresh, peer }: Result): string[] {
  const floor = floorOf(row.floor);
  const over = row.goal === undefined ? 0 : gas - row.goal;
  return [
    `${over > 0 ? "! " : "  "}${row.operation}`,
    row.markets === undefined ? "" : String(row.markets),
    number(gas),
    fresh === undefined ? "" : String(fresh),
    floor === undefined ? "" : number(floor),
    row.goal === undefined ? "" : number(row.goal),
    row.goal === undefined ? "" : (gas / row.goal).toFixed(2),
    over > 0 ? `+${number(over)}` : "",
    peer === undefined ? "" : number(peer.gas),
    peer === undefined ? "" : `${peer.name}, ${peer.origin}`,
  ];
}

/** Peers by row: the table shows the cheapest of each. */
export function peerLines(figures: readonly PeerFigure[]): string[] {
  const [keys, gas] = [figures.map(({ key }) => key.length), figures.map(({ peer }) => number(peer.gas).length)];
  const [keyWidth, gasWidth] = [Math.max(0, ...keys), Math.max(0, ...gas)];
  return [...figures]
    .sort((a, b) => a.key.localeCompare(b.key) || a.peer.gas - b.peer.gas)
    .map(({ key, peer }) =>
      [`  ${key.padEnd(keyWidth)}`, number(peer.gas).padStart(gasWidth), `${peer.name}, ${peer.origin}`].join("  "),
    );
}

/** The line under the table. */
export function summary(results: readonly Result[]): string {
  const withGoal = results.filter(({ row }) => row.goal !== undefined);
  const missed = withGoal.filter(({ row, gas }) => gas > (row.goal ?? gas));
  const reached = `${withGoal.length - missed.length} of ${withGoal.length} goals reached`;
  if (missed.length === 0) return `${reached}.`;
  const by = missed.map(({ row, gas }) => `${row.key} by ${number(gas - (row.goal ?? gas))}`).join(", ");
  return `${reached}; missed: ${by}.`;
}

export function toJson(results: readonly Result[]): JsonRow[] {
  return results.map(({ row, gas, peer }) => ({
    operation: row.markets === undefined ? row.operation : `${row.operation}, markets: ${row.markets}`,
    gas,
    floor: floorOf(row.floor) ?? null,
    goal: row.goal ?? null,
    peer: peer?.name ?? null,
    peerGas: peer?.gas ?? null,
    peerOrigin: peer?.origin ?? null,
  }));
}

function number(value: number): string {
  return value.toLocaleString("en-US");
}

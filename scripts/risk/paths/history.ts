import { readFileSync } from "node:fs";
import { inflateRawSync } from "node:zlib";

import { SeriesError } from "../errors.ts";

/** Hourly closes of one asset with the hours that the venue did not trade left out. */
export interface History {
  readonly asset: string;
  readonly source: string;
  /** Seconds since 1970, of each close's bar. */
  readonly times: Float64Array;
  readonly closes: Float64Array;
}

/** What data/eth-hourly.json holds. */
interface Recorded {
  readonly asset: string;
  readonly source: string;
  readonly start: string;
  readonly intervalSeconds: number;
  readonly decimals: number;
  readonly count: number;
  /** Position of the first close after a gap, and how many hours are missing before it. */
  readonly gaps: readonly (readonly [number, number])[];
  readonly closes: string;
}

/** ETH, 2018 to 2022, as it ships with the project. */
export function recordedHistory(): History {
  const path = new URL("../data/eth-hourly.json", import.meta.url);
  return decode(JSON.parse(readFileSync(path, "utf8")) as Recorded);
}

/** The series that was written down; throws a SeriesError where it cannot be meant. */
export function decode(recorded: Recorded): History {
  const { asset, closes, count, decimals, gaps, intervalSeconds, source, start } = recorded;
  const first = Date.parse(start) / 1_000;
  if (Number.isNaN(first)) throw new SeriesError(asset, `start "${start}" is no time`);
  const bytes = inflateRawSync(Buffer.from(closes, "base64"));
  const history = { asset, source, times: new Float64Array(count), closes: new Float64Array(count) };
  const missing = new Map(gaps);
  let [offset, figure, time] = [0, 0, first - intervalSeconds];
  for (let index = 0; index < count; index++) {
    const [delta, next] = readVarint(bytes, offset, asset);
    offset = next;
    figure += delta;
    time += intervalSeconds * (1 + (missing.get(index) ?? 0));
    if (figure <= 0) throw new SeriesError(asset, `close ${index + 1} is not above 0`);
    history.closes[index] = figure / 10 ** decimals;
    history.times[index] = time;
  }
  if (offset !== bytes.length) throw new SeriesError(asset, `${bytes.length - offset} bytes follow the last close`);
  return history;
}

/** Log returns of one hour each; a return over a gap is of several and is left out. `times` are those of the later close. */
export function hourlyReturns({ closes, times }: History): { times: Float64Array; returns: Float64Array } {
  const kept: number[] = [];
  for (let index = 1; index < closes.length; index++) if (times[index]! - times[index - 1]! === 3_600) kept.push(index);
  return {
    times: Float64Array.from(kept, (index) => times[index]!),
    returns: Float64Array.from(kept, (index) => Math.log(closes[index]! / closes[index - 1]!)),
  };
}

function readVarint(bytes: Uint8Array, offset: number, asset: string): [value: number, next: number] {
  let [value, scale, position] = [0, 1, offset];
  for (;;) {
    const byte = bytes[position++];
    if (byte === undefined) throw new SeriesError(asset, "ends within a close");
    value += (byte & 0x7f) * scale;
    scale *= 128;
    if (byte < 0x80) break;
  }
  return [value % 2 === 0 ? value / 2 : -(value + 1) / 2, position];
}

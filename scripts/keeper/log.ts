import { pino } from "pino";
import type { DestinationStream, Logger } from "pino";

export type Log = Logger;

/** One JSON object a line. Whole numbers of the chain become text. Each is written before the next: otherwise an end would mix the last ones up. */
export function createLog(level: string, to: DestinationStream = pino.destination({ dest: 1, sync: true })): Log {
  const options = {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: {
      level: (label: string) => ({ level: label }),
      log: (fields: Record<string, unknown>) => plainFields(fields),
    },
  };
  return pino(options, to);
}

function plainFields(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, plainValue(value)]));
}

/** Addresses of nodes carry keys, and errors of providers carry those addresses. This machine's own say nothing. */
const FOREIGN_URL = /\b(?:https?|wss?):\/\/(?!127\.0\.0\.1[:/])[^\s"',)}]+/g;

function plainValue(value: unknown): unknown {
  if (typeof value === "string") return value.replace(FOREIGN_URL, "(a URL)");
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Error) return { type: value.name, message: plainValue(value.message) };
  if (Array.isArray(value)) return value.map(plainValue);
  if (typeof value === "object" && value !== null) return plainFields(value as Record<string, unknown>);
  return value;
}

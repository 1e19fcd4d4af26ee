// Deployments that the page can show: `networks.json` beside it says which (docs/app.md).
import { SettingsError } from "./errors.ts";

export interface AppNetwork {
  readonly name: string;
  /** Of the deployment's manifest, relative to the page. */
  readonly manifest: string;
  /** Of a node, relative to the page; without one the page reads through the wallet. */
  readonly rpc?: string;
  /** Of a board of signed orders, relative to the page. */
  readonly orders?: string;
  /** Of an explorer: transactions are at `/tx/HASH` behind it. */
  readonly explorer?: string;
  /** First block with events. */
  readonly fromBlock: number;
  /** What the markets are called, by number; no contract says it. */
  readonly markets: readonly string[];
  /** Test tokens can be minted by anyone. */
  readonly isTest: boolean;
}

/** Where the list is. */
export const LIST = "networks.json";

export function parseNetworks(list: unknown): readonly AppNetwork[] {
  if (!Array.isArray(list) || list.length === 0) {
    throw new SettingsError(`${LIST} must be a list of at least one network.`);
  }
  return list.map(parseNetwork);
}

function parseNetwork(value: unknown): AppNetwork {
  if (typeof value !== "object" || value === null) throw new SettingsError(`A network in ${LIST} must be an object.`);
  const fields = value as Readonly<Record<string, unknown>>;
  const text = (name: string): string | undefined => {
    const field = fields[name];
    if (field === undefined || (typeof field === "string" && field !== "")) return field;
    throw new SettingsError(`"${name}" in ${LIST} must be a text that is not empty.`);
  };
  const number = (name: string, otherwise: number): number => {
    const field = fields[name] ?? otherwise;
    if (typeof field === "number" && Number.isSafeInteger(field) && field >= 0) return field;
    throw new SettingsError(`"${name}" in ${LIST} must be a whole number, 0 or more.`);
  };
  const required = (name: string): string => {
    const found = text(name);
    if (found === undefined) throw new SettingsError(`A network in ${LIST} has no "${name}".`);
    return found;
  };
  const markets = fields.markets ?? [];
  if (!Array.isArray(markets) || markets.some((one) => typeof one !== "string")) {
    throw new SettingsError(`"markets" in ${LIST} must be a list of names.`);
  }
  const optional = { rpc: text("rpc"), orders: text("orders"), explorer: text("explorer") };
  return {
    name: required("name"),
    manifest: required("manifest"),
    ...(optional.rpc !== undefined && { rpc: optional.rpc }),
    ...(optional.orders !== undefined && { orders: optional.orders }),
    ...(optional.explorer !== undefined && { explorer: optional.explorer.replace(/\/$/, "") }),
    fromBlock: number("fromBlock", 0),
    markets: markets as string[],
    isTest: fields.isTest === true,
  };
}

export function marketName(network: AppNetwork, market: number): string {
  return network.markets[market] ?? `Market ${market}`;
}

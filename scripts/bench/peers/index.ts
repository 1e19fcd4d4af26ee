// Peers that run in the same process, on the same chain, measured in the same way.
import { BenchError } from "../errors.ts";
import type { AddPeer, Peer } from "../rows.ts";
import type { World } from "../world.ts";
import { measureAave } from "./aave.ts";
import { measureMorpho } from "./morpho.ts";
import { measurePerp } from "./perp.ts";
import { measureVaults } from "./vaults.ts";

/** A peer that was run here, and the key of the row that it stands beside. */
export interface PeerFigure {
  readonly key: string;
  readonly peer: Peer;
}

/** A peer, or several of a kind, and the rows that it has figures for. */
export interface PeerRun {
  readonly name: string;
  readonly keys: readonly string[];
  readonly measure: (world: World, add: AddPeer) => Promise<void>;
}

const PERP_ROWS = ["bid", "bid-2", "bid-4", "bid-market", "bid-reserve", "fill", "fill-new"];
const PERP_CHECKS = ["health", "health-2", "health-4", "health-market"];

export const PEERS: readonly PeerRun[] = [
  { name: "vaults of libraries", keys: ["vault-deposit", "vault-redeem"], measure: measureVaults },
  { name: "Morpho Blue", keys: ["bid", "bid-reserve", "bid-socialised"], measure: measureMorpho },
  { name: "Aave v3", keys: ["bid", "bid-reserve"], measure: measureAave },
  { name: "Perp v2", keys: [...PERP_ROWS, ...PERP_CHECKS], measure: measurePerp },
];

/** All peers that were run. A failure says whose it is. */
export async function measurePeers(world: World, peers = PEERS): Promise<readonly PeerFigure[]> {
  const figures: PeerFigure[] = [];
  for (const { name, keys, measure } of peers) {
    const own: PeerFigure[] = [];
    try {
      await world.onTrial(() => measure(world, (key, peer) => own.push({ key, peer })));
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new BenchError(`${name}: ${reason}`, { cause });
    }
    requireRows(name, keys, own);
    figures.push(...own);
  }
  return figures;
}

/** A peer that leaves a row out, or is beside one that it does not name, would be missed by nobody. */
function requireRows(name: string, keys: readonly string[], figures: readonly PeerFigure[]): void {
  const found = new Set(figures.map(({ key }) => key));
  const missing = keys.filter((key) => !found.has(key));
  if (missing.length > 0) throw new BenchError(`${name}: no figure for ${missing.join(", ")}`);
  const surplus = [...found].filter((key) => !keys.includes(key));
  if (surplus.length > 0) throw new BenchError(`${name}: ${surplus.join(", ")}: not among the rows that it names`);
}

/** The cheapest for each row. */
export function bestOf(figures: readonly PeerFigure[]): ReadonlyMap<string, Peer> {
  const best = new Map<string, Peer>();
  for (const { key, peer } of figures) {
    if (peer.gas < (best.get(key)?.gas ?? Infinity)) best.set(key, peer);
  }
  return best;
}

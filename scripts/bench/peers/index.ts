// Peers that run in the same process, on the same chain, measured in the same way.
import type { AddPeer, Peer } from "../rows.ts";
import type { World } from "../world.ts";
import { measureAave } from "./aave.ts";
import { measureMorpho } from "./morpho.ts";
import { measureVaults } from "./vaults.ts";

/** A peer that was run here, and the key of the row that it stands beside. */
export interface PeerFigure {
  readonly key: string;
  readonly peer: Peer;
}

type Measure = (world: World, add: AddPeer) => Promise<void>;

const PEERS: readonly Measure[] = [measureVaults, measureMorpho, measureAave];

/** All peers that were run. */
export async function measurePeers(world: World): Promise<readonly PeerFigure[]> {
  const figures: PeerFigure[] = [];
  for (const measure of PEERS) {
    await world.onTrial(() => measure(world, (key, peer) => figures.push({ key, peer })));
  }
  return figures;
}

/** The cheapest for each row. */
export function bestOf(figures: readonly PeerFigure[]): ReadonlyMap<string, Peer> {
  const best = new Map<string, Peer>();
  for (const { key, peer } of figures) {
    if (peer.gas < (best.get(key)?.gas ?? Infinity)) best.set(key, peer);
  }
  return best;
}

// Peers that run in the same process, on the same chain, measured in the same way.
import type { Peer } from "../rows.ts";
import type { World } from "../world.ts";
import { measureMorpho } from "./morpho.ts";
import { measureVaults } from "./vaults.ts";

/** The best peer that was run, by key of the row that it stands beside. */
export async function measurePeers(world: World): Promise<ReadonlyMap<string, Peer>> {
  const peers = new Map<string, Peer>();
  const add = (key: string, peer: Peer) => {
    const best = peers.get(key);
    if (!best || peer.gas < best.gas) peers.set(key, peer);
  };
  await world.onTrial(() => measureVaults(world, add));
  await world.onTrial(() => measureMorpho(world, add));
  return peers;
}

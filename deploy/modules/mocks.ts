// Feeds of local chains and tests: three aggregators that a script moves, each read as another kind, so that any two decide (R6).
import type { IgnitionModuleBuilder } from "@nomicfoundation/ignition-core";

import type { AddressLike, Core } from "./core.ts";
import type { FeedTerms } from "./defaults.ts";
import { chainlinkSource, listFeed } from "./feeds.ts";

/** Readers of the second and the third source; the oracle itself reads the first. */
export function mockReaders(m: IgnitionModuleBuilder): readonly AddressLike[] {
  return [m.contract("MockPullReader"), m.contract("MockTimeWeightedReader")];
}

/** Lists a feed over aggregators, of one kind after the other. */
export function listMockFeed(
  m: IgnitionModuleBuilder,
  core: Core,
  terms: FeedTerms,
  targets: readonly AddressLike[],
  readers: readonly AddressLike[],
) {
  const kinds = [core.oracle, ...readers];
  const sources = targets.map((target, index) => {
    const reader = kinds[index % kinds.length] ?? core.oracle;
    return chainlinkSource(core, target, terms.maxAge, reader);
  });
  return listFeed(m, core, terms, sources);
}

import type { World } from "./world.ts";

/** Below FEED_RULES.maxGap = 300 s, so that every second is live. */
const STEP = 250n;

/** Refreshes a feed, market 0's if none is named, until the next block would be mined exactly `seconds` after `from`. */
export async function liveUntil(w: World, from: bigint, seconds: bigint, feed = 0): Promise<void> {
  for (let at = STEP; at < seconds; at += STEP) {
    await w.networkHelpers.time.setNextBlockTimestamp(from + at);
    await w.oracle.refresh(feed);
  }
  await w.networkHelpers.time.setNextBlockTimestamp(from + seconds);
}

/** Mines all that `send` sends in one block, in that order. Nothing is estimated meanwhile: each needs a gas limit. */
export async function inOneBlock<T>(w: Pick<World, "provider" | "networkHelpers">, send: () => Promise<T>): Promise<T> {
  await w.provider.request({ method: "evm_setAutomine", params: [false] });
  try {
    const sent = await send();
    await w.networkHelpers.mine();
    return sent;
  } finally {
    await w.provider.request({ method: "evm_setAutomine", params: [true] });
  }
}

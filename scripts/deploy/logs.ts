// All events of one kind that a contract has ever emitted.
import type { Interface, LogDescription, Provider } from "ethers";

/** Blocks that a node is asked for at once. */
const BLOCKS = 10_000;

/** In the order of the chain. */
export async function eventsOf(
  runner: Provider,
  address: string,
  face: Interface,
  names: readonly string[],
): Promise<LogDescription[]> {
  const found: LogDescription[] = [];
  const last = await runner.getBlockNumber();
  const topics = [names.map((name) => face.getEvent(name)!.topicHash)];
  for (let from = await firstBlockOf(runner, address, last); from <= last; from += BLOCKS) {
    const logs = await runner.getLogs({ address, topics, fromBlock: from, toBlock: Math.min(from + BLOCKS - 1, last) });
    for (const log of logs) {
      const parsed = face.parseLog(log);
      if (parsed !== null) found.push(parsed);
    }
  }
  return found;
}

/** The block in which a contract was created, by halving; 0 where the node keeps no old state. */
export async function firstBlockOf(runner: Provider, address: string, last: number): Promise<number> {
  let [low, high] = [0, last];
  try {
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if ((await runner.getCode(address, middle)) === "0x") low = middle + 1;
      else high = middle;
    }
    return low;
  } catch {
    return 0;
  }
}

/** Deals items out to workers, each getting the next when it is through with one; in the order of the items. */
export async function inLanes<Item, Worker>(
  items: readonly Item[],
  workers: readonly Worker[],
  act: (item: Item, worker: Worker) => Promise<void>,
): Promise<void> {
  let next = 0;
  let hasFailed = false;
  const work = async (worker: Worker) => {
    while (next < items.length && !hasFailed) {
      const item = items[next++] as Item;
      await act(item, worker).catch((error: unknown) => {
        hasFailed = true;
        throw error;
      });
    }
  };
  await Promise.all(workers.map(work));
}

/** Numbers that the simulator reports go to whoever is listened for at the moment. */
let listener: Set<number> | undefined;

export function listenFor(set: Set<number> | undefined): void {
  listener = set;
}

export function hear(numbers: Iterable<number>): void {
  for (const number of numbers) listener?.add(number);
}

/** Chains that are open, for whoever has to close them. */
export const open = new Set<{ close(): Promise<void> }>();

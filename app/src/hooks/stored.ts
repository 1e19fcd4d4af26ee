import { useCallback, useSyncExternalStore } from "react";

const listeners = new Set<() => void>();

function tell(): void {
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  // Other tabs write, too.
  if (listeners.size === 0) window.addEventListener("storage", tell);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) window.removeEventListener("storage", tell);
  };
}

/** A text that the browser remembers, the same for everything on the page that asks for it. */
export function useStored(key: string, initial: string): [string, (value: string) => void] {
  const value = useSyncExternalStore(subscribe, () => localStorage.getItem(key) ?? initial);
  const store = useCallback(
    (next: string) => {
      localStorage.setItem(key, next);
      tell();
    },
    [key],
  );
  return [value, store];
}

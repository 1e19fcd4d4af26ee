import { useSyncExternalStore } from "react";

/** Where the reader is: what stands behind "#/", cut at slashes, and what stands behind "?". */
export interface Route {
  readonly path: readonly string[];
  readonly query: URLSearchParams;
}

let last: { hash: string; route: Route } | undefined;

function read(): Route {
  const { hash } = window.location;
  if (last?.hash === hash) return last.route;
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?");
  last = { hash, route: { path: path.split("/").filter((part) => part !== ""), query: new URLSearchParams(query) } };
  return last.route;
}

function subscribe(listener: () => void): () => void {
  window.addEventListener("hashchange", listener);
  return () => window.removeEventListener("hashchange", listener);
}

export function useRoute(): Route {
  return useSyncExternalStore(subscribe, read);
}

export function goTo(path: string): void {
  window.location.hash = `#/${path}`;
}

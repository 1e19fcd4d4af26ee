import { createContext, useContext, useEffect, useState } from "react";
import type { ReactNode } from "react";

import { followHistory } from "../chain/history.ts";
import type { History } from "../chain/history.ts";
import { useNetwork } from "./network.tsx";

const NOTHING: History = { logs: [], block: undefined };
const HistoryContext = createContext<History>(NOTHING);

export function useHistory(): History {
  return useContext(HistoryContext);
}

/** Follows the events of the deployment that is shown. */
export function HistoryProvider({ children }: { children: ReactNode }) {
  const { deployment } = useNetwork();
  const [history, setHistory] = useState<History>(NOTHING);
  useEffect(() => {
    setHistory(NOTHING);
    if (deployment === undefined) return;
    const stop = new AbortController();
    const go = async (): Promise<void> => {
      while (!stop.signal.aborted) {
        // A node that is away too long, or a chain that is another one: the network says so, and here it begins again.
        await followHistory(deployment, setHistory, stop.signal).catch(() => setHistory(NOTHING));
        await new Promise((resolve) => window.setTimeout(resolve, 2_000));
      }
    };
    void go();
    return () => stop.abort();
  }, [deployment]);
  return <HistoryContext.Provider value={history}>{children}</HistoryContext.Provider>;
}

// Which deployment the page shows, and whether its chain is there.
import { createContext, useCallback, useContext, useEffect, useMemo, useState } from "react";
import type { ReactNode } from "react";

import { firstBlockHash, openDeployment } from "../chain/deployment.ts";
import type { Deployment } from "../chain/deployment.ts";
import { SettingsError } from "../chain/errors.ts";
import type { AppNetwork } from "../chain/networks.ts";
import { loadNetworks } from "../chain/settings.ts";
import type { WalletProvider } from "../chain/wallets.ts";
import { useStored } from "./stored.ts";

/** The newest block, and when this machine first saw it, milliseconds. */
export interface Head {
  readonly number: number;
  readonly timestamp: number;
  readonly seenAt: number;
}

export interface NetworkState {
  readonly networks: readonly AppNetwork[];
  readonly network: AppNetwork | undefined;
  readonly choose: (name: string) => void;
  /** Undefined until the first connection. */
  readonly deployment: Deployment | undefined;
  readonly head: Head | undefined;
  /** Why there is no connection now, or why it was lost. */
  readonly error: unknown;
  /** The chain under this address is another one than before: what the page knew of it is forgotten. */
  readonly isRestarted: boolean;
}

const NetworkContext = createContext<NetworkState | undefined>(undefined);
const LOOK = 1_000;

export function useNetwork(): NetworkState {
  const state = useContext(NetworkContext);
  if (state === undefined) throw new SettingsError("The page was put together wrongly: no network around this part.");
  return state;
}

/** The deployment, where a page is only shown with one. */
export function useDeployment(): Deployment {
  const { deployment } = useNetwork();
  if (deployment === undefined)
    throw new SettingsError("The page was put together wrongly: shown before it is connected.");
  return deployment;
}

export function NetworkProvider({ wallet, children }: { wallet: WalletProvider | undefined; children: ReactNode }) {
  const [networks, setNetworks] = useState<readonly AppNetwork[]>([]);
  const [name, choose] = useStored("bulwark:network", "");
  const [deployment, setDeployment] = useState<Deployment>();
  const [head, setHead] = useState<Head>();
  const [error, setError] = useState<unknown>();
  const [isRestarted, setRestarted] = useState(false);
  const [round, setRound] = useState(0);
  const network = useMemo(() => networks.find((one) => one.name === name) ?? networks[0], [networks, name]);
  const reader = network?.rpc === undefined ? wallet : undefined;

  useEffect(() => {
    if (networks.length > 0) return;
    loadNetworks().then(setNetworks, (reason: unknown) => {
      setError(reason);
      window.setTimeout(() => setRound((count) => count + 1), 2 * LOOK);
    });
  }, [networks.length, round]);

  // Connects, and once more whenever the chain under the address is another one.
  useEffect(() => {
    if (network === undefined) return;
    const stop = new AbortController();
    let opened: Deployment | undefined;
    const open = async (): Promise<void> => {
      while (!stop.signal.aborted) {
        try {
          opened = await openDeployment(network, reader);
          if (stop.signal.aborted) return opened.provider.destroy();
          setDeployment(opened);
          setError(undefined);
          await watch(opened, { onHead: setHead, onError: setError, signal: stop.signal });
          opened.provider.destroy();
          setRestarted(true);
        } catch (reason) {
          if (!stop.signal.aborted) setError(reason);
        }
        await pause(LOOK, stop.signal);
      }
    };
    void open();
    return () => {
      stop.abort();
      opened?.provider.destroy();
    };
  }, [network, reader]);

  const pick = useCallback(
    (next: string) => {
      setDeployment(undefined);
      setHead(undefined);
      setRestarted(false);
      choose(next);
    },
    [choose],
  );
  const state = useMemo(
    () => ({ networks, network, choose: pick, deployment, head, error, isRestarted }),
    [networks, network, pick, deployment, head, error, isRestarted],
  );
  return <NetworkContext.Provider value={state}>{children}</NetworkContext.Provider>;
}

interface Watcher {
  readonly onHead: (head: Head) => void;
  readonly onError: (error: unknown) => void;
  readonly signal: AbortSignal;
}

/** Looks at the newest block until the chain is another one. */
async function watch({ provider, chainKey }: Deployment, { onHead, onError, signal }: Watcher): Promise<void> {
  let last = -1;
  let mustCheck = false;
  while (!signal.aborted) {
    try {
      const block = (await provider.send("eth_getBlockByNumber", ["latest", false])) as Record<string, string> | null;
      const number = Number(block?.number ?? -1);
      const timestamp = Number(block?.timestamp ?? 0);
      if (mustCheck || number < last) {
        if (!chainKey.includes(await firstBlockHash(provider))) return;
        mustCheck = false;
        onError(undefined);
      }
      if (number !== last) onHead({ number, timestamp, seenAt: Date.now() });
      last = number;
    } catch (reason) {
      if (signal.aborted) return;
      mustCheck = true;
      onError(reason);
    }
    await pause(LOOK, signal);
  }
}

function pause(time: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = window.setTimeout(resolve, time);
    signal.addEventListener("abort", () => {
      window.clearTimeout(timer);
      resolve();
    });
  });
}

// The wallet that acts for the reader.
import { BrowserProvider } from "ethers";
import { createContext, useCallback, useContext, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import type { ReactNode } from "react";

import { SettingsError } from "../chain/errors.ts";
import { discoverWallets, knownWallets, onWallets } from "../chain/wallets.ts";
import type { Wallet } from "../chain/wallets.ts";
import { useStored } from "./stored.ts";

export interface WalletState {
  readonly wallets: readonly Wallet[];
  readonly wallet: Wallet | undefined;
  readonly address: string | undefined;
  readonly chainId: number | undefined;
  /** Speaks through the wallet. */
  readonly provider: BrowserProvider | undefined;
  readonly connect: (wallet: Wallet) => Promise<void>;
  readonly disconnect: () => void;
}

const WalletContext = createContext<WalletState | undefined>(undefined);

export function useWallet(): WalletState {
  const state = useContext(WalletContext);
  if (state === undefined) throw new SettingsError("The page was put together wrongly: no wallet around this part.");
  return state;
}

interface Session {
  readonly wallet: Wallet;
  readonly address: string;
  readonly chainId: number;
}

export function WalletProviderRoom({ children }: { children: (wallet: Wallet | undefined) => ReactNode }) {
  const wallets = useSyncExternalStore(onWallets, knownWallets);
  const [session, setSession] = useState<Session>();
  const [remembered, remember] = useStored("bulwark:wallet", "");
  useEffect(discoverWallets, []);

  const enter = useCallback(async (wallet: Wallet, method: "eth_requestAccounts" | "eth_accounts") => {
    const accounts = (await wallet.provider.request({ method, params: [] })) as string[];
    const address = accounts[0];
    if (address === undefined) return setSession(undefined);
    const chainId = Number(await wallet.provider.request({ method: "eth_chainId", params: [] }));
    setSession({ wallet, address, chainId });
  }, []);

  // A wallet that was connected before is asked without a question to the user.
  useEffect(() => {
    const known = wallets.find(({ info }) => info.rdns === remembered);
    // A wallet that does not answer is as one that is not connected.
    if (session === undefined && known !== undefined) enter(known, "eth_accounts").catch(() => setSession(undefined));
  }, [wallets, remembered, session, enter]);

  useEffect(() => {
    const wallet = session?.wallet;
    if (wallet?.provider.on === undefined) return;
    const again = () => void enter(wallet, "eth_accounts").catch(() => setSession(undefined));
    const events = ["accountsChanged", "chainChanged", "disconnect"];
    for (const event of events) wallet.provider.on(event, again);
    return () => {
      for (const event of events) wallet.provider.removeListener?.(event, again);
    };
  }, [session?.wallet, enter]);

  const provider = useMemo(
    () =>
      session &&
      new BrowserProvider(session.wallet.provider, session.chainId, { cacheTimeout: -1, pollingInterval: 500 }),
    [session],
  );
  const state = useMemo<WalletState>(
    () => ({
      wallets,
      wallet: session?.wallet,
      address: session?.address,
      chainId: session?.chainId,
      provider,
      connect: async (wallet) => {
        await enter(wallet, "eth_requestAccounts");
        remember(wallet.info.rdns);
      },
      disconnect: () => {
        remember("");
        setSession(undefined);
      },
    }),
    [wallets, session, provider, enter, remember],
  );
  return <WalletContext.Provider value={state}>{children(session?.wallet)}</WalletContext.Provider>;
}

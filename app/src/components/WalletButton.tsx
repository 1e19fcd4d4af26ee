import { useState } from "react";

import { switchChain } from "../chain/wallets.ts";
import type { Wallet } from "../chain/wallets.ts";
import { inWords } from "../chain/words.ts";
import type { Words } from "../chain/words.ts";
import { shortHex } from "../chain/format.ts";
import { useNetwork } from "../hooks/network.tsx";
import { useWallet } from "../hooks/wallet.tsx";
import { ErrorNotice, Notice } from "./Layout.tsx";
import { Popover } from "./Popover.tsx";

/** Connects a wallet, and says which one acts. */
export function WalletButton() {
  const { wallets, wallet, address, connect, disconnect } = useWallet();
  const [error, setError] = useState<Words>();
  const pick = (one: Wallet) => {
    setError(undefined);
    connect(one).catch((reason: unknown) => setError(inWords(reason)));
  };
  if (address !== undefined && wallet !== undefined) {
    return (
      <Popover key="connected" label={shortHex(address)} name={`Wallet ${shortHex(address)}`} kind="main">
        <p className="hint">{wallet.info.name}</p>
        <p className="hex wrap">{address}</p>
        <button type="button" className="small" onClick={disconnect}>
          Disconnect
        </button>
      </Popover>
    );
  }
  return (
    <Popover key="not connected" label="Connect" name="Connect a wallet" kind="main">
      {wallets.length === 0 && (
        <p>
          No wallet was found in this browser. Install one that announces itself (EIP-6963), as most do, and load the
          page again. Everything can be read without one.
        </p>
      )}
      {wallets.map((one) => (
        <button key={one.info.uuid} type="button" className="wallet" onClick={() => pick(one)}>
          {one.info.icon?.startsWith("data:image/") === true && (
            <img src={one.info.icon} alt="" width="20" height="20" />
          )}
          {one.info.name}
        </button>
      ))}
      {error !== undefined && <ErrorNotice error={error} />}
    </Popover>
  );
}

/** A wallet on another chain than the page. */
export function WrongNetwork() {
  const { deployment } = useNetwork();
  const { wallet, chainId } = useWallet();
  const [error, setError] = useState<Words>();
  if (deployment === undefined || wallet === undefined || chainId === deployment.manifest.chainId) return null;
  const { network, manifest } = deployment;
  const terms = {
    chainId: manifest.chainId,
    name: network.name,
    rpc: network.rpc === undefined ? undefined : new URL(network.rpc, document.baseURI).href,
    explorer: network.explorer,
  };
  const change = () => {
    setError(undefined);
    switchChain(wallet.provider, terms).catch((reason: unknown) => setError(inWords(reason)));
  };
  return (
    <Notice tone="warn">
      <p>
        Your wallet is on chain {chainId}; this page shows {network.name}, chain {manifest.chainId}. You can read, but
        not act.{" "}
        <button type="button" className="small" onClick={change}>
          Switch the wallet
        </button>
      </p>
      {error !== undefined && <ErrorNotice error={error} />}
    </Notice>
  );
}

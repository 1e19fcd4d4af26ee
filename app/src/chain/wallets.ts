// Wallets in the browser: announced ones (EIP-6963), and the one at window.ethereum (EIP-1193) where nothing is announced.
import type { Eip1193Provider } from "ethers";

import { AppError } from "./errors.ts";

export interface WalletInfo {
  readonly uuid: string;
  readonly name: string;
  readonly icon?: string;
  readonly rdns: string;
}

/** EIP-1193 with the events that wallets have. */
export interface WalletProvider extends Eip1193Provider {
  on?(event: string, listener: (value: never) => void): unknown;
  removeListener?(event: string, listener: (value: never) => void): unknown;
}

export interface Wallet {
  readonly info: WalletInfo;
  readonly provider: WalletProvider;
}

const INJECTED = { uuid: "injected", name: "Browser wallet", rdns: "injected" } as const;
let found: readonly Wallet[] = [];
const listeners = new Set<() => void>();

/** Wallets that have announced themselves so far; the same array until another one comes. */
export function knownWallets(): readonly Wallet[] {
  return found;
}

export function onWallets(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Asks wallets to announce themselves. Those that come later are taken in too. */
export function discoverWallets(): void {
  window.addEventListener("eip6963:announceProvider", (event) => {
    const detail = (event as CustomEvent<unknown>).detail;
    if (isWallet(detail)) add(detail);
  });
  window.dispatchEvent(new Event("eip6963:requestProvider"));
  const { ethereum } = window as { ethereum?: unknown };
  if (found.length === 0 && isProvider(ethereum)) add({ info: INJECTED, provider: ethereum });
}

function add(wallet: Wallet): void {
  const others = found.filter(({ info }) => info.uuid !== wallet.info.uuid && info.rdns !== INJECTED.rdns);
  found = [...others, wallet];
  for (const listener of listeners) listener();
}

function isWallet(value: unknown): value is Wallet {
  const { info, provider } = (value ?? {}) as { info?: Partial<WalletInfo>; provider?: unknown };
  return (
    typeof info?.uuid === "string" &&
    typeof info.name === "string" &&
    typeof info.rdns === "string" &&
    isProvider(provider)
  );
}

function isProvider(value: unknown): value is WalletProvider {
  return typeof (value as { request?: unknown } | undefined)?.request === "function";
}

const UNKNOWN_CHAIN = 4902;

/** What a wallet is told of a network that it does not know. */
export interface ChainTerms {
  readonly chainId: number;
  readonly name: string;
  readonly rpc: string | undefined;
  readonly explorer: string | undefined;
}

/** Asks the wallet to change to a chain, and to add it where it does not know it. */
export async function switchChain(
  provider: WalletProvider,
  { chainId, name, rpc, explorer }: ChainTerms,
): Promise<void> {
  const id = `0x${chainId.toString(16)}`;
  try {
    await provider.request({ method: "wallet_switchEthereumChain", params: [{ chainId: id }] });
  } catch (error) {
    if ((error as { code?: unknown }).code !== UNKNOWN_CHAIN) throw error;
    if (rpc === undefined) {
      throw new AppError(`The wallet does not know ${name} (chain ${chainId}): add it there first.`, { cause: error });
    }
    const terms = {
      chainId: id,
      chainName: name,
      rpcUrls: [rpc],
      nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
      ...(explorer !== undefined && { blockExplorerUrls: [explorer] }),
    };
    await provider.request({ method: "wallet_addEthereumChain", params: [terms] });
  }
}

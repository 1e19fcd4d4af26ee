// A wallet in the page (EIP-6963 and EIP-1193) whose key stays in the test's process: it really signs and sends.
import { JsonRpcProvider, toQuantity, Wallet } from "ethers";
import type { TypedDataDomain, TypedDataField } from "ethers";
import type { BrowserContext } from "playwright-core";

/** How the wallet answers what it is asked to sign. */
export interface Manners {
  /** The next question is refused, as a user does. */
  refusesNext: boolean;
  /** Chain that the wallet says it is on, when not the node's. */
  chainId: number | undefined;
}

interface Request {
  readonly method: string;
  readonly params?: readonly unknown[];
}

interface TypedData {
  readonly domain: TypedDataDomain;
  readonly types: Record<string, TypedDataField[]>;
  readonly message: Record<string, unknown>;
}

const REFUSED = 4001;

/** Puts the wallet into every page of the context. */
export async function injectWallet(context: BrowserContext, key: string, url: string): Promise<Manners> {
  const manners: Manners = { refusesNext: false, chainId: undefined };
  const node = new JsonRpcProvider(url, 31337, { staticNetwork: true, cacheTimeout: -1 });
  const wallet = new Wallet(key, node);
  await context.exposeBinding("walletRequest", async (_source, request: Request) => {
    try {
      return { result: await answer(wallet, manners, request) };
    } catch (error) {
      return { error: asJson(error) };
    }
  });
  await context.addInitScript(announce);
  context.on("close", () => node.destroy());
  return manners;
}

async function answer(wallet: Wallet, manners: Manners, { method, params = [] }: Request): Promise<unknown> {
  const node = wallet.provider as JsonRpcProvider;
  const asks = ["eth_sendTransaction", "eth_signTypedData_v4", "personal_sign"].includes(method);
  if (asks && manners.refusesNext) {
    manners.refusesNext = false;
    throw Object.assign(new Error("User rejected the request."), { code: REFUSED });
  }
  switch (method) {
    case "eth_requestAccounts":
    case "eth_accounts":
      return [wallet.address];
    case "eth_chainId":
      return toQuantity(manners.chainId ?? 31337);
    case "wallet_switchEthereumChain":
      manners.chainId = undefined;
      return null;
    case "eth_signTypedData_v4": {
      const { domain, types, message } = JSON.parse(String(params[1])) as TypedData;
      // ethers derives the domain's type itself.
      const own = Object.fromEntries(Object.entries(types).filter(([name]) => name !== "EIP712Domain"));
      return wallet.signTypedData(domain, own, message);
    }
    case "eth_sendTransaction": {
      const { gas, to = null, data = "0x", value = "0x0" } = params[0] as Record<string, string>;
      // Signed and handed over: whether it is mined already is the page's to find out.
      const filled = await wallet.populateTransaction({ to, data, value, ...(gas !== undefined && { gasLimit: gas }) });
      return node.send("eth_sendRawTransaction", [await wallet.signTransaction(filled)]);
    }
    default:
      return node.send(method, [...params]);
  }
}

/** What a page can be told of an error. */
function asJson(error: unknown): { code: number; message: string; data?: unknown } {
  const { code, message, error: inner, info } = error as Record<string, unknown>;
  const node = (inner ?? (info as { error?: unknown } | undefined)?.error) as
    { code?: number; message?: string; data?: unknown } | undefined;
  return {
    code: typeof code === "number" ? code : (node?.code ?? -32603),
    message: node?.message ?? String(message),
    ...(node?.data !== undefined && { data: node.data }),
  };
}

/** Runs in the page before anything of its own. */
function announce(): void {
  interface Answer {
    readonly result?: unknown;
    readonly error?: { readonly message: string };
  }
  const bound = window as unknown as { walletRequest: (request: unknown) => Promise<Answer> };
  const listeners = new Map<string, Set<(value: unknown) => void>>();
  const provider = {
    async request(asked: unknown): Promise<unknown> {
      const { result, error } = await bound.walletRequest(asked);
      if (error !== undefined) throw Object.assign(new Error(error.message), error);
      if ((asked as { method: string }).method === "wallet_switchEthereumChain") {
        for (const tell of listeners.get("chainChanged") ?? []) tell("0x7a69");
      }
      return result;
    },
    on: (event: string, listener: (value: unknown) => void) => {
      listeners.set(event, (listeners.get(event) ?? new Set()).add(listener));
    },
    removeListener: (event: string, listener: (value: unknown) => void) => {
      listeners.get(event)?.delete(listener);
    },
  };
  const icon =
    "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 8'><rect width='8' height='8' rx='2' fill='teal'/></svg>";
  const info = Object.freeze({
    uuid: "6f3e1c5a-0000-4000-8000-000000000001",
    name: "Test Wallet",
    icon,
    rdns: "test.wallet",
  });
  const tell = (): void => {
    window.dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail: Object.freeze({ info, provider }) }));
  };
  window.addEventListener("eip6963:requestProvider", tell);
  tell();
}

import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useEffect } from "react";
import type { ComponentType, LazyExoticComponent } from "react";

import { Empty, Loading } from "./components/Layout.tsx";
import { Boundary } from "./components/Boundary.tsx";
import { Shell } from "./components/Shell.tsx";
import { ActionsProvider } from "./hooks/actions.tsx";
import { HistoryProvider } from "./hooks/history.tsx";
import { NetworkProvider, useNetwork } from "./hooks/network.tsx";
import { useRoute } from "./hooks/route.ts";
import { WalletProviderRoom } from "./hooks/wallet.tsx";

interface Page {
  readonly path: string;
  readonly name: string;
  readonly View: LazyExoticComponent<ComponentType>;
  /** Fetches the page's script. */
  readonly load: () => Promise<unknown>;
}

type Script = () => Promise<{ default: ComponentType }>;
const page = (path: string, name: string, load: Script): Page => ({ path, name, View: lazy(load), load });

const PAGES: readonly Page[] = [
  page("reserves", "Reserves", () => import("./pages/reserves/Reserves.tsx")),
  page("trade", "Trade", () => import("./pages/trade/Trade.tsx")),
  page("underwrite", "Underwrite", () => import("./pages/underwrite/Underwrite.tsx")),
  page("auctions", "Auctions", () => import("./pages/auctions/Auctions.tsx")),
  page("claims", "Claims", () => import("./pages/claims/Claims.tsx")),
  page("governance", "Governance", () => import("./pages/governance/Governance.tsx")),
];
const TransactionPage = lazy(() => import("./pages/Transaction.tsx"));

const wanted = (path: string | undefined): Page | undefined =>
  PAGES.find((one) => one.path === (path ?? PAGES[0]?.path));

/** Fetches what is shown first while the chain is being asked. A page that cannot be fetched says so when it is shown. */
export function preload(): void {
  const [path] = window.location.hash.replace(/^#\/?/, "").split(/[/?]/);
  wanted(path === "" ? undefined : path)
    ?.load()
    .catch(() => undefined);
}

export function App() {
  return (
    <WalletProviderRoom>
      {(wallet) => (
        <NetworkProvider wallet={wallet?.provider}>
          <ActionsProvider>
            <HistoryProvider>
              <Freshness />
              <Shell places={PAGES}>
                <Current />
              </Shell>
            </HistoryProvider>
          </ActionsProvider>
        </NetworkProvider>
      )}
    </WalletProviderRoom>
  );
}

/** Everything that was read is read again with every block. */
function Freshness() {
  const { head } = useNetwork();
  const queries = useQueryClient();
  const number = head?.number;
  useEffect(() => {
    if (number !== undefined) void queries.invalidateQueries();
  }, [number, queries]);
  return null;
}

function Current() {
  const { deployment, error } = useNetwork();
  const { path } = useRoute();
  if (deployment === undefined) return error === undefined ? <Loading lines={6} /> : null;
  const View = path[0] === "transaction" ? TransactionPage : wanted(path[0])?.View;
  if (View === undefined) return <Empty>There is no page here. Choose one above.</Empty>;
  return (
    <Boundary key={`${deployment.chainKey}${path[0] ?? ""}`}>
      <Suspense fallback={<Loading lines={6} />}>
        <View />
      </Suspense>
    </Boundary>
  );
}

// Around every page: where one can go, the network, the wallet, what is wrong.
import { useEffect, useRef } from "react";
import type { ReactNode } from "react";

import { inWords } from "../chain/words.ts";
import { useNow } from "../hooks/clock.ts";
import { useNetwork } from "../hooks/network.tsx";
import { useRoute } from "../hooks/route.ts";
import { useTheme } from "../hooks/theme.ts";
import { Activity } from "./Activity.tsx";
import { ErrorNotice, Notice } from "./Layout.tsx";
import { WalletButton, WrongNetwork } from "./WalletButton.tsx";

export interface Place {
  readonly path: string;
  readonly name: string;
}

const THEME_NAMES = { system: "Auto", light: "Light", dark: "Dark" } as const;
/** A chain without a block for so long: prices stand still. */
const QUIET = 600n;

export function Shell({ places, children }: { places: readonly Place[]; children: ReactNode }) {
  const { path } = useRoute();
  const here = path[0] ?? places[0]?.path;
  const [theme, nextTheme] = useTheme();
  const main = useRef<HTMLElement>(null);
  const name = places.find((place) => place.path === here)?.name ?? "Transaction";
  const shown = useRef(name);
  useEffect(() => {
    document.title = `${name} · Bulwark`;
    window.scrollTo(0, 0);
    // Whoever hears the page is taken to what is new; not on arrival.
    if (shown.current !== name) main.current?.focus({ preventScroll: true });
    shown.current = name;
  }, [name]);
  return (
    <>
      <a
        className="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault(); // The hash says which page this is.
          main.current?.focus();
        }}
      >
        Skip to the page
      </a>
      <header className="top">
        <a className="brand" href="#/">
          <img src="./icon.svg" alt="" width="20" height="20" />
          Bulwark
        </a>
        <nav aria-label="Pages">
          {places.map((place) => (
            <a key={place.path} href={`#/${place.path}`} aria-current={place.path === here ? "page" : undefined}>
              {place.name}
            </a>
          ))}
        </nav>
        <div className="tools">
          <NetworkChoice />
          <button type="button" className="plain" onClick={nextTheme} aria-label={`Colours: ${THEME_NAMES[theme]}`}>
            {THEME_NAMES[theme]}
          </button>
          <Activity />
          <WalletButton />
        </div>
      </header>
      <main ref={main} tabIndex={-1} id="main">
        <Troubles />
        {children}
      </main>
      <footer className="foot">
        <ChainState />
        <p>Bulwark is unaudited. Amounts show their exact value when pointed at.</p>
      </footer>
    </>
  );
}

function NetworkChoice() {
  const { networks, network, choose } = useNetwork();
  if (networks.length < 2) return <span className="network">{network?.name ?? ""}</span>;
  return (
    <select
      className="network"
      aria-label="Network"
      value={network?.name ?? ""}
      onChange={(event) => choose(event.target.value)}
    >
      {networks.map(({ name }) => (
        <option key={name}>{name}</option>
      ))}
    </select>
  );
}

/** What stands between the reader and the page. */
function Troubles() {
  const { error, deployment, isRestarted } = useNetwork();
  return (
    <div className="troubles">
      {error !== undefined && <ErrorNotice error={inWords(error)} />}
      {isRestarted && error === undefined && deployment !== undefined && (
        <Notice tone="warn">
          This chain was started afresh: what the page knew of the old one is forgotten. Your wallet may have to be
          told, too (reset the account there).
        </Notice>
      )}
      <WrongNetwork />
    </div>
  );
}

function ChainState() {
  const { head, deployment } = useNetwork();
  const now = useNow();
  if (head === undefined || deployment === undefined) return <p>Connecting…</p>;
  const age = now - BigInt(head.timestamp);
  return (
    <p className="number">
      {deployment.network.name}, chain {deployment.manifest.chainId}, block {head.number}
      {age > QUIET ? ", no new block for a while" : ""}
    </p>
  );
}

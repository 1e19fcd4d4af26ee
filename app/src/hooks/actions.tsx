// Transactions: asked of the wallet, written down, followed to their end.
import { useQueryClient } from "@tanstack/react-query";
import type { ContractTransactionResponse } from "ethers";
import { createContext, useCallback, useContext, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import type { ReactNode } from "react";

import { connect, confirmed } from "../../../sdk/index.ts";
import type { BulwarkClient } from "../../../sdk/index.ts";
import { SettingsError, WalletError } from "../chain/errors.ts";
import { follow, Journal } from "../chain/journal.ts";
import type { Entry } from "../chain/journal.ts";
import { RecordingSigner } from "../chain/signer.ts";
import { inWords } from "../chain/words.ts";
import type { Words } from "../chain/words.ts";
import { useNetwork } from "./network.tsx";
import { useWallet } from "./wallet.tsx";

/** What a step is given: a client that signs, and who signs. */
export interface Hand {
  readonly client: BulwarkClient;
  readonly signer: RecordingSigner;
  readonly address: string;
}

/** One transaction of an action, or one signature when it answers nothing. */
export interface Step {
  readonly label: string;
  readonly act: (hand: Hand) => Promise<ContractTransactionResponse | undefined>;
}

interface ActionsState {
  readonly journal: Journal | undefined;
  readonly handFor: (label: string) => Promise<Hand>;
}

const ActionsContext = createContext<ActionsState | undefined>(undefined);
const LOOK = 1_000;

export function ActionsProvider({ children }: { children: ReactNode }) {
  const { deployment } = useNetwork();
  const { address, chainId, provider } = useWallet();
  const queries = useQueryClient();
  const journal = useMemo(
    () => (deployment === undefined ? undefined : new Journal(deployment.chainKey, localStorage)),
    [deployment],
  );

  // Pending transactions are looked after here, whoever has sent them: this page, or the page before a reload.
  useEffect(() => {
    if (journal === undefined || deployment === undefined) return;
    const timer = window.setInterval(() => {
      for (const entry of journal.entries().filter(({ status }) => status === "pending")) {
        follow(journal, entry, deployment.provider)
          .then((isOver) => (isOver ? queries.invalidateQueries() : undefined))
          .catch(() => undefined); // The node is away, which the page says elsewhere; the next look is in a second.
      }
    }, LOOK);
    return () => window.clearInterval(timer);
  }, [journal, deployment, queries]);

  const handFor = useCallback(
    async (label: string): Promise<Hand> => {
      if (deployment === undefined || journal === undefined) throw new WalletError("Wait until the page is connected.");
      if (provider === undefined || address === undefined) throw new WalletError("Connect a wallet first.");
      if (chainId !== deployment.manifest.chainId) {
        throw new WalletError(
          `The wallet is on chain ${chainId ?? "unknown"}: switch it to ${deployment.network.name}.`,
        );
      }
      const signer = new RecordingSigner(provider, address, (hash) => journal.add({ hash, label, from: address }));
      return { client: await connect(deployment.manifest, signer), signer, address };
    },
    [deployment, journal, provider, address, chainId],
  );
  const state = useMemo(() => ({ journal, handFor }), [journal, handFor]);
  return <ActionsContext.Provider value={state}>{children}</ActionsContext.Provider>;
}

function useActionsState(): ActionsState {
  const state = useContext(ActionsContext);
  if (state === undefined) throw new SettingsError("The page was put together wrongly: no actions around this part.");
  return state;
}

const NONE: readonly Entry[] = [];
const silent = () => () => undefined;
const empty = () => NONE;

/** Transactions of this browser on this chain, newest first. */
export function useJournal(): { entries: readonly Entry[]; journal: Journal | undefined } {
  const { journal } = useActionsState();
  const entries = useSyncExternalStore(journal?.subscribe ?? silent, journal?.entries ?? empty);
  return { entries, journal };
}

export interface ActionState {
  /** What the reader is being asked or waits for. */
  readonly phase: string | undefined;
  readonly isBusy: boolean;
  readonly error: Words | undefined;
  /** Runs steps one after the other; true when all went through. */
  readonly run: (steps: readonly Step[]) => Promise<boolean>;
  readonly clear: () => void;
}

/** One form's transactions. */
export function useAction(): ActionState {
  const { handFor, journal } = useActionsState();
  const queries = useQueryClient();
  const [phase, setPhase] = useState<string>();
  const [error, setError] = useState<Words>();
  const run = useCallback(
    async (steps: readonly Step[]): Promise<boolean> => {
      setError(undefined);
      try {
        for (const [index, { label, act }] of steps.entries()) {
          const count = steps.length > 1 ? `Step ${index + 1} of ${steps.length}: ` : "";
          setPhase(`${count}confirm in the wallet: ${label}`);
          const sent = await act(await handFor(label));
          if (sent === undefined) continue;
          setPhase(`${count}waiting for the block: ${label}`);
          const receipt = await confirmed(sent);
          journal?.update(sent.hash, { status: "confirmed", block: receipt.blockNumber });
        }
        return true;
      } catch (reason) {
        setError(inWords(reason));
        return false;
      } finally {
        setPhase(undefined);
        await queries.invalidateQueries();
      }
    },
    [handFor, journal, queries],
  );
  const clear = useCallback(() => setError(undefined), []);
  return { phase, isBusy: phase !== undefined, error, run, clear };
}

// A keeper on a world: key, account, store, metrics, as `npm run keeper` puts them together.
import { Wallet } from "ethers";

import { patientProvider } from "../../../../scripts/keeper/chain/transport.ts";
import type { SenderOptions } from "../../../../scripts/keeper/chain/sender.ts";
import type { Rules } from "../../../../scripts/keeper/decide/state.ts";
import { createLog } from "../../../../scripts/keeper/log.ts";
import { createMetrics } from "../../../../scripts/keeper/metrics.ts";
import { openKeeper } from "../../../../scripts/keeper/start.ts";
import { toAccountId } from "../../../../sdk/identifiers.ts";
import type { Manifest } from "../../../../sdk/manifest.ts";
import { manifestOf } from "../../sdk/support/client.ts";
import { accountId, WAD } from "../../support/deployment.ts";
import type { World } from "../../support/world.ts";
import type { BadNode } from "./node.ts";

export const KEY = `0x${"5e".repeat(32)}`;
export const RULES: Rules = {
  budget: 1_000_000n * WAD,
  minProfit: WAD,
  toleranceBps: 50n,
  refreshEvery: 900n,
  syncEvery: 3_600n,
  settleAbove: 100n * WAD,
  payAbove: WAD,
  bonds: 0,
};
const SENDING: SenderOptions = {
  maxGasPrice: 500n * 10n ** 9n,
  patience: 40,
  poll: 2,
  grace: 0,
  replacements: 5,
};

/** The keeper's own address gets coin for gas and dollars on its account. */
export async function fundKeeper(world: World, dollars: bigint): Promise<string> {
  const { address } = new Wallet(KEY);
  await world.provider.request({ method: "hardhat_setBalance", params: [address, "0x56BC75E2D63100000"] });
  const signer = await world.ethers.getImpersonatedSigner(address);
  await world.cash(signer, dollars);
  await world.provider.request({ method: "hardhat_stopImpersonatingAccount", params: [address] });
  return accountId(address);
}

/** The manifest with everything that a keeper calls. */
export async function manifestWithNotifier(world: World): Promise<Manifest> {
  const manifest = await manifestOf(world);
  const notifier = await world.deployed.notifier.getAddress();
  const entry = { address: notifier, contract: "IncidentNotifier", codeHash: `0x${"00".repeat(32)}` };
  return { ...manifest, contracts: { ...manifest.contracts, IncidentNotifier: entry } };
}

export interface DeskOptions {
  readonly storeFile?: string;
  readonly rules?: Partial<Rules>;
  readonly isDry?: boolean;
  readonly sending?: Partial<SenderOptions>;
}

export async function openDesk(world: World, node: BadNode, options: DeskOptions = {}) {
  const stop = new AbortController();
  // Waiting costs no time, and as much on every machine.
  let time = 0;
  const clock = () => time;
  const sleep = async (milliseconds: number) => {
    time += milliseconds;
    await Promise.resolve();
  };
  const wallet = new Wallet(KEY);
  const metrics = createMetrics();
  const lines: Record<string, unknown>[] = [];
  const log = createLog("debug", { write: (line: string) => void lines.push(JSON.parse(line) as never) });
  const provider = patientProvider(node.ask, {
    attempts: 20,
    firstWait: 1,
    longestWait: 4,
    onFault: (method) => metrics.faults.inc({ method }),
  });
  const manifest = await manifestWithNotifier(world);
  const { keeper, store, venue } = await openKeeper({
    manifest,
    provider,
    wallet: options.isDry === true ? undefined : wallet,
    self: { address: wallet.address, account: toAccountId(wallet.address, 0n) },
    storeFile: options.storeFile ?? ":memory:",
    rules: { ...RULES, ...options.rules },
    coinFeed: undefined,
    fromBlock: 0,
    range: 2_000,
    poll: 10,
    sending: { ...SENDING, clock, sleep, ...options.sending },
    log,
    metrics,
    signal: stop.signal,
  });
  const counted = async (name: string) => (await metrics.registry.getSingleMetric(name)?.get())?.values ?? [];
  return {
    keeper,
    store,
    venue,
    stop,
    lines,
    metrics,
    wallet,
    /** Sum over all labels. */
    async sum(name: string) {
      return (await counted(`bulwark_keeper_${name}`)).reduce((sum, { value }) => sum + value, 0);
    },
    close() {
      store.close();
      provider.destroy();
    },
  };
}

export type Desk = Awaited<ReturnType<typeof openDesk>>;

import type { ContractRunner, ContractTransactionResponse, Provider } from "ethers";
import { keccak256 } from "ethers";

import { addressesOf, bindContracts, bindToken } from "./contracts.ts";
import type { BulwarkContracts } from "./contracts.ts";
import { BulwarkError } from "./errors.ts";
import { parseManifest } from "./manifest.ts";
import type { Manifest } from "./manifest.ts";
import type { Plan } from "./plan.ts";
import { explained } from "./reverts/decode.ts";
import { Accounts } from "./rooms/accounts.ts";
import { Claims } from "./rooms/claims.ts";
import type { Context } from "./rooms/context.ts";
import { Covers } from "./rooms/covers.ts";
import { Events } from "./rooms/events.ts";
import { Fund } from "./rooms/fund.ts";
import { Liquidations } from "./rooms/liquidations.ts";
import { Orders } from "./rooms/orders.ts";
import { Tokens } from "./rooms/tokens.ts";
import { Vaults } from "./rooms/vaults.ts";

export interface ConnectOptions {
  /** Compares the code of every contract of the manifest with its hash. Off: only the chain and the house are asked. */
  readonly verifyCode?: boolean;
}

/** A deployment, by rooms. */
export interface BulwarkClient {
  readonly manifest: Manifest;
  readonly contracts: BulwarkContracts;
  /** Where they stand: for approvals, permits and delegates. */
  readonly addresses: Readonly<Record<keyof BulwarkContracts, string>>;
  readonly provider: Provider;
  readonly accounts: Accounts;
  readonly orders: Orders;
  readonly liquidations: Liquidations;
  readonly fund: Fund;
  readonly vaults: Vaults;
  readonly covers: Covers;
  readonly claims: Claims;
  readonly tokens: Tokens;
  readonly events: Events;
  /**
   * Any steps of the caller in one transaction, or none of them: refresh, trade, bid, insure. He has lent the Router his scopes
   * (`accounts.lendRouter`); native value pays for prices of Pyth.
   */
  run(plan: Plan, value?: bigint): Promise<ContractTransactionResponse>;
}

/**
 * Connects to a deployment.
 * @param manifest what the deployment wrote to `deployments/NETWORK/manifest.json`, parsed from JSON
 * @param runner a signer, or a provider to read only
 * @example
 * const client = await connect(manifest, new BrowserProvider(window.ethereum).getSigner());
 * console.log((await client.fund.report()).segment.reserve);
 */
export async function connect(
  manifest: unknown,
  runner: ContractRunner | Promise<ContractRunner>,
  options: ConnectOptions = {},
): Promise<BulwarkClient> {
  const checked = parseManifest(manifest);
  const bound = await runner;
  const provider = bound.provider;
  if (provider === null || provider === undefined) throw new NoProviderError();
  await requireChain(checked, provider);
  await requireCode(
    checked,
    provider,
    options.verifyCode === true ? Object.keys(checked.contracts) : ["ClearingHouse"],
  );
  const contracts = bindContracts(checked, bound);
  const context = await readContext({ manifest: checked, runner: bound, provider, contracts });
  return Object.freeze({
    manifest: checked,
    contracts,
    addresses: addressesOf(contracts),
    provider,
    accounts: new Accounts(context),
    orders: new Orders(context),
    liquidations: new Liquidations(context),
    fund: new Fund(context),
    vaults: new Vaults(context),
    covers: new Covers(context),
    claims: new Claims(context),
    tokens: new Tokens(context),
    events: new Events(context),
    run: (plan: Plan, value = 0n) => explained(contracts.router.run(plan, { value })),
  });
}

/** What never changes is asked for once. */
async function readContext(base: Pick<Context, "manifest" | "runner" | "provider" | "contracts">): Promise<Context> {
  const { house, engine } = base.contracts;
  return explained(
    (async () => {
      const [settlementToken, segment, minMaintenanceMargin] = await Promise.all([
        house.settlementToken(),
        engine.segment(),
        house.minMaintenanceMargin(),
      ]);
      const decimals = await bindToken(settlementToken, base.runner).decimals();
      return Object.freeze({ ...base, settlementToken, decimals: Number(decimals), segment, minMaintenanceMargin });
    })(),
  );
}

async function requireChain(manifest: Manifest, provider: Provider): Promise<void> {
  const { chainId } = await provider.getNetwork();
  if (chainId !== BigInt(manifest.chainId)) throw new WrongChainError(manifest, chainId);
}

async function requireCode(manifest: Manifest, provider: Provider, names: readonly string[]): Promise<void> {
  await Promise.all(
    names.map(async (name) => {
      const entry = manifest.contracts[name];
      if (entry === undefined) return;
      const code = await provider.getCode(entry.address);
      if (code === "0x") throw new CodeMissingError(name, entry.address);
      const codeHash = keccak256(code);
      if (codeHash !== entry.codeHash) throw new CodeMismatchError(name, entry.codeHash, codeHash);
    }),
  );
}

/* ERRORS */

/** A signer without a connection. */
export class NoProviderError extends BulwarkError {
  override name = "NoProviderError";

  constructor() {
    super("The signer has no provider: connect it first, as in wallet.connect(provider).");
  }
}

/** The provider speaks to another chain. */
export class WrongChainError extends BulwarkError {
  override name = "WrongChainError";
  readonly expected: bigint;
  readonly found: bigint;

  constructor(manifest: Manifest, found: bigint) {
    super(
      `The provider is on chain ${found.toString()}, the manifest is of chain ${manifest.chainId} (${manifest.network}): ` +
        "switch the wallet's network, or take the manifest of this one.",
    );
    this.expected = BigInt(manifest.chainId);
    this.found = found;
  }
}

/** Nothing stands where the manifest says. */
export class CodeMissingError extends BulwarkError {
  override name = "CodeMissingError";
  readonly contract: string;
  readonly address: string;

  constructor(contract: string, address: string) {
    super(
      `There is no code at ${address} (${contract}): the chain was started afresh, or the manifest is of another one.`,
    );
    this.contract = contract;
    this.address = address;
  }
}

/** Other code stands where the manifest says. */
export class CodeMismatchError extends BulwarkError {
  override name = "CodeMismatchError";
  readonly contract: string;
  readonly expected: string;
  readonly found: string;

  constructor(contract: string, expected: string, found: string) {
    super(`${contract} has code ${found}, the manifest says ${expected}: trust neither before you know why.`);
    this.contract = contract;
    this.expected = expected;
    this.found = found;
  }
}

import { Signature } from "ethers";

import { HOUSE_SETTINGS } from "../../../../deploy/modules/defaults.ts";
import { buildOrder, signOrder } from "../../../../sdk/orders.ts";
import { ETH_MARKET, USD, WAD } from "../../support/deployment.ts";
import type { Signer } from "../../support/deployment.ts";
import { openSeries, standBehind } from "../../support/underwriting.ts";
import { MAX, Scope } from "../../support/world.ts";
import type { World } from "../../support/world.ts";

export { Action } from "../../../../sdk/plan.ts";

export interface PermitStep {
  readonly asset: number;
  readonly value: bigint;
  readonly deadline: bigint;
  readonly v: number;
  readonly r: string;
  readonly s: string;
}

/** As `Plan` of IRouter. */
export interface Plan {
  deadline: bigint;
  actions: number[];
  permits: PermitStep[];
  deposits: { account: string; asset: number; amount: bigint; minCredited: bigint }[];
  refreshes: bigint[];
  fills: Awaited<ReturnType<typeof signedFill>>[];
  bids: ReturnType<World["request"]>[];
  covers: { series: bigint; units: bigint; maxPremium: bigint }[];
  pythUpdates: { data: string[]; maxFee: bigint }[];
  redStoneUpdates: { dataFeedIds: string[]; payload: string }[];
}

/** A plan of the steps that are given, in the order of their kinds unless `actions` says otherwise. */
export function planOf(steps: Partial<Plan>): Plan {
  const empty = {
    permits: [],
    deposits: [],
    refreshes: [],
    fills: [],
    bids: [],
    covers: [],
    pythUpdates: [],
    redStoneUpdates: [],
  };
  const plan = { deadline: MAX, actions: [] as number[], ...empty, ...steps };
  if (steps.actions === undefined) {
    const { permits, deposits, refreshes, fills, bids, covers, pythUpdates, redStoneUpdates } = plan;
    const lists = [permits, deposits, refreshes, fills, bids, covers, pythUpdates, redStoneUpdates];
    plan.actions = lists.flatMap(({ length }, action) => Array.from({ length }, () => action));
  }
  return plan;
}

/** A deposit of dollars. */
export const dollars = (account: string, amount: bigint) => ({
  account,
  asset: 0,
  amount: amount * USD,
  minCredited: 0n,
});

/** A permit of someone for the Router, 1e-6. */
export async function permitOf(w: World, who: Signer, value: bigint): Promise<PermitStep> {
  const domain = {
    name: "Test Dollar",
    version: "1",
    chainId: (await w.ethers.provider.getNetwork()).chainId,
    verifyingContract: await w.usd.getAddress(),
  };
  const fields = ["owner:address", "spender:address", "value:uint256", "nonce:uint256", "deadline:uint256"];
  const types = {
    Permit: fields.map((field) => ({ name: field.split(":")[0] ?? "", type: field.split(":")[1] ?? "" })),
  };
  const message = {
    owner: who.address,
    spender: await w.router.getAddress(),
    value,
    nonce: await w.usd.nonces(who.address),
    deadline: MAX,
  };
  const { v, r, s } = Signature.from(await who.signTypedData(domain, types, message));
  return { asset: 0, value, deadline: MAX, v, r, s };
}

/** A sale by `maker`, signed, and its fill by an account. */
export async function signedFill(w: World, maker: Signer, taker: string, size: bigint, nonce = 1n, price = 200n * WAD) {
  const now = await w.now();
  const order = buildOrder(
    {
      house: w.houseAddress,
      account: w.id(maker),
      market: ETH_MARKET,
      size: -size,
      limitPrice: price,
      expiry: now + 86_400n,
      nonce,
    },
    { now },
  );
  const { chainId } = await w.ethers.provider.getNetwork();
  const book = { chainId, address: await w.orders.getAddress() };
  const { signature } = await signOrder(maker, { order, book });
  return { order, signature, taker, size };
}

/** Lends the Router what it needs, and lets it take tokens. */
export async function trust(w: World, who: Signer, scopes: number = Scope.Trade | Scope.Deposit) {
  const router = await w.router.getAddress();
  await w.house.connect(who).setDelegate(router, scopes, (await w.now()) + 10n ** 7n);
  await w.usd.connect(who).approve(router, MAX);
}

/**
 * Alice has 10,000 dollars in her account and 10,000 in her wallet, and trusts the Router. Bob sells. Dave is long 100 at 200 with 2,490
 * dollars, and at 182 whoever wants can buy him. Frank stands behind the vault, which sells cover in the series that is returned.
 */
export async function stage(w: World): Promise<bigint> {
  await standBehind(w, w.frank, {
    junior: 50_000n,
    senior: 50_000n,
    committed: 1_000n,
    reinsurance: 1_000n,
    reinsured: 500n,
  });
  await w.setEth(200n * WAD);
  await w.setBtc(8_000n * WAD);
  await w.cash(w.alice, 10_000n);
  await w.usd.mint(w.alice.address, 10_000n * USD);
  await w.cash(w.bob, 1_000_000n);
  await w.cash(w.dave, 2_500n);
  await w.trade(w.id(w.dave), w.id(w.bob), ETH_MARKET, 100n * WAD, 200n * WAD);
  await trust(w, w.alice);
  return openSeries(w, 10n * WAD, 6);
}

/** What the Router holds, and may still be asked for, of dollars. All must be 0 between calls. */
export async function leftovers(w: World): Promise<bigint[]> {
  const router = await w.router.getAddress();
  return [
    await w.usd.balanceOf(router),
    await w.usd.allowance(router, w.houseAddress),
    await w.usd.allowance(router, await w.router.vault()),
    await w.ethers.provider.getBalance(router),
  ];
}

/** Address of a house whose links nobody has set yet. */
export async function unlinkedHouse(w: World): Promise<string> {
  const settings = {
    accessManager: w.alice.address,
    oracle: await w.oracle.getAddress(),
    settlementToken: await w.usd.getAddress(),
    feeRecipient: w.alice.address,
    ...HOUSE_SETTINGS,
  };
  const treasury = await w.ethers.deployContract("ClearingHouseTreasury", [settings]);
  const registry = await w.ethers.deployContract("ClearingHouseRegistry", [settings, treasury]);
  const extension = await w.ethers.deployContract("ClearingHouseExtension", [settings, registry]);
  return (await w.ethers.deployContract("ClearingHouse", [settings, extension])).getAddress();
}

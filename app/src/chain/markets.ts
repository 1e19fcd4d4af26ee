// Markets and collateral as they are listed.
import { ZeroAddress } from "ethers";

import { bindToken } from "../../../sdk/contracts.ts";
import { contractErrors } from "../../../sdk/index.ts";
import { currentRateUp } from "../../../sdk/math/MarginMath.ts";
import { positionMarginUp } from "../../../sdk/math/MarginMath.ts";
import { WAD } from "../../../sdk/math/constants.ts";
import type { Deployment } from "./deployment.ts";
import { marketName } from "./networks.ts";

export interface MarketView {
  readonly id: number;
  readonly name: string;
  readonly class: "major" | "mid" | "tail";
  readonly isOpen: boolean;
  readonly price: bigint;
  readonly hasConsensus: boolean;
  /** When the price was read, seconds. */
  readonly readAt: bigint;
  readonly openInterest: bigint;
  readonly cap: bigint;
  readonly listedCap: bigint;
  /** mmr now, its target, 1e-5. */
  readonly rate: bigint;
  readonly rateTarget: bigint;
  readonly addOn: bigint;
  /** 1e-15 per second and unit of notional. */
  readonly gapRate: bigint;
  /** Basis points of MM. */
  readonly penaltyRate: bigint;
  /** WAD of funding that a unit of base pays in a second now, longs to shorts. */
  readonly fundingVelocity: bigint;
}

const CLASSES = ["major", "mid", "tail"] as const;
const OPEN_BIT = 4n;

export async function readMarkets({ client, network }: Deployment): Promise<readonly MarketView[]> {
  const { house, oracle } = client.contracts;
  const listed = await house.listedMarkets();
  const ids = Array.from({ length: 48 }, (_, id) => id).filter((id) => (listed >> BigInt(id)) & 1n);
  const now = BigInt((await client.provider.getBlock("latest"))?.timestamp ?? 0);
  return Promise.all(
    ids.map(async (id) => {
      const [[market, interest], [price, hasConsensus], [, readAt], listedCap, penaltyRate, [, velocity]] =
        await Promise.all([
          house.marketOf(id),
          oracle.quote(id),
          oracle.lastPrice(id),
          house.listedCapOf(id),
          house.penaltyRateOf(id),
          house.fundingOf(id),
        ]);
      const { rateSet, rateTarget, rateSetAt: setAt, addOn, flags } = market;
      return {
        id,
        name: marketName(network, id),
        class: CLASSES[Number(flags & 3n)] ?? "tail",
        isOpen: (flags & OPEN_BIT) !== 0n,
        price,
        hasConsensus,
        readAt,
        openInterest: interest.openInterest,
        cap: interest.cap,
        listedCap,
        rate: currentRateUp({ rateSet, rateTarget, setAt }, now),
        rateTarget,
        addOn,
        gapRate: interest.gapRate,
        penaltyRate,
        fundingVelocity: velocity,
      };
    }),
  );
}

/** Maintenance margin of a position of its own, WAD. */
export function marginOf({ rate, addOn, price }: MarketView, base: bigint): bigint {
  const { linear, size } = positionMarginUp(base < 0n ? -base : base, price, rate, addOn);
  return linear + size;
}

export function notionalOf(base: bigint, price: bigint): bigint {
  return ((base < 0n ? -base : base) * price) / WAD;
}

export interface AssetView {
  readonly id: number;
  readonly token: string;
  readonly symbol: string;
  readonly decimals: number;
  readonly feed: number;
  /** Basis points. */
  readonly haircut: bigint;
  /** Whole units. */
  readonly cap: bigint;
}

const MOST_ASSETS = 8;

/** Assets that the house takes, the settlement token first. */
export async function readAssets({ client, provider }: Deployment): Promise<readonly AssetView[]> {
  const ids = Array.from({ length: MOST_ASSETS }, (_, id) => id);
  const all = await Promise.all(
    ids.map(async (id) => {
      const answer = await client.contracts.house.assetOf(id).catch((error: unknown) => {
        if (error instanceof contractErrors.ClearingHouse_UnknownAsset) return undefined;
        throw error;
      });
      if (answer === undefined || answer[0].token === ZeroAddress) return undefined;
      const [{ token, decimals, feed, haircut, cap }] = answer;
      const symbol = await bindToken(token, provider).symbol();
      return { id, token, symbol, decimals: Number(decimals), feed: Number(feed), haircut, cap };
    }),
  );
  return all.filter((one) => one !== undefined);
}

// Series of cover in words, and what a person has of them.
import { dataSlice, isHexString } from "ethers";

import type { BulwarkClient } from "../../../sdk/index.ts";
import { contractErrors } from "../../../sdk/index.ts";
import { WAD } from "../../../sdk/math/constants.ts";
import type { AppNetwork } from "./networks.ts";
import { marketName } from "./networks.ts";
import { inWords } from "./words.ts";

type SeriesAnswer = Awaited<ReturnType<BulwarkClient["covers"]["series"]>>;

export interface Series extends SeriesAnswer {
  readonly id: bigint;
  /** The side that a cover against socialised loss is for; undefined for any other kind. */
  readonly side: { readonly market: number; readonly isLong: boolean } | undefined;
  readonly name: string;
  /** Why the vault sells none of it now, in words; undefined where it would. */
  readonly refusal: string | undefined;
}

const MOST = 64;
/** Names of triggers in a manifest, and what they pay for. */
const KINDS: Readonly<Record<string, string>> = {
  SocializedLossTrigger: "Socialised loss",
  DeleveragedTrigger: "Deleveraging",
  AccountLiquidatedTrigger: "Own liquidation",
  FundShortfallTrigger: "Shortfall of the fund",
  PriceTouchTrigger: "Price touches a level",
  PutSpreadTrigger: "Price below a level",
  DepegTrigger: "Loss of a peg",
  VaultShareLossTrigger: "Loss of a vault's share",
  AaveDeficitTrigger: "Deficit at Aave",
  MorphoBadDebtTrigger: "Bad debt at Morpho",
  AttestedTrigger: "Attested event",
  LiquidationErrorTrigger: "Wrong liquidation price",
  OwnAccountTrigger: "Own liquidation cost",
};

/** All series of the vault: their numbers count from 1. */
export async function allSeries(client: BulwarkClient, network: AppNetwork): Promise<readonly Series[]> {
  const found: Series[] = [];
  for (let first = 1n; found.length < MOST; first += 8n) {
    const ids = Array.from({ length: 8 }, (_, index) => first + BigInt(index));
    const answers = await Promise.all(ids.map((id) => seriesOrNone(client, id)));
    for (const [index, answer] of answers.entries()) {
      if (answer !== undefined) found.push(await named(client, network, { id: ids[index] as bigint, answer }));
    }
    if (answers.includes(undefined)) break;
  }
  return found;
}

async function seriesOrNone(client: BulwarkClient, id: bigint): Promise<SeriesAnswer | undefined> {
  return client.covers.series(id).catch((error: unknown) => {
    if (error instanceof contractErrors.CoverageVault_UnknownSeries) return undefined;
    throw error;
  });
}

/** Asks for the price of one token: the vault refuses what it cannot stand for. */
async function refusalOf({ contracts }: BulwarkClient, id: bigint): Promise<string | undefined> {
  return contracts.vault.previewPremium(id, WAD).then(
    () => undefined,
    (error: unknown) => inWords(error).text,
  );
}

async function named(
  client: BulwarkClient,
  network: AppNetwork,
  one: { id: bigint; answer: SeriesAnswer },
): Promise<Series> {
  const { id } = one;
  const answer = { ...one.answer, refusal: await refusalOf(client, id) };
  const trigger = triggerName(client, answer.productTerms.trigger);
  const kind = KINDS[trigger ?? ""] ?? "Cover";
  if (trigger !== "SocializedLossTrigger" && trigger !== "DeleveragedTrigger") {
    return { ...answer, id, side: undefined, name: `${kind} ${id}` };
  }
  const side = sideOf(answer.productTerms.terms);
  const of = `${side.isLong ? "longs" : "shorts"} of ${marketName(network, side.market)}`;
  return { ...answer, id, side: trigger === "SocializedLossTrigger" ? side : undefined, name: `${kind}, ${of}` };
}

function triggerName({ manifest }: BulwarkClient, address: string): string | undefined {
  const entry = Object.entries(manifest.contracts).find(
    ([, one]) => one.address.toLowerCase() === address.toLowerCase(),
  );
  return entry?.[1].contract;
}

/** How triggers of a side write it into one word: the market, and bit 8 for longs. */
function sideOf(terms: string): { market: number; isLong: boolean } {
  const word = isHexString(terms, 32) ? Number(dataSlice(terms, 30)) : 0;
  return { market: word & 0xff, isLong: (word & 0x100) !== 0 };
}

/** Whether a series is still on sale and not ended. */
export function isLive(series: Series, now: bigint): boolean {
  return series.endsAt > now;
}

export function isOnSale(series: Series, now: bigint): boolean {
  const { endsAt, productTerms, isTouched, isClosed } = series;
  return endsAt > now + BigInt(productTerms.waiting) + MIN_TERM && !isTouched && !isClosed;
}

/** Least time that bought cover runs (CVR-08). */
const MIN_TERM = 7n * 86_400n;
/** After its end an event is reported for so long, and an incident that nobody decides ends after so long (CLM-01). */
export const REPORTING = 7n * 86_400n;
export const LAPSE = 14n * 86_400n;

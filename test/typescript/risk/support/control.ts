import { RISK_PARAMETERS } from "../../../../deploy/modules/defaults.ts";
import * as reserve from "../../../../sdk/math/ReserveMath.ts";
import * as risk from "../../../../sdk/math/RiskMath.ts";
import type { World } from "../../support/world.ts";

/** A risk controller of the default parameters before a house. */
export async function deployControl(w: World) {
  const { ethers, houseAddress } = w;
  const manager = await (await ethers.getContractAt("ClearingHouse", houseAddress)).authority();
  return ethers.deployContract("RiskController", [manager, houseAddress, RISK_PARAMETERS]);
}

/** One that the house obeys. */
export async function linkControl(w: World) {
  const control = await deployControl(w);
  await w.house.linkRiskController(await control.getAddress());
  return control;
}

export type Control = Awaited<ReturnType<typeof deployControl>>;

/** What the twin makes of a market whose mmr stands at `rate`, with the open interest, price and volatility of now. */
export async function expectedOf(w: World, market: number, given: { rate: bigint; resources: bigint; listed: bigint }) {
  const [settings, interest] = await w.house.marketOf(market);
  const terms = RISK_PARAMETERS[Number(settings.flags & 3n)];
  if (terms === undefined) throw new Error("no such class");
  const of = (name: keyof typeof terms) => BigInt(terms[name]);
  const { fast, slow } = await w.oracle.variance(market);
  const { price } = await w.oracle.lastPrice(market);
  const scale = reserve.scaleUp(fast, slow, risk.MIN_VARIANCE);
  const shortfall = risk.shortfallUp(scale, given.rate, of("shortfallFloor"));
  const contribution = risk.contributionUp(interest.openInterest, price, shortfall);
  const cap = risk.capDown({
    resources: given.resources,
    share: of("resourceShare"),
    shortfall,
    price,
    listed: given.listed,
  });
  const gapRate = risk.gapRateUp({
    scale,
    rate: given.rate,
    chargedShare: of("chargedShare"),
    loading: of("loading"),
    multiple: risk.multipleUp(interest.openInterest, cap),
  });
  const maintenanceTarget = risk.maintenanceTargetUp(risk.highestVariance(fast, slow), of("deviations"), {
    floor: of("maintenanceFloor"),
    cap: of("maintenanceCap"),
  });
  const penaltyAt = (ratio: bigint) => risk.penaltyUp({ fast, slow, basePenalty: of("basePenalty"), ratio });
  return { price, shortfall, contribution, cap, gapRate, maintenanceTarget, penaltyAt };
}

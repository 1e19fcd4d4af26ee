// What cover costs: twin of contracts/coverage/PremiumModel.sol and of the vault's quote (CVR-08, FND-04). All rounding is up.
import { BPS_ONE, WAD } from "../math/constants.ts";
import { expectedLossUp, varianceUp } from "../math/LossModels.ts";
import type { LossTerms } from "../math/LossModels.ts";
import { adaptedUp, meanRateUp } from "../math/PremiumCurve.ts";
import { FLOOR_RATE, premiumUp, utilisationUp } from "../math/PremiumMath.ts";
import { max, mulDivUp, mulWadUp } from "../math/WadMath.ts";
import { ModelKind } from "../models.ts";
import type { ModelTerms } from "../models.ts";
import { toNativeUp } from "../units.ts";

const LOADING_BPS = 3_000n;
const MAX_FACTOR = 2n * WAD;

/** What a premium depends on. Amounts WAD, times in seconds. */
export interface PremiumInputs {
  readonly terms: ModelTerms;
  /** Price and variances of the model's feed; 0 for a hazard rate. */
  readonly spot: bigint;
  readonly fast: bigint;
  readonly slow: bigint;
  /** Most that the cover can pay. */
  readonly cost: bigint;
  /** Capital bound before the purchase, and all that may be bound. */
  readonly bound: bigint;
  readonly capital: bigint;
  readonly curve: { readonly kinkRate: bigint; readonly utilisation: bigint; readonly updatedAt: bigint };
  readonly now: bigint;
  readonly startsAt: bigint;
  readonly endsAt: bigint;
  /** Premium factor of risk control, WAD. */
  readonly factor: bigint;
  /** Of the settlement token. */
  readonly decimals: number;
}

export interface PremiumParts {
  /** What the model asks for, loading included. */
  readonly model: bigint;
  /** What scarcity of capital asks for, or the floor of 3% a year. */
  readonly curve: bigint;
  /** 1 to 2, WAD. */
  readonly factor: bigint;
  /** The greater one times the factor, in the token's own decimals. */
  readonly premium: bigint;
}

export function premiumParts(inputs: PremiumInputs): PremiumParts {
  const { cost, bound, capital, curve, now, startsAt, endsAt, decimals } = inputs;
  const loss = expectedLossUp(lossTerms(inputs.terms), lossState(inputs));
  const kinkRate = adaptedUp(curve.kinkRate, curve.utilisation, now - curve.updatedAt);
  const rate = meanRateUp(kinkRate, utilisationUp(bound, capital), utilisationUp(bound + cost, capital));
  const model = mulDivUp(cost, loss * (BPS_ONE + LOADING_BPS), WAD * BPS_ONE);
  const scarcity = premiumUp(cost, max(rate, FLOOR_RATE), endsAt - startsAt);
  const factor = max(WAD, inputs.factor < MAX_FACTOR ? inputs.factor : MAX_FACTOR);
  return {
    model,
    curve: scarcity,
    factor,
    premium: toNativeUp(mulWadUp(max(model, scarcity), factor), decimals),
  };
}

/** A hazard rate runs from start to end; a price model from now, the waiting time included. */
function lossState({ terms, spot, fast, slow, now, startsAt, endsAt }: PremiumInputs) {
  if (terms.kind === ModelKind.HazardRate) return { spot: 0n, variance: 0n, duration: endsAt - startsAt };
  return { spot, variance: varianceUp(fast, slow, terms.volatilityFloor), duration: endsAt - now };
}

function lossTerms(terms: ModelTerms): LossTerms {
  const { hazardRate, level, lowerLevel, isBelow } = terms;
  switch (terms.kind) {
    case ModelKind.CashOrNothingPut:
      return { kind: "cashOrNothingPut", hazardRate, level };
    case ModelKind.PutSpread:
      return { kind: "putSpread", hazardRate, level, lowerLevel };
    case ModelKind.OneTouch:
      return { kind: "oneTouch", hazardRate, level, isBelow };
    default:
      return { kind: "hazardRate", hazardRate };
  }
}

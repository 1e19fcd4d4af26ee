import { AbiCoder, keccak256 } from "ethers";

/** How the expected payment of a cover is found, as in `ModelKind` of contracts/types/Premium.sol. */
export const ModelKind = { HazardRate: 0, CashOrNothingPut: 1, PutSpread: 2, OneTouch: 3 } as const;

/** A premium model: see `ModelTerms` of contracts/types/Premium.sol. */
export interface ModelTerms {
  readonly kind: number;
  readonly feed: number;
  readonly isBelow: boolean;
  /** WAD per year. */
  readonly hazardRate: bigint;
  /** Annual, WAD. */
  readonly volatilityFloor: bigint;
  /** WAD. */
  readonly level: bigint;
  /** WAD. */
  readonly lowerLevel: bigint;
}

const TERMS = "tuple(uint8, uint8, bool, uint64, uint64, uint112, uint112)";

/** Terms of a hazard rate: the expected loss a year, WAD. */
export function hazardModel(hazardRate: bigint): ModelTerms {
  return {
    kind: ModelKind.HazardRate,
    feed: 0,
    isBelow: false,
    hazardRate,
    volatilityFloor: 0n,
    level: 0n,
    lowerLevel: 0n,
  };
}

/** The id that `PremiumModel.defineModel` gives to these terms. */
export function modelIdOf(terms: ModelTerms): string {
  const { kind, feed, isBelow, hazardRate, volatilityFloor, level, lowerLevel } = terms;
  const words = [kind, feed, isBelow, hazardRate, volatilityFloor, level, lowerLevel];
  return keccak256(AbiCoder.defaultAbiCoder().encode([TERMS], [words]));
}

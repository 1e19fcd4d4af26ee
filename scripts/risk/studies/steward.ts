import type { ClassTerms } from "../../../deploy/modules/defaults.ts";

/** Fields of `ClassParameters` in their order, and whether less is safer. */
export const FIELDS = [
  "maintenanceFloor",
  "maintenanceCap",
  "deviations",
  "shortfallFloor",
  "resourceShare",
  "basePenalty",
  "chargedShare",
  "loading",
] as const satisfies readonly (keyof ClassTerms)[];
export type Field = (typeof FIELDS)[number];

/** What the steward's key may write at its appointment: `Steward.rangeOf` within the bounds of `RiskParameters` (RSK-02). */
export interface Mandate {
  readonly low: Readonly<Record<Field, number>>;
  readonly high: Readonly<Record<Field, number>>;
}

const ALL = 10_000;
/** Basis points of what a field was at the appointment; the field of which less is safer has its own. */
const BOUNDS = { low: 9_000, high: 15_000, lowShare: 6_667, highShare: 11_000 } as const;
/** What any governance may ask for at most. */
const HIGHEST: Readonly<Record<Field, number>> = {
  maintenanceFloor: 25_000,
  maintenanceCap: 50_000,
  deviations: 800,
  shortfallFloor: 2_500,
  resourceShare: 10_000,
  basePenalty: 2_000,
  chargedShare: 10_000,
  loading: 30_000,
};

/** The mandate of a steward who was appointed at these terms. */
export function mandateOf(terms: ClassTerms): Mandate {
  const record = (of: (field: Field) => number) =>
    Object.fromEntries(FIELDS.map((field) => [field, of(field)])) as Record<Field, number>;
  const isShare = (field: Field) => field === "resourceShare";
  return {
    low: record((field) => Math.ceil((terms[field] * (isShare(field) ? BOUNDS.lowShare : BOUNDS.low)) / ALL)),
    high: record((field) =>
      Math.min(HIGHEST[field], Math.floor((terms[field] * (isShare(field) ? BOUNDS.highShare : BOUNDS.high)) / ALL)),
    ),
  };
}

/** What the steward may be asked to write, and why. */
export interface Proposal {
  readonly field: Field;
  readonly current: number;
  /** Within the mandate. */
  readonly proposed: number;
  /** What the evidence asks for, before the mandate cut it. */
  readonly wanted: number;
  readonly low: number;
  readonly high: number;
  readonly reason: string;
}

/**
 * A move toward safety, or nothing where the evidence asks for none: the other way is slow by design, and rule and ramp go it alone when
 * the market calms down.
 */
export function tighten(terms: ClassTerms, field: Field, wanted: number, reason: string): Proposal[] {
  const { high, low } = mandateOf(terms);
  const current = terms[field];
  const proposed = Math.round(Math.min(Math.max(wanted, low[field]), high[field]));
  const isSafer = field === "resourceShare" ? proposed < current : proposed > current;
  if (!isSafer) return [];
  return [{ field, current, proposed, wanted: Math.round(wanted), low: low[field], high: high[field], reason }];
}

/** The terms with everything proposed. */
export function withProposals(terms: ClassTerms, proposals: readonly Proposal[]): ClassTerms {
  return proposals.reduce((changed, { field, proposed }) => ({ ...changed, [field]: proposed }), terms);
}

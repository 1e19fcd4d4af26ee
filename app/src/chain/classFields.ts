// Parameters of a class of markets: how they are read, and the bounds that stand in the code.

/** A field of a class of markets (contracts/types/Risk.sol), its unit and what is safer. */
export interface ClassField {
  readonly key: string;
  readonly name: string;
  readonly one: bigint;
  readonly isPercent: boolean;
  /** Hard bounds in the contract, for class 0, 1 and 2 (contracts/risk/RiskParameters.sol). */
  readonly low: readonly [bigint, bigint, bigint];
  readonly high: bigint;
  readonly isLessSafer: boolean;
}

const RATE = 100_000n;
const BPS = 10_000n;
const same = (value: bigint): [bigint, bigint, bigint] => [value, value, value];
const growing = (value: bigint): [bigint, bigint, bigint] => [value, 2n * value, 4n * value];
const field = (
  key: string,
  name: string,
  rest: Omit<ClassField, "key" | "name" | "isLessSafer" | "isPercent">,
): ClassField => ({
  key,
  name,
  isLessSafer: false,
  isPercent: true,
  ...rest,
});

/** In the order of the contract. */
export const CLASS_FIELDS: readonly ClassField[] = [
  field("maintenanceFloor", "Maintenance margin, lowest target", {
    one: RATE,
    low: growing(RATE / 100n),
    high: RATE / 4n,
  }),
  field("maintenanceCap", "Maintenance margin, highest target", { one: RATE, low: same(RATE / 10n), high: RATE / 2n }),
  {
    ...field("deviations", "Standard deviations of an hour that margins cover", {
      one: 100n,
      low: same(300n),
      high: 800n,
    }),
    isPercent: false,
  },
  field("shortfallFloor", "Least expected shortfall, of the notional", { one: BPS, low: growing(50n), high: BPS / 4n }),
  {
    ...field("resourceShare", "Part of the fund that one market may rely on", { one: BPS, low: same(100n), high: BPS }),
    isLessSafer: true,
  },
  field("basePenalty", "Penalty in a calm market, of maintenance margin", { one: BPS, low: same(500n), high: 2_000n }),
  field("chargedShare", "Part of the expected gap that is charged", { one: BPS, low: same(100n), high: BPS }),
  field("loading", "Charged over expected", { one: BPS, low: same(BPS), high: 3n * BPS }),
];

export const CLASS_NAMES = ["major", "mid", "tail"] as const;

import { count, decimal, readable } from "./format.ts";
import type { Check } from "./invariants.ts";
import type { Summary, UnderwritingResult } from "./summary.ts";

/** Operations whose gas is worth a line, in this order; the rest is scenery. */
const OPERATIONS = [
  "bid, V > 0",
  "bid, V <= 0",
  "deleverage",
  "fill",
  "start",
  "refresh",
  "buyCollateral",
  "writeOff",
  "settle",
  "deposit capital",
  "buy cover",
  "complete cover",
  "open incident",
  "resolve incident",
  "sync cover",
  "redeem cover",
];
const LABEL_WIDTH = 58;
const VALUE_WIDTH = 20;
const NAME_WIDTH = 30;
const FIGURE_WIDTH = 14;
const PERCENT = 100n * 10n ** 18n;

/** What the table is made of. */
export interface TableInput {
  readonly summary: Summary;
  readonly checks: readonly Check[];
  /** Compiler profile that ran. */
  readonly profile: string;
  /** What the layers were given, and what was insured, as asked for. WAD. */
  readonly terms: {
    readonly fund: bigint;
    readonly backstop: bigint;
    readonly reinsurance: bigint;
    readonly cover: bigint;
  };
  readonly seed: number;
  /** Name of the price series, and where it comes from. */
  readonly source: string;
  readonly provenance: string;
}

/** The one readable table at the end. Money in units of the settlement asset. */
export function table(input: TableInput): string {
  const { summary, checks } = input;
  const { layers, audit } = summary;
  const paid = summary.fundPaid + layers.socialized;
  const share = (amount: bigint) => percent(amount, paid);
  const terms = Object.entries(input.terms).map(([name, amount]) => `${name} ${readable(amount)}`);
  const lines = [
    heading(`Replay of ${input.source}`, `seed ${input.seed}`),
    terms.join(", "),
    row("accounts", count(summary.accounts)),
    row("accounts liquidated", count(summary.liquidated)),
    row("bids", count(summary.bids)),
    row("deleveragings", count(summary.deleveragings)),
    row("fills of signed orders", count(summary.fills)),
    row("penalties to the fund", readable(summary.penalties, 2)),
    row("bad debt", readable(summary.badDebt, 2)),
    row("bidders' rewards", readable(summary.reward, 2)),
    "",
    heading("Who paid bad debt and rewards", ""),
    row("  fund reserve", readable(layers.reserve, 2), share(layers.reserve)),
    row("  backstop, junior tranche", readable(layers.junior, 2), share(layers.junior)),
    row("  backstop, senior tranche", readable(layers.senior, 2), share(layers.senior)),
    row("  reinsurance", readable(layers.reinsurance, 2), share(layers.reinsurance)),
    row("  holders (socialised loss)", readable(layers.socialized, 2), share(layers.socialized)),
    row("  all", readable(paid, 2)),
    row("deleveraged base, ETH", readable(summary.deleveraged, 3)),
    row("winners' profit", readable(summary.profit, 2)),
    row("winners' profit paid (1)", `${readable(summary.winnersPaid, 3)} %`),
    "",
    ...coverLines(summary),
    ...underwriterLines(summary),
    heading(`Gas, ${input.profile} build`, "average", "highest", "count"),
    ...OPERATIONS.flatMap((operation) => {
      const gas = summary.gas.get(operation);
      return gas ? [row(`  ${operation}`, count(gas.average), count(gas.max), count(gas.count))] : [];
    }),
    "",
    heading("Books", ""),
    row("  conservation difference (2)", decimal(audit.difference)),
    row("  dust bound (2)", decimal(audit.bound)),
    ...checks.map(({ id, name, holds, detail, count: times }) =>
      holds ? row(`  ${id} ${name}`, "holds", `${times} x`) : `  ${id} ${name}: BROKEN (${detail})`,
    ),
    "",
    "(1) Sum of winners' profits over the sum of what they would have been without socialised losses, traders only.",
    "(2) Settlement tokens in the house less cash + positions + fees + fund account - unallocated loss, all accounts.",
    "    The bound adds up what each touch, charge and deleveraging may round away; within it the difference is 0.",
    ...(summary.holders === 0
      ? []
      : [
          "(3) A token pays what a unit of base was charged, up to its limit, whatever base its holder still had by then.",
        ]),
  ];
  return lines.join("\n");
}

/** Nothing when no cover was asked for. */
function coverLines(summary: Summary): string[] {
  if (summary.holders === 0) return [];
  const { coverPaid, holdersBorne, premiums, coverSold, limitPerUnit, chargedPerUnit } = summary;
  return [
    heading("Cover against socialised loss on shorts", ""),
    row("  sold, sum insured", readable(coverSold, 2)),
    row("  premium", readable(premiums, 2), percent(premiums, coverSold)),
    row("  most that a token pays", readable(limitPerUnit, 2)),
    row("  charged per unit of short base", readable(chargedPerUnit, 2)),
    row("  holders", count(summary.holders)),
    row("  charged to their accounts (3)", readable(holdersBorne, 2)),
    row("  paid to them", readable(coverPaid, 2), percent(coverPaid, holdersBorne)),
    "",
  ];
}

/** Nothing when no underwriter came. */
function underwriterLines({ tranches, underwriters, standingPremiums }: Summary): string[] {
  if (tranches.length === 0) return [];
  return [
    rule(figures("Underwriters", ["deposited", "earned", "lost", "value now", "result"])),
    ...tranches.map((result) => resultLine(`  ${result.vault}, ${result.tranche}`, result)),
    resultLine("  all", underwriters),
    row("  premium paid for standing capital, earned until the term ends", readable(standingPremiums, 2)),
    "",
  ];
}

function resultLine(label: string, { deposited, earned, lost, value }: UnderwritingResult): string {
  const money = [deposited, earned, lost, value].map((each) => readable(each, 2));
  return figures(label, [...money, percent(value - deposited, deposited, 2)]);
}

function figures(label: string, cells: readonly string[]): string {
  return label.padEnd(NAME_WIDTH) + cells.map((cell) => ` ${cell}`.padStart(FIGURE_WIDTH)).join("");
}

/** A part of a whole; empty when there is no whole. */
function percent(part: bigint, whole: bigint, digits = 1): string {
  return whole === 0n ? "" : `${readable((part * PERCENT) / whole, digits)} %`;
}

function heading(text: string, ...cells: readonly string[]): string {
  return rule(row(text, ...cells));
}

function rule(line: string): string {
  return `${line}\n${"-".repeat(LABEL_WIDTH + VALUE_WIDTH + 22)}`;
}

function row(label: string, ...cells: readonly string[]): string {
  const [value = "", ...more] = cells;
  const room = Math.max(LABEL_WIDTH + VALUE_WIDTH - label.length, value.length + 1);
  return `${label}${value.padStart(room)}${more.map((cell) => cell.padStart(11)).join("")}`.trimEnd();
}

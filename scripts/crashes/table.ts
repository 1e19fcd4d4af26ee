import { RATIO_ONE } from "../../sdk/math/constants.ts";
import { readable } from "../replay/format.ts";
import { CALM, drainOf, ratio, spans, yearsToPay } from "./carry.ts";
import type { Span } from "./carry.ts";
import type { Range } from "./meter.ts";
import type { CrashResult } from "./run.ts";

/** Cells of a row by column, in the order in which they are printed. */
type Row = Readonly<Record<string, string>>;

/** Everything that the command says, in Markdown. Money in whole units of the settlement asset. */
export function report(results: readonly CrashResult[]): string {
  return [
    "## What came in, who paid\n",
    markdown(results.map(flows)),
    "\nBad debt holds bidders' rewards too; the reserve pays them. `control off` is the same crash with risk control unlinked: gap premium",
    "0, mmr, cap and penalty as listed. Ratio: resources over target (FND-03), hourly; what draw budgets do not allow is no resource.\n",
    "## What carries a gap\n",
    markdown(results.map(carriers)),
    `\nOf bad debt and rewards. Calm years: how long the plain gap premium of a calm market (volatility ${percent(CALM[0])} a year, in brackets`,
    `${percent(CALM[1])}) must have come in before, on the same open interest, to pay what penalties, fees and cover do not.\n`,
    ...[true, false].flatMap((linked) =>
      spans(results.filter((result) => result.linked === linked)).map((span) => sentence(span, linked)),
    ),
  ].join("\n");
}

function flows(result: CrashResult): Row {
  const { inflow, layers } = result;
  return {
    crash: result.crash,
    class: result.marketClass,
    fall: `${result.fall.toFixed(1)} %`,
    control: result.linked ? "on" : "off",
    "open interest": readable(result.openInterest),
    liquidated: `${result.liquidated} of ${result.accounts}`,
    penalties: readable(inflow.penalties),
    "gap premium": readable(inflow.gapPremium),
    fees: readable(inflow.fees),
    cover: readable(inflow.cover),
    "bad debt": readable(result.badDebt + result.reward),
    reserve: readable(layers.reserve),
    junior: readable(layers.junior),
    senior: readable(layers.senior),
    reinsurance: readable(layers.reinsurance),
    socialised: readable(layers.socialized),
    "ratio start / low / end": ratios(result.ratio),
  };
}

function carriers(result: CrashResult): Row {
  const { inflow } = result;
  const lost = result.badDebt + result.reward;
  const share = (part: bigint) => (lost === 0n ? "-" : `${(100 * ratio(part, lost)).toFixed(1)} %`);
  const years = yearsToPay(result);
  return {
    crash: result.crash,
    control: result.linked ? "on" : "off",
    "bad debt, of open interest": `${(100 * ratio(lost, result.openInterest)).toFixed(2)} %`,
    penalties: share(inflow.penalties),
    "fees and cover": share(inflow.fees + inflow.cover),
    "gap premium": share(inflow.gapPremium),
    "left for what was there before": readable(drainOf(result) - inflow.gapPremium),
    "calm years": years === undefined ? "0" : `${years[0]?.toFixed(1) ?? ""} (${years[1]?.toFixed(1) ?? ""})`,
  };
}

function sentence({ asset, crashes, years, drained, within, calm }: Span, linked: boolean): string {
  const all = (part: number) => `${(100 * part).toFixed(2)} %`;
  const [low = 0, high = 0] = calm;
  return (
    `${asset}, control ${linked ? "on" : "off"}: ${crashes} crashes in ${years.toFixed(1)} years took ${all(drained)} of open interest beyond ` +
    `penalties, fees and cover, on balance. The gap premium brought ${all(within)} within them; a calm market brings ${all(low)} ` +
    `(${all(high)}) in that time.`
  );
}

function ratios({ start, lowest, end }: Range): string {
  return [start, lowest, end].map((each) => (Number(each) / Number(RATIO_ONE)).toFixed(2)).join(" / ");
}

function percent(volatility: bigint): string {
  return `${(Number(volatility) / 1e16).toFixed(0)}%`;
}

/** A table whose columns are as wide as their widest cell. */
export function markdown(rows: readonly Row[]): string {
  const columns = Object.keys(rows[0] ?? {});
  const widths = columns.map((column) => Math.max(3, column.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, index) => (index === 0 ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0))).join(" | ")} |`;
  const rule = widths.map((width, index) => (index === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  return [
    line(columns),
    `| ${rule.join(" | ")} |`,
    ...rows.map((row) => line(columns.map((column) => row[column] ?? ""))),
  ].join("\n");
}

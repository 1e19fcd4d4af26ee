import { VAULTS } from "./local.ts";
import type { VaultName } from "./local.ts";
import { BANDS } from "./history.ts";
import type { Band, Frame } from "./history.ts";
import { moment, readable, toNumber } from "./format.ts";
import { escapeText, figure } from "./plot.ts";
import type { Trace } from "./plot.ts";
import { STYLE } from "./style.ts";
import { table } from "./table.ts";
import type { TableInput } from "./table.ts";

const BAND_NAMES: Readonly<Record<Band, string>> = {
  insolvent: "owes (V < 0)",
  liquidatable: "below maintenance margin",
  thin: "1 to 2 times maintenance margin",
  fair: "2 to 5 times",
  ample: "more than 5 times",
  flat: "no position",
};

const LAYER_NAMES = {
  reserve: "fund reserve",
  junior: "junior tranche",
  senior: "senior tranche",
  reinsurance: "reinsurance",
  socialized: "holders (socialised)",
} as const;
const VAULT_NAMES: Readonly<Record<VaultName, string>> = {
  backstop: "coverage vault (backstop and cover)",
  reinsurance: "reinsurance vault",
};
const LAYERS = ["reserve", "junior", "senior", "reinsurance", "socialized"] as const;

/** The report as one HTML file. */
export function report(input: TableInput & { readonly frames: readonly Frame[] }): string {
  const { frames, summary, checks } = input;
  const broken = checks.filter(({ holds }) => !holds);
  const first = frames[0]?.time ?? 0;
  const last = frames.at(-1)?.time ?? 0;
  const facts = [
    ["accounts liquidated", `${summary.liquidated} of ${summary.accounts}`],
    ["bad debt", readable(summary.badDebt)],
    ["paid by fund and vaults", readable(summary.fundPaid)],
    ["socialised", readable(summary.layers.socialized)],
    ["paid to holders of cover", readable(summary.coverPaid)],
    ["winners' profit paid", `${readable(summary.winnersPaid, 2)} %`],
    ["invariants", broken.length === 0 ? `all ${checks.length} hold` : `${broken.length} broken`],
  ] as const;
  const figures = [
    figure({
      ...over(frames),
      title: "Price of ETH",
      unit: "units of the settlement asset",
      ...lines(false),
      traces: [{ name: "consensus price", style: "main", values: frames.map(({ price }) => toNumber(price)) }],
    }),
    figure({
      ...over(frames),
      title: "Health of the accounts",
      unit: "number of accounts",
      ...stack(),
      traces: bands(frames),
    }),
    figure({
      ...over(frames),
      title: "Fund reserve",
      unit: "units of the settlement asset",
      ...lines(true),
      traces: [
        {
          name: "reserve that is not segregated for draws",
          style: "main",
          values: frames.map(({ reserve }) => toNumber(reserve)),
        },
      ],
    }),
    figure({
      ...over(frames),
      title: "Losses and rewards by who paid, running total",
      unit: "units of the settlement asset",
      ...stack(),
      traces: layers(frames),
    }),
    ...underwritten(frames),
    figure({
      ...over(frames),
      title: "Open interest",
      unit: "ETH a side",
      ...lines(true),
      traces: [
        { name: "base of each side", style: "main", values: frames.map(({ openInterest }) => toNumber(openInterest)) },
      ],
    }),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Bulwark: replay of a crash</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Replay of a crash</h1>
<p class="lead">${escapeText(input.source)}; ${moment(first)} to ${moment(last)} UTC; seed ${input.seed}.</p>
<p>Funded accounts hold leveraged positions on an embedded chain while the feeds walk through the recorded prices, four moves a bar. Keepers
bid for accounts below maintenance margin as far as their capital goes. What accounts owe beyond what they have is paid by the fund's
reserve, then by underwriters (junior, senior, reinsurance), then by the holders who gained, who may have bought cover against that; what
nobody takes over is closed against the other side.</p>
<ul class="facts">${facts.map(([name, value]) => `<li>${escapeText(name)}<b>${escapeText(value)}</b></li>`).join("")}</ul>
${figures.join("\n")}
<h2>All figures</h2>
<pre>${escapeText(table(input))}</pre>
<footer>Prices: ${escapeText(input.provenance)}</footer>
</body>
</html>
`;
}

const over = (frames: readonly Frame[]) => ({ times: frames.map(({ time }) => time) });
const lines = (fromZero: boolean) => ({ isStacked: false, fromZero });
const stack = () => ({ isStacked: true, fromZero: true });

function bands(frames: readonly Frame[]): Trace[] {
  const styles = ["a", "b", "c", "d", "e", "f"];
  return BANDS.map((band, index) => ({
    name: BAND_NAMES[band],
    style: styles[index] ?? "f",
    values: frames.map((frame) => frame.bands[band]),
  }));
}

/** Nothing to draw when no underwriter came. */
function underwritten(frames: readonly Frame[]): string[] {
  const used = VAULTS.filter((name) => frames.at(-1)?.vaults[name] !== undefined);
  if (used.length === 0) return [];
  const traces = used.map((name) => ({
    name: VAULT_NAMES[name],
    style: name === "backstop" ? "d" : "b",
    values: frames.map(({ vaults }) => toNumber(vaults[name] ?? 0n)),
  }));
  const plot = { title: "Underwriters' capital, both tranches", unit: "units of the settlement asset", traces };
  return [figure({ ...over(frames), ...plot, ...lines(true) })];
}

/** Layers that paid nothing in a run are left out of the drawing; the table names them all. */
function layers(frames: readonly Frame[]): Trace[] {
  const styles = ["e", "d", "c", "f", "a"];
  const last = frames.at(-1);
  return LAYERS.map((layer, index) => ({
    name: LAYER_NAMES[layer],
    style: styles[index] ?? "f",
    values: frames.map((frame) => toNumber(frame.layers[layer])),
    isUsed: (last?.layers[layer] ?? 0n) > 0n,
  })).filter(({ isUsed }) => isUsed);
}

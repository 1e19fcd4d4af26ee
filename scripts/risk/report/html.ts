import { escapeText } from "../../replay/plot.ts";
import { STYLE } from "../../replay/style.ts";
import { percent } from "../studies/proposals.ts";
import { exceedanceAt } from "../studies/simulation.ts";
import type { Study } from "../studies/study.ts";
import { bars, chart } from "./charts.ts";
import { headline, sectionsOf } from "./text.ts";
import type { Row } from "./text.ts";

const STYLES = ["main", "a", "b", "d"] as const;
const TABLE_STYLE = `
.wide { overflow-x: auto; } table { border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums; }
th, td { padding: 4px 10px 4px 0; text-align: left; border-bottom: 1px solid var(--grid); vertical-align: top; } th { font-weight: 600; }
`;

/** The report as one file that opens without a network: plots first, then every table. */
export function toHtml(study: Study): string {
  const sections = sectionsOf(study).map(
    ({ note, rows, title }) =>
      `<h2>${escapeText(title)}</h2>\n<div class="wide">${tableOf(rows)}</div>\n<p>${escapeText(note)}</p>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Bulwark: stress</title>
<style>${STYLE}${TABLE_STYLE}</style>
</head>
<body>
<h1>What the fund may lose</h1>
<p class="lead">${escapeText(headline(study))}</p>
<p>Hourly price paths through the mathematics of the contracts: margins, auctions, the fund's layers, socialised loss, gap premium. Method,
formulas and limits stand in docs/risk-engine.md.</p>
${plotsOf(study).join("\n")}
${sections.join("\n")}
<footer>Prices: ${escapeText(study.source)}, ${study.hoursRecorded} hours.</footer>
</body>
</html>
`;
}

function plotsOf(study: Study): string[] {
  return [exceedance(study), pressure(study), windows(study), sensitivity(study)];
}

/** How probable it is that a path costs more. */
function exceedance({ simulations, target }: Study): string {
  const curves = simulations.map(({ curve, model, paths }, index) => ({
    name: model,
    style: STYLES[index % STYLES.length] ?? "f",
    points: curve.map((loss, at) => [loss, exceedanceAt(at, paths)] as const).filter(([loss]) => loss > 0),
  }));
  const probabilities = curves.flatMap(({ points }) => points.map(([, probability]) => probability));
  if (probabilities.length === 0) return "<p>No path lost anything.</p>";
  const bound = {
    name: "FND-03's target",
    style: "f",
    points: [Math.min(...probabilities), 1].map((at) => [target, at] as const),
  };
  return chart({
    title: "Loss of all layers on a path",
    x: { title: "units of the settlement asset", isLog: true, write: (value) => value.toLocaleString("en-US") },
    y: { title: "part of the paths that lose more", isLog: true, write: (value) => value.toPrecision(1) },
    curves: [...curves, bound],
  });
}

function pressure({ map }: Study): string {
  const curve = (name: "longs" | "shorts", style: string) => ({
    name,
    style,
    points: map.map((point) => [point.move, point[name]] as const),
  });
  return chart({
    title: "How far accounts are from liquidation",
    x: { title: "move of the price at once", write: (value) => percent(value, 0) },
    y: { title: "part of the side's open interest below maintenance margin", write: (value) => percent(value, 0) },
    curves: [curve("longs", "a"), curve("shorts", "main")],
  });
}

function windows(study: Study): string {
  const rows = study.windows.map(({ crash, loss, target }) => ({
    name: crash,
    values: [
      { label: "target before", style: "main", value: target },
      { label: "lost", style: "a", value: loss },
    ],
  }));
  return bars("Recorded crashes", "part of open interest", rows, (value) => percent(value));
}

function sensitivity({ sensitivities }: Study): string {
  const names = [...new Set(sensitivities.filter(({ change }) => change !== 0).map(({ name }) => name))];
  const rows = names.map((name) => ({
    name,
    values: sensitivities
      .filter((each) => each.name === name)
      .map(({ change, difference }) => ({
        label: change < 0 ? "a quarter less" : "a quarter more",
        style: change < 0 ? "d" : "b",
        value: difference,
      })),
  }));
  return bars("What expected shortfall (99%) depends on", "change, part of the reserve", rows, (value) =>
    percent(value),
  );
}

function tableOf(rows: readonly Row[]): string {
  const columns = Object.keys(rows[0] ?? {});
  const cells = (row: Row) => columns.map((column) => `<td>${escapeText(row[column] ?? "")}</td>`).join("");
  const head = columns.map((column) => `<th>${escapeText(column)}</th>`).join("");
  return `<table><thead><tr>${head}</tr></thead><tbody>${rows.map((row) => `<tr>${cells(row)}</tr>`).join("")}</tbody></table>`;
}

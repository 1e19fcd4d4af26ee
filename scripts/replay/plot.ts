import { moment } from "./format.ts";

/** A line or band to draw; `style` names one of the report's colours. */
export interface Trace {
  readonly name: string;
  readonly style: string;
  readonly values: readonly number[];
}

/** A plot over time. */
export interface Plot {
  readonly title: string;
  readonly unit: string;
  /** Seconds since 1970, one for each value. */
  readonly times: readonly number[];
  readonly traces: readonly Trace[];
  /** Bands on top of each other instead of lines. */
  readonly isStacked: boolean;
  /** Whether the axis starts at zero. */
  readonly fromZero: boolean;
}

const SIZE = { width: 900, height: 280 };
const MARGIN = { left: 76, right: 16, top: 12, bottom: 30 };
const VALUE_TICKS = 5;
const TIME_TICKS = 8;

/** A figure with an inline SVG and a legend. */
export function figure(plot: Plot): string {
  const layers = plot.isStacked
    ? stacked(plot.traces)
    : plot.traces.map(({ values }) => ({ low: values, high: values }));
  const all = layers.flatMap(({ high }) => high);
  const low = plot.fromZero ? 0 : Math.min(...all);
  const ticks = niceTicks(low, Math.max(...all, low));
  const [bottom = 0] = ticks;
  const top = ticks.at(-1) ?? 1;
  const first = plot.times[0] ?? 0;
  const last = plot.times.at(-1) ?? 1;
  const x = (time: number) => span(time, [first, last], [MARGIN.left, SIZE.width - MARGIN.right]);
  const y = (value: number) => span(value, [bottom, top], [SIZE.height - MARGIN.bottom, MARGIN.top]);

  const shapes = plot.traces.map(({ name, style }, index) => {
    const layer = layers[index] ?? { low: [], high: [] };
    const upper = layer.high.map((value, at) => `${round(x(plot.times[at] ?? first))},${round(y(value))}`);
    const title = `<title>${escapeText(name)}</title>`;
    if (!plot.isStacked) return `<polyline class="line ${style}" points="${upper.join(" ")}">${title}</polyline>`;
    const lower = layer.low.map((value, at) => `${round(x(plot.times[at] ?? first))},${round(y(value))}`).reverse();
    return `<polygon class="band ${style}" points="${[...upper, ...lower].join(" ")}">${title}</polygon>`;
  });
  const legend = plot.traces.map(({ name, style }) => `<li><i class="${style}"></i>${escapeText(name)}</li>`);
  return `<figure>
<figcaption>${escapeText(plot.title)} <small>${escapeText(plot.unit)}</small></figcaption>
<svg viewBox="0 0 ${SIZE.width} ${SIZE.height}" role="img" aria-label="${escapeText(`${plot.title}, ${plot.unit}, over time`)}">
${ticks.map((tick) => valueTick(tick, y(tick))).join("\n")}
${timeTicks(first, last)
  .map((time) => timeTick(time, x(time)))
  .join("\n")}
${shapes.join("\n")}
</svg>
<ul class="legend">${legend.join("")}</ul>
</figure>`;
}

/** Text that stands in HTML. */
export function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/** Each trace's band on top of the ones before it. */
function stacked(traces: readonly Trace[]): { low: number[]; high: number[] }[] {
  let floor: number[] = (traces[0]?.values ?? []).map(() => 0);
  return traces.map(({ values }) => {
    const low = floor;
    floor = low.map((value, index) => value + (values[index] ?? 0));
    return { low, high: floor };
  });
}

/** Round values from below `low` to above `high`. */
export function niceTicks(low: number, high: number): number[] {
  const range = high - low || Math.abs(high) || 1;
  const rough = range / VALUE_TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const start = Math.floor(low / step);
  const end = Math.max(Math.ceil(high / step), start + 1);
  return Array.from({ length: end - start + 1 }, (_, index) => (start + index) * step);
}

/** Whole hours, or what divides the path into about eight. */
function timeTicks(first: number, last: number): number[] {
  const steps = [60, 300, 900, 3_600, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800];
  const step = steps.find((each) => (last - first) / each <= TIME_TICKS) ?? 2_592_000;
  const start = Math.ceil(first / step) * step;
  return Array.from({ length: Math.floor((last - start) / step) + 1 }, (_, index) => start + index * step);
}

function valueTick(value: number, at: number): string {
  const label = Math.abs(value) >= 1_000 ? value.toLocaleString("en-US") : String(Number(value.toPrecision(6)));
  return `<line class="grid" x1="${MARGIN.left}" x2="${SIZE.width - MARGIN.right}" y1="${round(at)}" y2="${round(at)}"/>
<text class="value" x="${MARGIN.left - 8}" y="${round(at + 4)}">${label}</text>`;
}

function timeTick(time: number, at: number): string {
  const [day = "", month = "", , clock = ""] = moment(time).split(" ");
  const label = clock === "00:00" ? `${day} ${month}` : clock;
  return `<text class="time" x="${round(at)}" y="${SIZE.height - 8}">${label}</text>`;
}

function span(value: number, from: readonly [number, number], to: readonly [number, number]): number {
  const width = from[1] - from[0] || 1;
  return to[0] + ((value - from[0]) / width) * (to[1] - to[0]);
}

const round = (value: number) => Math.round(value * 10) / 10;

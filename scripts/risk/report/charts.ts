import { escapeText } from "../../replay/plot.ts";

/** A line to draw; `style` names one of the report's colours. */
export interface Curve {
  readonly name: string;
  readonly style: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** How the figures of an axis are spread and written. */
export interface Axis {
  readonly title: string;
  readonly isLog?: boolean;
  readonly write: (value: number) => string;
}

export interface Chart {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly curves: readonly Curve[];
}

/** A bar that goes from one value to another. */
export interface Bar {
  readonly name: string;
  readonly values: readonly { readonly label: string; readonly style: string; readonly value: number }[];
}

const SIZE = { width: 900, height: 300 };
const MARGIN = { left: 84, right: 16, top: 12, bottom: 44 };
const TICKS = 5;
const BAR_HEIGHT = 12;
const BAR_GAP = 10;
const NAME_WIDTH = 190;

/** Curves over an axis that is no time. */
export function chart({ curves, title, x, y }: Chart): string {
  const all = curves.flatMap(({ points }) => points);
  const across = scaleOf(
    x,
    all.map(([at]) => at),
    MARGIN.left,
    SIZE.width - MARGIN.right,
  );
  const up = scaleOf(
    y,
    all.map(([, at]) => at),
    SIZE.height - MARGIN.bottom,
    MARGIN.top,
  );
  const lines = curves.map(({ name, points, style }) => {
    const places = points.map(([at, value]) => `${round(across.place(at))},${round(up.place(value))}`);
    return `<polyline class="line ${style}" points="${places.join(" ")}"><title>${escapeText(name)}</title></polyline>`;
  });
  const base = SIZE.height - MARGIN.bottom;
  const grid = [
    ...up.ticks.map((tick) => {
      const at = round(up.place(tick));
      const line = `<line class="grid" x1="${MARGIN.left}" x2="${SIZE.width - MARGIN.right}" y1="${at}" y2="${at}"/>`;
      return `${line}<text class="value" x="${MARGIN.left - 8}" y="${at + 4}">${escapeText(y.write(tick))}</text>`;
    }),
    ...across.ticks.map((tick) => {
      const at = round(across.place(tick));
      return `<text class="time" x="${at}" y="${base + 18}">${escapeText(x.write(tick))}</text>`;
    }),
    `<text class="time" x="${(MARGIN.left + SIZE.width - MARGIN.right) / 2}" y="${SIZE.height - 6}">${escapeText(x.title)}</text>`,
  ];
  const legend = curves.map(({ name, style }) => `<li><i class="${style}"></i>${escapeText(name)}</li>`);
  const drawn = `<svg viewBox="0 0 ${SIZE.width} ${SIZE.height}" role="img" aria-label="${escapeText(`${title}, ${y.title}`)}">`;
  return frame(title, y.title, `${drawn}\n${[...grid, ...lines].join("\n")}\n</svg>`, legend);
}

/** Bars beside each other, from 0 to the right or to the left. */
export function bars(title: string, unit: string, rows: readonly Bar[], write: (value: number) => string): string {
  const values = rows.flatMap((row) => row.values.map(({ value }) => value));
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  const width = SIZE.width - NAME_WIDTH - 90;
  const place = (value: number) => NAME_WIDTH + 10 + (high === low ? 0 : ((value - low) / (high - low)) * width);
  let top = 4;
  const shapes = rows.flatMap(({ name, values: parts }) => {
    const middle = top + (parts.length * BAR_HEIGHT) / 2 + 4;
    const label = `<text class="value" x="${NAME_WIDTH}" y="${middle}">${escapeText(name)}</text>`;
    const drawn = parts.map(({ label: note, style, value }) => {
      const [from, to] = [place(Math.min(0, value)), place(Math.max(0, value))];
      const shape = `<rect class="band ${style}" x="${round(from)}" y="${top}" width="${round(Math.max(1, to - from))}" height="${BAR_HEIGHT - 2}"><title>${escapeText(`${name}, ${note}: ${write(value)}`)}</title></rect>`;
      const text = `<text x="${round(to + 6)}" y="${top + BAR_HEIGHT - 3}">${escapeText(write(value))}</text>`;
      top += BAR_HEIGHT;
      return shape + text;
    });
    top += BAR_GAP;
    return [label, ...drawn];
  });
  const styles = new Map(rows.flatMap((row) => row.values.map(({ label, style }) => [style, label] as const)));
  const legend = [...styles].map(([style, label]) => `<li><i class="${style}"></i>${escapeText(label)}</li>`);
  const drawn = `<svg viewBox="0 0 ${SIZE.width} ${top}" role="img" aria-label="${escapeText(`${title}, ${unit}`)}">`;
  return frame(title, unit, `${drawn}\n${shapes.join("\n")}\n</svg>`, legend);
}

function frame(title: string, unit: string, drawing: string, legend: readonly string[]): string {
  const caption = `<figcaption>${escapeText(title)} <small>${escapeText(unit)}</small></figcaption>`;
  return `<figure>\n${caption}\n${drawing}\n<ul class="legend">${legend.join("")}</ul>\n</figure>`;
}

/** Where a value stands, and which values are written beside the axis. */
function scaleOf(axis: Axis, values: readonly number[], from: number, to: number) {
  const usable = values.filter((value) => Number.isFinite(value) && (!axis.isLog || value > 0));
  const bend = (value: number) => (axis.isLog ? Math.log10(Math.max(value, Number.MIN_VALUE)) : value);
  const [low, high] = [bend(Math.min(...usable)), bend(Math.max(...usable))];
  const span = high > low ? high - low : 1;
  const place = (value: number) => from + ((bend(value) - low) / span) * (to - from);
  const ticks = axis.isLog ? decades(low, high) : evenly(low, low + span);
  return { place, ticks };
}

function decades(low: number, high: number): number[] {
  const first = Math.ceil(low - 1e-9);
  return Array.from({ length: Math.max(1, Math.floor(high + 1e-9) - first + 1) }, (_, index) => 10 ** (first + index));
}

function evenly(low: number, high: number): number[] {
  const rough = (high - low) / TICKS;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * unit).find((each) => each >= rough) ?? rough;
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, index) => (first + index) * step);
}

const round = (value: number): number => Math.round(value * 10) / 10;

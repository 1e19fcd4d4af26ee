// Lines over time or over a price: own SVG, nothing to load. What it shows stands beside it as numbers, too.
import { useId, useState } from "react";

import { useWidth } from "../hooks/width.ts";
import { compact } from "../chain/format.ts";

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Line {
  readonly name: string;
  readonly points: readonly Point[];
  /** Which of the page's colours. */
  readonly tone: "first" | "second" | "loss";
  /** A value holds until the next one. */
  readonly isStep?: boolean;
  readonly isDashed?: boolean;
}

export interface ChartProps {
  /** What is seen, in a sentence. */
  readonly title: string;
  readonly lines: readonly Line[];
  readonly formatX: (x: number) => string;
  readonly formatY?: (y: number) => string;
  /** A place on the x axis with a name. */
  readonly mark?: { readonly x: number; readonly name: string } | undefined;
  /** Where the y axis begins, when not with the smallest value. */
  readonly from?: number;
  readonly xName?: string;
}

const HEIGHT = 180;
const EDGE = { left: 52, right: 14, top: 14, bottom: 26 };

export function LineChart({ title, lines, formatX, formatY = compact, mark, from, xName }: ChartProps) {
  const id = useId();
  const [at, setAt] = useState<number>();
  const [box, width] = useWidth(480);
  const all = lines.flatMap(({ points }) => points);
  if (all.length === 0) return null;
  const scale = scaleOf(all, from, width);
  const pointer = at === undefined ? undefined : scale.fromX(at);
  return (
    <figure className="chart" ref={box}>
      <svg
        viewBox={`0 0 ${width} ${HEIGHT}`}
        role="img"
        aria-labelledby={id}
        onPointerMove={(event) => {
          const { left, width: shown } = event.currentTarget.getBoundingClientRect();
          setAt(((event.clientX - left) / shown) * width);
        }}
        onPointerLeave={() => setAt(undefined)}
      >
        <title id={id}>{title}</title>
        {scale.ticksY.map((y) => (
          <g key={y}>
            <line className="grid" x1={EDGE.left} x2={width - EDGE.right} y1={scale.y(y)} y2={scale.y(y)} />
            <text className="tick" x={EDGE.left - 6} y={scale.y(y) + 4} textAnchor="end">
              {formatY(y)}
            </text>
          </g>
        ))}
        {scale.ticksX.map((x, index) => (
          <text key={x} className="tick" x={scale.x(x)} y={HEIGHT - 8} textAnchor={anchor(index, scale.ticksX.length)}>
            {formatX(x)}
          </text>
        ))}
        {mark !== undefined && (
          <g>
            <line className="mark" x1={scale.x(mark.x)} x2={scale.x(mark.x)} y1={EDGE.top} y2={HEIGHT - EDGE.bottom} />
            <text className="tick strong" x={scale.x(mark.x) + 4} y={EDGE.top + 8}>
              {mark.name}
            </text>
          </g>
        )}
        {lines.map((line) => (
          <path
            key={line.name}
            className={`line ${line.tone}${line.isDashed === true ? " dashed" : ""}`}
            d={pathOf(line, scale)}
          />
        ))}
        {pointer !== undefined && <line className="pointer" x1={at} x2={at} y1={EDGE.top} y2={HEIGHT - EDGE.bottom} />}
      </svg>
      <figcaption>
        {lines.map((line) => (
          <span key={line.name} className={`key ${line.tone}`}>
            {line.name}
            {pointer !== undefined && <b className="number"> {formatY(valueAt(line, pointer))}</b>}
          </span>
        ))}
        <span className="key-x">{pointer === undefined ? (xName ?? "") : formatX(pointer)}</span>
      </figcaption>
    </figure>
  );
}

interface Scale {
  readonly x: (x: number) => number;
  readonly y: (y: number) => number;
  readonly fromX: (at: number) => number;
  readonly ticksX: readonly number[];
  readonly ticksY: readonly number[];
}

function scaleOf(points: readonly Point[], from: number | undefined, whole: number): Scale {
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const lowest = Math.min(...ys, from ?? Number.POSITIVE_INFINITY);
  const [low, high] = roomFor(lowest, Math.max(...ys));
  const width = Math.max(right - left, 1e-9);
  const [innerWidth, innerHeight] = [whole - EDGE.left - EDGE.right, HEIGHT - EDGE.top - EDGE.bottom];
  const ticksY = ticks(low, high, 4);
  const [bottom, top] = [ticksY[0] ?? low, ticksY.at(-1) ?? high];
  return {
    x: (x) => EDGE.left + ((x - left) / width) * innerWidth,
    y: (y) => EDGE.top + innerHeight - ((y - bottom) / (top - bottom)) * innerHeight,
    fromX: (at) => Math.min(right, Math.max(left, left + ((at - EDGE.left) / innerWidth) * width)),
    ticksX: right === left ? [left] : [left, (left + right) / 2, right],
    ticksY,
  };
}

/** A flat line stands in the middle. */
function roomFor(low: number, high: number): [number, number] {
  if (high > low) return [low, high];
  const size = Math.max(Math.abs(high) * 0.1, 1e-6);
  return [low - size, high + size];
}

/** Round values that hold the range between them. */
function ticks(low: number, high: number, count: number): number[] {
  const raw = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 2.5, 5, 10].find((one) => one * power >= raw) ?? 10) * power;
  const first = Math.floor(low / step);
  const last = Math.ceil(high / step);
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
}

function pathOf({ points, isStep }: Line, scale: Scale): string {
  return points
    .map(({ x, y }, index) => {
      const [px, py] = [scale.x(x).toFixed(1), scale.y(y).toFixed(1)];
      if (index === 0) return `M${px} ${py}`;
      return isStep === true ? `H${px}V${py}` : `L${px} ${py}`;
    })
    .join("");
}

/** What a line says at a place: the value before it, or between two. */
function valueAt({ points, isStep }: Line, x: number): number {
  const next = points.findIndex((point) => point.x >= x);
  const [before, after] = [points[Math.max(0, next - 1)], points[next]];
  if (next < 0) return points.at(-1)?.y ?? 0;
  if (before === undefined || after === undefined || next === 0) return points[0]?.y ?? 0;
  if (isStep === true || after.x === before.x) return x === after.x ? after.y : before.y;
  return before.y + ((after.y - before.y) * (x - before.x)) / (after.x - before.x);
}

function anchor(index: number, count: number): "start" | "middle" | "end" {
  if (count === 1) return "middle";
  return index === 0 ? "start" : index === count - 1 ? "end" : "middle";
}

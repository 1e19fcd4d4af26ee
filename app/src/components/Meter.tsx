import { toFloat } from "../chain/format.ts";
import type { Tone } from "./Layout.tsx";

/** How much of a whole something is: a bar, its meaning in words for those who do not see it. */
export function Meter({
  label,
  part,
  whole,
  tone = "good",
}: {
  label: string;
  part: bigint;
  whole: bigint;
  tone?: Tone;
}) {
  const share = whole <= 0n ? 0 : Math.min(1, Math.max(0, toFloat((part * 10n ** 6n) / whole, 6)));
  return (
    <svg
      className={`meter ${tone}`}
      viewBox="0 0 100 6"
      preserveAspectRatio="none"
      role="img"
      aria-label={`${label}: ${(share * 100).toFixed(0)}%`}
    >
      <rect className="meter-whole" width="100" height="6" />
      <rect className="meter-part" width={share * 100} height="6" />
    </svg>
  );
}

/** Parts of a whole side by side. */
export function Stack({
  label,
  parts,
}: {
  label: string;
  parts: readonly { readonly name: string; readonly value: bigint; readonly tone: number }[];
}) {
  const whole = parts.reduce((sum, { value }) => sum + value, 0n);
  let from = 0;
  const text = parts
    .map(({ name, value }) => `${name} ${whole === 0n ? 0 : Number((value * 100n) / whole)}%`)
    .join(", ");
  return (
    <svg className="stack" viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label={`${label}: ${text}`}>
      {parts.map(({ name, value, tone }) => {
        const width = whole === 0n ? 0 : Number((value * 10_000n) / whole) / 100;
        const x = from;
        from += width;
        return <rect key={name} className={`part-${tone}`} x={x} width={Math.max(0, width - 0.3)} height="8" />;
      })}
    </svg>
  );
}

import { RATIO_ONE } from "../../../../sdk/math/constants.ts";
import { Money, Moment, Percent } from "../../components/Amount.tsx";
import { Badge, Figure, Figures, Panel } from "../../components/Layout.tsx";
import type { Tone } from "../../components/Layout.tsx";
import { Stack } from "../../components/Meter.tsx";
import type { useDeployment } from "../../hooks/network.tsx";
import type { Solvency } from "./Reserves.tsx";

type Client = ReturnType<typeof useDeployment>["client"];

export interface StateProps {
  readonly solvency: Solvency;
  readonly fund: Awaited<ReturnType<Client["fund"]["report"]>>;
  readonly ratio: Awaited<ReturnType<Client["fund"]["ratio"]>>;
}

export const LAYERS = [
  ["reserve", "Fund reserve"],
  ["junior", "Backstop, junior"],
  ["senior", "Backstop, senior"],
  ["reinsurance", "Reinsurance"],
] as const;

/** The segment at a glance: what it has, what it should have, and in which order it pays. */
export function StatePanel({ solvency, fund, ratio }: StateProps) {
  const { house, segment } = solvency;
  const all = LAYERS.reduce((sum, [key]) => sum + segment.layers[key], 0n);
  return (
    <Panel title="The segment now" aside={<Flags solvency={solvency} />}>
      <Figures>
        <Figure
          name="Ratio to the target"
          tone={toneOf(ratio.ratio)}
          note={
            <>
              set <Moment at={ratio.setAt} />
            </>
          }
        >
          <Percent value={ratio.ratio} one={RATIO_ONE} digits={0} />
        </Figure>
        <Figure
          name="Fund reserve"
          note={
            <>
              budget left today <Money value={fund.budget} digits={0} />
            </>
          }
        >
          <Money value={fund.segment.reserve} digits={0} />
        </Figure>
        <Figure name="Can pay at once" note="within today's budget, all layers">
          <Money value={segment.resources} digits={0} />
        </Figure>
        <Figure name="Should have" note="target: gap losses beyond margins, once in a thousand hours">
          <Money value={segment.target} digits={0} />
        </Figure>
        <Figure
          name="Measured deficit"
          tone={house.measuredDeficit > 0n ? "bad" : undefined}
          note="owed by accounts beyond what they have"
        >
          <Money value={house.measuredDeficit} />
        </Figure>
        <Figure
          name="Unallocated loss"
          tone={house.unallocated > 0n ? "bad" : undefined}
          note="paid first from what comes in"
        >
          <Money value={house.unallocated} />
        </Figure>
      </Figures>
      <h3 className="gap-above">Who pays, in order</h3>
      <Stack
        label="Layers"
        parts={LAYERS.map(([key, name], index) => ({ name, value: segment.layers[key], tone: index }))}
      />
      <ul className="legend">
        {LAYERS.map(([key, name], index) => (
          <li key={key} className={`tone-${index}`}>
            {index + 1}. {name} <Money value={segment.layers[key]} digits={0} />
          </li>
        ))}
        <li className="tone-4">
          then holders on the side that gained; all layers <Money value={all} digits={0} />
        </li>
      </ul>
    </Panel>
  );
}

function toneOf(ratio: bigint): Tone | undefined {
  if (ratio >= RATIO_ONE) return undefined;
  return ratio < (RATIO_ONE * 3n) / 10n ? "bad" : "warn";
}

function Flags({ solvency }: { solvency: Solvency }) {
  const { blindMarkets, unsyncedMarkets, isMeasuredStale } = solvency;
  const isFine = blindMarkets === 0n && unsyncedMarkets === 0n && !isMeasuredStale;
  return (
    <>
      {isFine && <Badge tone="good">figures are current</Badge>}
      {blindMarkets !== 0n && <Badge tone="bad">{countOf(blindMarkets)} without consensus</Badge>}
      {unsyncedMarkets !== 0n && <Badge tone="warn">{countOf(unsyncedMarkets)} measured long ago</Badge>}
      {isMeasuredStale && <Badge tone="warn">the measured deficit is old</Badge>}
    </>
  );
}

function countOf(bits: bigint): string {
  const count = bits.toString(2).replaceAll("0", "").length;
  return `${count} ${count === 1 ? "market" : "markets"}`;
}

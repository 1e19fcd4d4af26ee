import { useEffect, useState } from "react";

import { WAD } from "../../../../sdk/math/constants.ts";
import { allSeries, isOnSale } from "../../chain/covers.ts";
import type { Series } from "../../chain/covers.ts";
import type { MarketView } from "../../chain/markets.ts";
import { duration } from "../../chain/format.ts";
import { Amount, Money, Moment, Tokens } from "../../components/Amount.tsx";
import { Switch } from "../../components/Form.tsx";
import { Facts, ReadError } from "../../components/Layout.tsx";
import { useNow } from "../../hooks/clock.ts";
import { useDeployment } from "../../hooks/network.tsx";
import { useRead } from "../../hooks/read.ts";
import { PayoffPlot } from "./PayoffPlot.tsx";

/** Cover that is bought with a trade. */
export interface CoverChoice {
  readonly series: bigint;
  /** WAD of tokens. */
  readonly units: bigint;
  /** Token's own decimals. */
  readonly maxPremium: bigint;
}

export interface CoverSwitchProps {
  readonly market: MarketView;
  readonly isLong: boolean;
  /** Absolute base, WAD. */
  readonly size: bigint;
  /** Told "none" while the switch is off, and "unpriced" while it is on and there is no premium: nobody trades uninsured by mistake. */
  readonly onChoice: (choice: CoverState) => void;
}

export type CoverState = CoverChoice | "none" | "unpriced";

/** Time passes between the preview and the purchase. */
const TOLERANCE_PERCENT = 102n;

/** Insurance as a switch on the trade: one token of cover for each unit of base. */
export function CoverSwitch({ market, isLong, size, onChoice }: CoverSwitchProps) {
  const { client, network } = useDeployment();
  const now = useNow();
  const [isOn, setOn] = useState(false);
  const all = useRead(["series"], () => allSeries(client, network));
  const series = all.value?.find(
    (one) => one.side?.market === market.id && one.side.isLong === isLong && isOnSale(one, now),
  );
  const quote = useRead(
    ["premium", series?.id.toString(), size.toString()],
    () => client.covers.previewPremium(series?.id ?? 0n, size),
    isOn && series !== undefined && size > 0n,
  );
  const premium = isOn && size > 0n ? quote.value?.premium : undefined;
  const isWanted = isOn && series !== undefined;
  const key = premium === undefined || series === undefined ? "" : `${series.id}:${size}:${premium}`;
  useEffect(() => {
    const [id, units, cost] = key.split(":");
    if (!isWanted) onChoice("none");
    else if (id === undefined || units === undefined || cost === undefined) onChoice("unpriced");
    else onChoice({ series: BigInt(id), units: BigInt(units), maxPremium: (BigInt(cost) * TOLERANCE_PERCENT) / 100n });
  }, [key, isWanted, onChoice]);
  if (series === undefined) {
    return (
      <p className="hint">
        No cover is on sale for {isLong ? "longs" : "shorts"} of {market.name}.
      </p>
    );
  }
  return (
    <div className="cover-box">
      <Switch
        label="Cover this trade"
        isOn={isOn}
        onSwitch={setOn}
        note={`Pays what socialised losses cost ${isLong ? "longs" : "shorts"} of ${market.name}, up to a limit, whatever you still hold then.`}
      />
      {isOn && <Details series={series} size={size} premium={premium} error={quote.error} market={market} />}
    </div>
  );
}

function Details(props: {
  series: Series;
  size: bigint;
  premium: bigint | undefined;
  error: unknown;
  market: MarketView;
}) {
  const { series, size, premium, market } = props;
  const waiting = BigInt(series.productTerms.waiting);
  return (
    <>
      <ReadError error={props.error} />
      <Facts
        rows={[
          ["Premium now", size === 0n ? "write a size" : <Tokens value={premium} />],
          ["Pays for each unit, at most", <Money value={series.limit} />],
          ["Pays in all, at most", <Money value={(series.limit * size) / WAD} />],
          ["Begins", <>in {duration(waiting)}</>],
          ["Ends", <Moment at={series.endsAt} />],
          ["Units", <Amount value={size} unit={market.name} />],
        ]}
      />
      <PayoffPlot series={series} size={size} premium={premium} market={market} />
    </>
  );
}

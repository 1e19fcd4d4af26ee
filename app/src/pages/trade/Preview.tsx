import type { TradeOutcome } from "../../../../sdk/index.ts";
import type { MarketView } from "../../chain/markets.ts";
import { notionalOf } from "../../chain/markets.ts";
import { Amount, Money, Percent, Tokens } from "../../components/Amount.tsx";
import { Badge, Facts, ReadError } from "../../components/Layout.tsx";
import type { CoverChoice } from "./CoverSwitch.tsx";

export interface PreviewProps {
  readonly market: MarketView;
  readonly price: bigint;
  /** Signed base, WAD. */
  readonly size: bigint;
  readonly outcome: TradeOutcome | undefined;
  readonly error: unknown;
  readonly cover: CoverChoice | undefined;
}

/** What a trade would do, before it is made. */
export function Preview({ market, price, size, outcome, error, cover }: PreviewProps) {
  const notional = notionalOf(size, price);
  return (
    <>
      <ReadError error={error} />
      <Facts
        rows={[
          ["Average price", <Money value={price} />],
          ["Notional", <Money value={notional} />],
          ["Fee", <Money value={outcome?.fee} />],
          cover === undefined ? undefined : ["Premium, at most", <Tokens value={cover.maxPremium} />],
          ["Position after", <Amount value={outcome?.base} unit={market.name} />],
          [
            "Initial margin after",
            outcome === undefined ? (
              "–"
            ) : (
              <>
                <Money value={outcome.initialMargin} /> of <Money value={outcome.initialBalance} />{" "}
                {outcome.meetsInitialMargin ? <Badge tone="good">enough</Badge> : <Badge tone="bad">too little</Badge>}
              </>
            ),
          ],
          outcome === undefined || outcome.maintenanceMargin === 0n
            ? undefined
            : ["Health after", <Percent value={outcome.marginBalance} one={outcome.maintenanceMargin} digits={0} />],
        ]}
      />
    </>
  );
}

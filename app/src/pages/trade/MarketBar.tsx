import { WAD } from "../../../../sdk/math/constants.ts";
import { Amount, Moment, Money, Percent } from "../../components/Amount.tsx";
import { Segments } from "../../components/Form.tsx";
import { Badge, Figure, Figures, Notice, Panel } from "../../components/Layout.tsx";
import { Submit } from "../../components/Form.tsx";
import { notionalOf } from "../../chain/markets.ts";
import type { MarketView } from "../../chain/markets.ts";
import { useAction } from "../../hooks/actions.tsx";
import { useNow } from "../../hooks/clock.ts";

const DAY = 86_400n;
/** A price that was not read for so long waits for a keeper. */
export const STALE = 300n;

export function MarketBar({
  markets,
  market,
  onChoice,
}: {
  markets: readonly MarketView[];
  market: MarketView;
  onChoice: (id: number) => void;
}) {
  const now = useNow();
  const refresh = useAction();
  const age = now - market.readAt;
  const options = markets.map(({ id, name }) => [String(id), name] as const);
  const feeds = markets.reduce((bits, { id }) => bits | (1n << BigInt(id)), 0n);
  return (
    <Panel
      title={`${market.name} perpetual`}
      aside={
        <>
          <Badge>{market.class}</Badge>
          {!market.isOpen && <Badge tone="warn">only reducing</Badge>}
          <Segments
            label="Market"
            value={String(market.id)}
            options={options}
            onChoice={(id) => onChoice(Number(id))}
          />
        </>
      }
    >
      <Figures>
        <Figure
          name="Price"
          tone={age > STALE ? "warn" : undefined}
          note={
            <>
              read <Moment at={market.readAt} />
            </>
          }
        >
          <Money value={market.price} />
        </Figure>
        <Figure
          name="Open interest"
          note={
            <>
              of at most <Amount value={market.cap} digits={0} unit={market.name} />
            </>
          }
        >
          <Amount value={market.openInterest} digits={2} unit={market.name} />
        </Figure>
        <Figure name="Notional, one side">
          <Money value={notionalOf(market.openInterest, market.price)} digits={0} />
        </Figure>
        <Figure name="Maintenance margin" note="of the notional, more for large positions">
          <Percent value={market.rate} one={100_000n} digits={2} />
        </Figure>
        <Figure name="Funding a day" note={market.fundingVelocity >= 0n ? "longs pay shorts" : "shorts pay longs"}>
          <Percent
            value={market.price === 0n ? 0n : (abs(market.fundingVelocity) * DAY * WAD) / market.price}
            one={WAD}
            digits={3}
          />
        </Figure>
        <Figure name="Gap premium a day" note="each side, for the fund">
          <Percent value={market.gapRate * DAY} one={10n ** 15n} digits={3} />
        </Figure>
      </Figures>
      {age > STALE && (
        <Notice tone="warn">
          No keeper has read this price for a while. Trades and bids read it themselves; to see where you stand, anyone
          may read it now.
          <Submit
            action={refresh}
            kind="small"
            onSubmit={() =>
              void refresh.run([
                { label: "Read prices", act: ({ client }) => client.contracts.oracle.refreshAll(feeds) },
              ])
            }
          >
            Read prices now
          </Submit>
        </Notice>
      )}
    </Panel>
  );
}

const abs = (value: bigint): bigint => (value < 0n ? -value : value);

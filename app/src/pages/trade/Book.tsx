import type { MarketView } from "../../chain/markets.ts";
import { offersFor } from "../../chain/sweep.ts";
import type { Offer } from "../../chain/sweep.ts";
import { Amount, Money } from "../../components/Amount.tsx";
import { Empty, Panel } from "../../components/Layout.tsx";
import { useOffers } from "../../hooks/offers.ts";

const SHOWN = 5;

/** The best orders of both sides around the price. */
export function Book({ market }: { market: MarketView }) {
  const offers = useOffers(undefined).value ?? [];
  const asks = offersFor(offers, market.id, true).slice(0, SHOWN).reverse();
  const bids = offersFor(offers, market.id, false).slice(0, SHOWN);
  if (asks.length + bids.length === 0) {
    return (
      <Panel title="Order book">
        <Empty>No order for {market.name} is on the board. Sign one and hand its link on, or bring one.</Empty>
      </Panel>
    );
  }
  return (
    <Panel title="Order book" aside={market.name} className="book">
      {asks.map((offer) => (
        <Row key={offer.signed.hash} offer={offer} name={market.name} />
      ))}
      <div className="book-middle">
        <span>Price</span>
        <Money value={market.price} />
      </div>
      {bids.map((offer) => (
        <Row key={offer.signed.hash} offer={offer} name={market.name} />
      ))}
    </Panel>
  );
}

function Row({ offer: { signed, remaining }, name }: { offer: Offer; name: string }) {
  const isAsk = signed.order.size < 0n;
  return (
    <div className="book-row">
      <span className={isAsk ? "ask" : "bid"}>
        <Amount value={signed.order.limitPrice} digits={2} />
      </span>
      <Amount value={remaining} digits={2} unit={name} />
      <span className="hidden">{isAsk ? "offered" : "wanted"}</span>
    </div>
  );
}

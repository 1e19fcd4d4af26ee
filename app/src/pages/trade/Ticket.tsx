import { useState } from "react";

import { decodeOrder } from "../../../../sdk/index.ts";
import type { SignedOrder } from "../../../../sdk/index.ts";
import type { MarketView } from "../../chain/markets.ts";
import { inWords } from "../../chain/words.ts";
import { Field, Segments } from "../../components/Form.tsx";
import { Panel, ReadError } from "../../components/Layout.tsx";
import { useDeployment } from "../../hooks/network.tsx";
import { useOffers } from "../../hooks/offers.ts";
import { PlaceForm } from "./PlaceForm.tsx";
import { TakeForm } from "./TakeForm.tsx";

/** A trade that another part of the page asks for. */
export interface Intent {
  readonly key: number;
  /** Signed base, WAD. */
  readonly size: bigint;
}

export interface TicketProps {
  readonly market: MarketView;
  readonly account: string | undefined;
  /** From the link that led here. */
  readonly linked: SignedOrder | undefined;
  readonly intent: Intent | undefined;
}

type Way = "take" | "place";

/** Trades: taking orders that are there, or signing one. */
export function Ticket({ market, account, linked, intent }: TicketProps) {
  const { client } = useDeployment();
  const [way, setWay] = useState<Way>("take");
  const [pasted, setPasted] = useState("");
  const brought = read(pasted, client.orders.book);
  const extra = brought.order ?? linked;
  const offers = useOffers(extra);
  const only =
    extra?.order.market === market.id ? offers.value?.filter(({ signed }) => signed.hash === extra.hash) : undefined;
  return (
    <Panel title="Order" className="ticket">
      <div className="form">
        <Segments
          label="Take an order or place one"
          value={way}
          options={[
            ["take", "Take orders"],
            ["place", "Sign an order"],
          ]}
          onChoice={setWay}
        />
        {way === "take" ? (
          <>
            <TakeForm
              market={market}
              account={account}
              offers={only ?? offers.value ?? []}
              intent={intent}
              isGiven={only !== undefined}
            />
            <Field
              label="Order from a link or text"
              text={pasted}
              onText={setPasted}
              isText
              placeholder="bulwark-order-1…"
              problem={brought.problem}
              hint={
                only !== undefined && only.length === 0
                  ? "This order is filled, cancelled, expired or for another deployment."
                  : "Takes this one instead of the book."
              }
            />
          </>
        ) : (
          <PlaceForm market={market} account={account} />
        )}
        <ReadError error={offers.error} />
      </div>
    </Panel>
  );
}

function read(text: string, book: Parameters<typeof decodeOrder>[1]): { order?: SignedOrder; problem?: string } {
  if (text.trim() === "") return {};
  try {
    return { order: decodeOrder(text, book) };
  } catch (error) {
    return { problem: inWords(error).text };
  }
}

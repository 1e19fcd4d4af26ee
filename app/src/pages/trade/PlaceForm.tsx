import { useState } from "react";

import { encodeOrder } from "../../../../sdk/index.ts";
import type { SignedOrder } from "../../../../sdk/index.ts";
import { postOrder } from "../../chain/orderBoard.ts";
import { plainAmount } from "../../chain/format.ts";
import type { MarketView } from "../../chain/markets.ts";
import { Field, parsed, Segments, Select, Submit, Switch } from "../../components/Form.tsx";
import { Notice } from "../../components/Layout.tsx";
import { useAction } from "../../hooks/actions.tsx";
import { useNow } from "../../hooks/clock.ts";
import { useDeployment } from "../../hooks/network.tsx";
import { useOwnOrders } from "../../hooks/offers.ts";
import { orderLink } from "./MyOrders.tsx";

const TIMES = [
  ["600", "10 minutes"],
  ["3600", "1 hour"],
  ["86400", "1 day"],
  ["604800", "1 week"],
] as const;
type Side = "buy" | "sell";

/** Signs an order. Nothing is sent to the chain: it is given to a board, or to anyone as a text. */
export function PlaceForm({ market, account }: { market: MarketView; account: string | undefined }) {
  const { client, network } = useDeployment();
  const now = useNow();
  const action = useAction();
  const own = useOwnOrders();
  const [side, setSide] = useState<Side>("buy");
  const [size, setSize] = useState("");
  const [price, setPrice] = useState("");
  const [lifetime, setLifetime] = useState<(typeof TIMES)[number][0]>("3600");
  const [isReducing, setReducing] = useState(false);
  const [isPartial, setPartial] = useState(true);
  const [signed, setSigned] = useState<SignedOrder>();
  const base = parsed(size, 18);
  const limit = parsed(price, 18);
  const reason = !base.value || !limit.value ? "Write a size and a price." : undefined;
  const sign = async () => {
    const [amount, limitPrice] = [base.value, limit.value];
    if (account === undefined || amount === undefined || limitPrice === undefined) return;
    const used = own.orders
      .filter(({ order }) => order.account === account && order.expiry >= now)
      .map(({ order }) => order.nonce);
    await action.run([
      {
        label: `Sign an order to ${side} ${market.name}`,
        act: async ({ client: hand, signer }) => {
          const next = used.length === 0 ? 0n : used.reduce((a, b) => (a > b ? a : b)) + 1n;
          const order = await hand.orders.build({
            account,
            market: market.id,
            size: side === "buy" ? amount : -amount,
            limitPrice,
            expiry: now + BigInt(lifetime),
            nonce: await hand.orders.freeNonce(account, next),
            reduceOnly: isReducing,
            partialFills: isPartial,
          });
          const made = await hand.orders.sign(signer, order);
          own.add(made);
          setSigned(made);
          if (network.orders !== undefined) await postOrder(network.orders, made);
          return undefined;
        },
      },
    ]);
  };
  return (
    <div className="form">
      <Segments
        label="Buy or sell"
        value={side}
        options={[
          ["buy", "Buy"],
          ["sell", "Sell"],
        ]}
        onChoice={setSide}
      />
      <div className="row">
        <Field label="Size" text={size} onText={setSize} unit={market.name} problem={base.problem} />
        <Field
          label="Limit price"
          text={price}
          onText={setPrice}
          problem={limit.problem}
          hint="Within 2% of the oracle's price when it is filled."
          placeholder={plainAmount(market.price, 18).slice(0, 9)}
        />
      </div>
      <Select label="Valid for" value={lifetime} options={TIMES} onChoice={setLifetime} />
      <Switch label="In parts" isOn={isPartial} onSwitch={setPartial} note="Several takers may fill it." />
      <Switch label="Reduce only" isOn={isReducing} onSwitch={setReducing} note="It never opens or turns a position." />
      <Submit action={action} kind={side} onSubmit={() => void sign()} reason={reason}>
        Sign order to {side}
      </Submit>
      {signed !== undefined && (
        <Notice tone="good">
          <p>
            Signed.{" "}
            {network.orders === undefined
              ? "Give this link to whoever may fill it:"
              : "It is on the board; this link works too:"}
          </p>
          <p className="order-text wrap hex">{orderLink(signed)}</p>
          <button
            type="button"
            className="small"
            onClick={() => void navigator.clipboard.writeText(encodeOrder(signed))}
          >
            Copy as text
          </button>
        </Notice>
      )}
      <p className="hint">
        A signed order is not on the chain.{" "}
        {client.manifest.network === "localhost"
          ? "The local testnet's board lists it, and its maker takes it at the price. "
          : ""}
        Cancelling is a transaction, and works for everybody who holds the text.
      </p>
    </div>
  );
}

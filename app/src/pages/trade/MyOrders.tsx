import { useState } from "react";

import { encodeOrder } from "../../../../sdk/index.ts";
import type { SignedOrder } from "../../../../sdk/index.ts";
import type { MarketView } from "../../chain/markets.ts";
import { Amount, Moment } from "../../components/Amount.tsx";
import { Submit } from "../../components/Form.tsx";
import { Badge, Panel } from "../../components/Layout.tsx";
import { Table } from "../../components/Table.tsx";
import { useAction } from "../../hooks/actions.tsx";
import { useNow } from "../../hooks/clock.ts";
import { useDeployment } from "../../hooks/network.tsx";
import { useOwnOrders } from "../../hooks/offers.ts";
import { useRead } from "../../hooks/read.ts";

interface Row {
  readonly signed: SignedOrder;
  /** Not known yet, where there is none. */
  readonly remaining: bigint | undefined;
}

/** Orders that were signed in this browser: what is left of them, their links, and how to take them back. */
export function MyOrders({ markets }: { markets: readonly MarketView[] }) {
  const { client } = useDeployment();
  const { orders, drop } = useOwnOrders();
  const now = useNow();
  const hashes = orders.map(({ hash }) => hash).join();
  const left = useRead(["ownOrders", { version: hashes }], async () => {
    const all = await Promise.all(orders.map(({ order }) => client.orders.remaining(order)));
    return new Map(orders.map(({ hash }, index) => [hash, all[index] ?? 0n]));
  });
  const rows: Row[] = orders.map((signed) => ({ signed, remaining: left.value?.get(signed.hash) }));
  return (
    <Panel title="Your orders" aside="signed in this browser">
      <Table
        caption="Orders that you have signed"
        rows={rows}
        keyOf={({ signed }) => signed.hash}
        empty="You have signed no order here. A signed order is a text: whoever has it can fill it until it expires or you cancel it."
        columns={[
          {
            name: "Order",
            cell: ({ signed: { order } }) => (
              <>
                <Badge tone={order.size > 0n ? "good" : "bad"}>{order.size > 0n ? "buy" : "sell"}</Badge>{" "}
                {markets.find(({ id }) => id === order.market)?.name}
              </>
            ),
          },
          {
            name: "Price",
            isNumber: true,
            cell: ({ signed: { order } }) => <Amount value={order.limitPrice} digits={2} />,
          },
          { name: "Size", isNumber: true, cell: ({ signed: { order } }) => <Amount value={order.size} /> },
          { name: "Left", isNumber: true, cell: ({ remaining }) => <Amount value={remaining} /> },
          {
            name: "Expires",
            isNumber: true,
            cell: ({ signed: { order }, remaining }) =>
              remaining === 0n ? (
                <Badge>filled or cancelled</Badge>
              ) : order.expiry < now ? (
                <Badge>expired</Badge>
              ) : (
                <Moment at={order.expiry} />
              ),
          },
          {
            name: "",
            isNumber: true,
            cell: (row) => (
              <OrderTools row={row} isOver={row.remaining === 0n || row.signed.order.expiry < now} onDrop={drop} />
            ),
          },
        ]}
      />
    </Panel>
  );
}

function OrderTools({
  row: { signed },
  isOver,
  onDrop,
}: {
  row: Row;
  isOver: boolean;
  onDrop: (hash: string) => void;
}) {
  const cancel = useAction();
  const [isCopied, setCopied] = useState(false);
  const { order } = signed;
  if (isOver) {
    return (
      <button type="button" className="small" onClick={() => onDrop(signed.hash)}>
        Remove
      </button>
    );
  }
  return (
    <>
      <button
        type="button"
        className="small"
        onClick={() => {
          void navigator.clipboard.writeText(orderLink(signed)).then(() => setCopied(true));
        }}
      >
        {isCopied ? "Copied" : "Copy link"}
      </button>{" "}
      <Submit
        action={cancel}
        kind="small"
        onSubmit={() =>
          void cancel.run([
            { label: "Cancel an order", act: ({ client }) => client.orders.cancel(order.account, [order.nonce]) },
          ])
        }
      >
        Cancel
      </Submit>
    </>
  );
}

/** A link to this page with the order in it. */
export function orderLink(signed: SignedOrder): string {
  const { origin, pathname } = window.location;
  return `${origin}${pathname}#/trade?order=${encodeOrder(signed)}`;
}

import type { NamedLog } from "../../../../sdk/index.ts";
import { named } from "../../chain/history.ts";
import type { MarketView } from "../../chain/markets.ts";
import { Amount, Money, TransactionLink } from "../../components/Amount.tsx";
import { Badge, Panel } from "../../components/Layout.tsx";
import type { Tone } from "../../components/Layout.tsx";
import { Table } from "../../components/Table.tsx";
import { useHistory } from "../../hooks/history.tsx";
import { useDeployment } from "../../hooks/network.tsx";
import { useRead } from "../../hooks/read.ts";

interface Row {
  readonly log: NamedLog;
  readonly what: string;
  readonly tone: Tone;
  readonly text: React.ReactNode;
}

const SHOWN = 20;

/** Fills, liquidations and charges of an account. */
export function MyHistory({ account, markets }: { account: string | undefined; markets: readonly MarketView[] }) {
  const history = useHistory();
  const { client } = useDeployment();
  const borne = useRead(
    ["borne", account],
    async () => Promise.all(markets.map(({ id }) => client.contracts.house.borneBy(account ?? "", id))),
    account !== undefined && markets.length > 0,
  );
  const nameOf = (id: unknown): string => markets.find((one) => BigInt(one.id) === id)?.name ?? `Market ${String(id)}`;
  const isMine = (value: unknown): boolean => String(value).toLowerCase() === account?.toLowerCase();
  const fills = named(history, "Traded").filter(({ values }) => isMine(values.taker) || isMine(values.maker));
  const traded = new Set(fills.map(({ values }) => values.market));
  const first = fills[0]?.log.blockNumber ?? Number.POSITIVE_INFINITY;
  const rows: Row[] = [
    ...fills.map((log) => fillRow(log, nameOf, isMine)),
    ...named(history, "BidFilled")
      .filter(({ values }) => isMine(values.account))
      .map(soldRow),
    ...named(history, "BidFilled")
      .filter(({ values }) => isMine(values.bidder))
      .map(boughtRow),
    ...named(history, "Deleveraged")
      .filter(({ values }) => isMine(values.account))
      .map(closedRow),
    ...named(history, "SideCharged")
      .filter(({ log, values }) => log.blockNumber >= first && traded.has(values.market))
      .map((log) => chargeRow(log, nameOf)),
  ].sort((a, b) => b.log.log.blockNumber - a.log.log.blockNumber || b.log.log.index - a.log.log.index);
  const total = borne.value?.reduce((sum, one) => sum + one, 0n) ?? 0n;
  return (
    <Panel
      title="What happened"
      aside={
        total > 0n ? (
          <>
            borne of socialised losses so far: <Money value={total} />
          </>
        ) : undefined
      }
    >
      <Table
        caption="Fills, liquidations and charges of your account"
        rows={rows.slice(0, SHOWN)}
        keyOf={({ log, what }) => `${log.log.blockHash}${log.log.index}${what}`}
        empty={account === undefined ? "Connect a wallet to see your fills and liquidations." : "Nothing yet."}
        columns={[
          { name: "Event", cell: ({ what, tone }) => <Badge tone={tone}>{what}</Badge> },
          { name: "What", cell: ({ text }) => text },
          {
            name: "Transaction",
            isNumber: true,
            cell: ({ log }) => <TransactionLink hash={log.log.transactionHash} />,
          },
        ]}
      />
    </Panel>
  );
}

type Name = (market: unknown) => string;

function fillRow(log: NamedLog, nameOf: Name, isMine: (value: unknown) => boolean): Row {
  const { taker, market, size, price, fee } = log.values;
  const own = isMine(taker) ? (size as bigint) : -(size as bigint);
  return {
    log,
    what: own > 0n ? "bought" : "sold",
    tone: own > 0n ? "good" : "bad",
    text: (
      <>
        <Amount value={own < 0n ? -own : own} unit={nameOf(market)} /> at <Money value={price as bigint} />
        {isMine(taker) && (
          <>
            , fee <Money value={fee as bigint} />
          </>
        )}
      </>
    ),
  };
}

interface BidValues {
  readonly fraction: bigint;
  readonly payment: bigint;
  readonly penalty: bigint;
  readonly shortfall: bigint;
}

function soldRow(log: NamedLog): Row {
  const { fraction, payment, penalty, shortfall } = log.values.result as BidValues;
  return {
    log,
    what: "liquidated",
    tone: "bad",
    text: (
      <>
        <Share value={fraction} /> of the account went to a bidder for <Money value={payment} />, of which{" "}
        <Money value={penalty} /> penalty
        {shortfall > 0n && (
          <>
            ; the fund and others paid <Money value={shortfall} />
          </>
        )}
      </>
    ),
  };
}

function boughtRow(log: NamedLog): Row {
  const { fraction, payment } = log.values.result as BidValues;
  return {
    log,
    what: "bid",
    tone: "good",
    text: (
      <>
        took <Share value={fraction} /> of an account for <Money value={payment} />, income of the whole{" "}
        <Money value={log.values.income as bigint} />
      </>
    ),
  };
}

function closedRow(log: NamedLog): Row {
  const { fraction, penalty, shortfall } = log.values as unknown as BidValues;
  return {
    log,
    what: "closed by force",
    tone: "bad",
    text: (
      <>
        <Share value={fraction} /> of all positions, penalty <Money value={penalty} />
        {shortfall > 0n && (
          <>
            , shortfall <Money value={shortfall} />
          </>
        )}
      </>
    ),
  };
}

function chargeRow(log: NamedLog, nameOf: Name): Row {
  const { market, long, perUnit } = log.values;
  return {
    log,
    what: "charge",
    tone: "warn",
    text: (
      <>
        {long === true ? "longs" : "shorts"} of {nameOf(market)} were charged{" "}
        <Money value={perUnit as bigint} digits={4} /> for each unit of base
      </>
    ),
  };
}

function Share({ value }: { value: bigint }) {
  return <Amount value={value * 100n} digits={1} unit="%" />;
}

import { useState } from "react";

import { WAD } from "../../../../sdk/math/constants.ts";
import { owner, sub } from "../../../../sdk/index.ts";
import { readAuctions } from "../../chain/auctions.ts";
import type { AuctionView } from "../../chain/auctions.ts";
import { duration } from "../../chain/format.ts";
import { accountsIn, named } from "../../chain/history.ts";
import { maintenanceMargin } from "../../../../sdk/previews/bid.ts";
import { Address, Amount, Money, Percent, TransactionLink } from "../../components/Amount.tsx";
import { Badge, Loading, PageTitle, Panel, ReadError } from "../../components/Layout.tsx";
import { Table } from "../../components/Table.tsx";
import { useHistory } from "../../hooks/history.tsx";
import { useDeployment } from "../../hooks/network.tsx";
import { useRead } from "../../hooks/read.ts";
import { BidPanel } from "./BidPanel.tsx";

const SHOWN = 10;

export default function Auctions() {
  const { client } = useDeployment();
  const history = useHistory();
  const accounts = accountsIn(history);
  const auctions = useRead(
    ["auctions", { version: accounts.length }],
    () => readAuctions(client, accounts),
    history.block !== undefined,
  );
  const [chosen, choose] = useState<string>();
  const selected = auctions.value?.find(({ account }) => account === chosen) ?? auctions.value?.[0];
  const bids = [...named(history, "BidFilled")].reverse().slice(0, SHOWN);
  return (
    <>
      <PageTitle title="Auctions">
        Accounts below maintenance margin are sold by slices. The longer the clock runs, the more a bidder earns; a bid
        takes a part of everything the account has.
      </PageTitle>
      <ReadError error={auctions.error} />
      <div className="side">
        <div className="stackwise">
          <Panel title="On sale" aside={`${accounts.length} accounts watched`}>
            {history.block === undefined ? (
              <Loading />
            ) : (
              <Table
                caption="Accounts that can be bid for"
                rows={auctions.value ?? []}
                keyOf={({ account }) => account}
                empty="No account is below maintenance margin. When prices move, accounts appear here at once."
                columns={columns(selected, choose)}
              />
            )}
          </Panel>
          <Panel title="Last bids">
            <Table
              caption="The last bids"
              rows={bids}
              keyOf={({ log }) => `${log.blockHash}${log.index}`}
              empty="No bid yet."
              columns={[
                { name: "Account", cell: ({ values }) => <AccountName account={String(values.account)} /> },
                { name: "Bidder", cell: ({ values }) => <AccountName account={String(values.bidder)} /> },
                {
                  name: "Part",
                  isNumber: true,
                  cell: ({ values }) => <Percent value={resultOf(values).fraction} one={WAD} />,
                },
                { name: "Paid", isNumber: true, cell: ({ values }) => <Money value={resultOf(values).payment} /> },
                {
                  name: "Shortfall",
                  isNumber: true,
                  cell: ({ values }) => <Money value={resultOf(values).shortfall} />,
                },
                {
                  name: "Socialised",
                  isNumber: true,
                  cell: ({ values }) => <Money value={resultOf(values).socialized} />,
                },
                {
                  name: "Transaction",
                  isNumber: true,
                  cell: ({ log }) => <TransactionLink hash={log.transactionHash} />,
                },
              ]}
            />
          </Panel>
        </div>
        <BidPanel key={selected?.account ?? ""} auction={selected} />
      </div>
    </>
  );
}

interface BidResult {
  readonly fraction: bigint;
  readonly payment: bigint;
  readonly shortfall: bigint;
  readonly socialized: bigint;
}

const resultOf = (values: Readonly<Record<string, unknown>>): BidResult => values.result as BidResult;

/** An owner, and which of its accounts. */
export function AccountName({ account }: { account: string }) {
  const number = sub(account);
  return (
    <>
      <Address of={owner(account)} />
      {number > 0n && <span className="unit"> /{number.toString()}</span>}
    </>
  );
}

function columns(selected: AuctionView | undefined, choose: (account: string) => void) {
  return [
    { name: "Account", cell: ({ account }: AuctionView) => <AccountName account={account} /> },
    { name: "Worth", isNumber: true, cell: ({ health }: AuctionView) => <Money value={health.value} /> },
    {
      name: "Margin",
      isNumber: true,
      cell: ({ health }: AuctionView) => <Amount value={maintenanceMargin(health)} digits={2} />,
    },
    {
      name: "Clock",
      isNumber: true,
      cell: ({ report }: AuctionView) =>
        report.auction.isOpen ? duration(report.terms.elapsed) : <Badge>not started</Badge>,
    },
    {
      name: "Income of the whole",
      isNumber: true,
      cell: ({ report }: AuctionView) => <Money value={report.terms.income} />,
    },
    {
      name: "One bid takes",
      isNumber: true,
      cell: ({ report }: AuctionView) => <Percent value={report.terms.maxFraction} one={WAD} />,
    },
    {
      name: "",
      isNumber: true,
      cell: ({ account, isLiquidatable }: AuctionView) =>
        !isLiquidatable ? (
          <Badge>recovering</Badge>
        ) : account === selected?.account ? (
          <Badge tone="good">chosen</Badge>
        ) : (
          <button
            type="button"
            className="small"
            onClick={() => choose(account)}
            aria-label={`Choose the account of ${owner(account)}`}
          >
            Choose
          </button>
        ),
    },
  ];
}

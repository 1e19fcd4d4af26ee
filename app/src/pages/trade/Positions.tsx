import { marginOf, notionalOf } from "../../chain/markets.ts";
import type { MarketView } from "../../chain/markets.ts";
import { entryPrice } from "../../chain/sweep.ts";
import { Amount, Money } from "../../components/Amount.tsx";
import { Badge, Panel, ReadError } from "../../components/Layout.tsx";
import { Table } from "../../components/Table.tsx";
import { NO_ACCOUNT, PositionTooOldError } from "../../../../sdk/index.ts";
import { useDeployment } from "../../hooks/network.tsx";
import { useRead } from "../../hooks/read.ts";
import { useReport } from "../../hooks/mine.ts";
import { Health } from "./AccountPanel.tsx";

interface Row {
  readonly market: MarketView;
  readonly base: bigint;
  readonly quoteValue: bigint;
  readonly below: bigint | undefined;
  readonly above: bigint | undefined;
  /** What the account would bear of a loss of 1% of its side's notional. */
  readonly borne: bigint;
}

export interface PositionsProps {
  readonly account: string | undefined;
  readonly markets: readonly MarketView[];
  /** Asks for a trade of so much base, which closes the position. */
  readonly onClose: (market: number, size: bigint) => void;
}

export function Positions({ account, markets, onClose }: PositionsProps) {
  const { client } = useDeployment();
  const report = useReport(account);
  const rows = useRead(
    ["positionRows", account],
    async (): Promise<Row[]> => {
      const id = account ?? NO_ACCOUNT;
      const open = await client.accounts.positions(id);
      return Promise.all(
        open
          .filter(({ base }) => base !== 0n)
          .map(async ({ market, base, quoteValue }) => {
            const view = markets.find((one) => BigInt(one.id) === market);
            if (view === undefined) throw new PositionTooOldError(id, Number(market));
            const [prices, charge] = await Promise.all([
              client.accounts.liquidationPrices(id, view.id).catch(() => undefined), // Blind: there is nothing to say.
              client.accounts.chargeShare(id, view.id, { amount: notionalOf(view.openInterest, view.price) / 100n }),
            ]);
            return { market: view, base, quoteValue, below: prices?.below, above: prices?.above, borne: charge.cost };
          }),
      );
    },
    account !== undefined && markets.length > 0,
  );
  return (
    <Panel
      title="Positions"
      aside={report.value?.isLiquidatable === true ? <Badge tone="bad">being liquidated</Badge> : undefined}
    >
      <ReadError error={rows.error} />
      {report.value !== undefined && (rows.value?.length ?? 0) > 0 && (
        <Health balance={report.value.health.marginBalance} margin={report.value.maintenanceMargin} />
      )}
      <Table
        caption="Your open positions"
        rows={rows.value ?? []}
        keyOf={({ market }) => String(market.id)}
        empty={
          account === undefined
            ? "Connect a wallet to see your positions."
            : "No open position. Take an order from the book, or sign one."
        }
        columns={[
          {
            name: "Market",
            cell: ({ market, base }) => (
              <>
                {market.name} <Badge tone={base > 0n ? "good" : "bad"}>{base > 0n ? "long" : "short"}</Badge>
              </>
            ),
          },
          { name: "Size", isNumber: true, cell: ({ base, market }) => <Amount value={base} unit={market.name} /> },
          {
            name: "Entry",
            isNumber: true,
            cell: ({ base, quoteValue }) => <Amount value={entryPrice(base, quoteValue)} digits={2} />,
          },
          {
            name: "Gain",
            isNumber: true,
            cell: ({ base, quoteValue, market }) => <Money isChange value={signed(base, market.price) + quoteValue} />,
          },
          {
            name: "Margin",
            isNumber: true,
            cell: ({ base, market }) => <Amount digits={2} value={marginOf(market, base)} />,
          },
          {
            name: "Liquidated at",
            isNumber: true,
            cell: ({ base, below, above }) => <Amount digits={2} value={base > 0n ? below : above} />,
          },
          {
            name: "Of a 1% charge",
            isNumber: true,
            cell: ({ borne }) => <Amount digits={2} value={-borne} isChange />,
          },
          {
            name: "",
            isNumber: true,
            cell: ({ market, base }) => (
              <button
                type="button"
                className="small"
                onClick={() => onClose(market.id, -base)}
                aria-label={`Close the position in ${market.name}`}
              >
                Close
              </button>
            ),
          },
        ]}
      />
    </Panel>
  );
}

const signed = (base: bigint, price: bigint): bigint => (base * price) / 10n ** 18n;

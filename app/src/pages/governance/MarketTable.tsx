import type { MarketView } from "../../chain/markets.ts";
import { Amount, Moment, Percent } from "../../components/Amount.tsx";
import { Badge, Panel } from "../../components/Layout.tsx";
import { Table } from "../../components/Table.tsx";

/** What risk control has made of the parameters, market by market. */
export function MarketTable({ markets }: { markets: readonly MarketView[] }) {
  return (
    <Panel
      title="Markets"
      note="Set by rule from volatility, open interest and the fund's resources. Votes can lower a listed cap and announce a closing; no vote raises a cap."
    >
      <Table
        caption="Limits of each market"
        rows={markets}
        keyOf={({ id }) => String(id)}
        empty="No market is listed."
        columns={[
          {
            name: "Market",
            cell: ({ name, class: marketClass }) => (
              <>
                {name} <Badge>{marketClass}</Badge>
              </>
            ),
          },
          {
            name: "Maintenance margin",
            isNumber: true,
            cell: ({ rate }) => <Percent value={rate} one={100_000n} digits={2} />,
          },
          {
            name: "moving to",
            isNumber: true,
            cell: ({ rateTarget }) => <Percent value={rateTarget} one={100_000n} digits={2} />,
          },
          {
            name: "Penalty, of margin",
            isNumber: true,
            cell: ({ penaltyRate }) => <Percent value={penaltyRate} one={10_000n} />,
          },
          {
            name: "Gap premium a day",
            isNumber: true,
            cell: ({ gapRate }) => <Percent value={gapRate * 86_400n} one={10n ** 15n} digits={3} />,
          },
          {
            name: "Open interest",
            isNumber: true,
            cell: ({ openInterest }) => <Amount value={openInterest} digits={1} />,
          },
          { name: "Cap", isNumber: true, cell: ({ cap, name }) => <Amount value={cap} digits={0} unit={name} /> },
          {
            name: "Listed cap",
            isNumber: true,
            cell: ({ listedCap, name }) => <Amount value={listedCap} digits={0} unit={name} />,
          },
          { name: "Price read", isNumber: true, cell: ({ readAt }) => <Moment at={readAt} /> },
        ]}
      />
    </Panel>
  );
}

import { WAD } from "../../../../sdk/math/constants.ts";
import { marketName } from "../../chain/networks.ts";
import { Money, Percent } from "../../components/Amount.tsx";
import { Segments } from "../../components/Form.tsx";
import { Empty, Facts, Panel } from "../../components/Layout.tsx";
import { Stack } from "../../components/Meter.tsx";
import { useDeployment } from "../../hooks/network.tsx";
import type { Solvency } from "./Reserves.tsx";
import { LAYERS } from "./StatePanel.tsx";

const GAPS = [
  ["5", "5%"],
  ["10", "10%"],
  ["20", "20%"],
  ["30", "30%"],
  ["50", "50%"],
] as const;

export interface GapProps {
  readonly solvency: Solvency;
  readonly percentage: string;
  readonly onPercentage: (percentage: string) => void;
}

/** What a jump of all prices would cost, and who would pay it. */
export function GapPanel({ solvency, percentage, onPercentage }: GapProps) {
  const { network } = useDeployment();
  const { gap } = solvency;
  const parts = [
    ...LAYERS.map(([key, name], index) => ({ name, value: gap.paid[key], tone: index })),
    { name: "Holders", value: gap.socialized, tone: 4 },
  ];
  return (
    <Panel
      title="What one more gap would do"
      note="All prices jump against the larger side at once, before anyone can be liquidated: an upper bound, without diversification."
    >
      <div className="form">
        <Segments label="Size of the gap" value={percentage} options={GAPS} onChoice={onPercentage} />
        {gap.loss === 0n ? (
          <Empty>Nothing: margins cover a gap of {percentage}%, or there is no open interest.</Empty>
        ) : (
          <Stack label="Who would pay" parts={parts} />
        )}
        <Facts
          rows={[
            ["Loss beyond margins", <Money value={gap.loss} />],
            ...LAYERS.map(([key, name]) => [name, <Money value={gap.paid[key]} />] as const),
            ["Holders (socialised)", <Money value={gap.socialized} />],
            gap.worstLoss > 0n
              ? [
                  "Worst market",
                  <>
                    {marketName(network, Number(gap.worstMarket))},{" "}
                    <Percent value={(gap.worstLoss * WAD) / gap.loss} one={WAD} digits={0} />
                  </>,
                ]
              : undefined,
          ]}
        />
      </div>
    </Panel>
  );
}

import { WAD } from "../../../../sdk/math/constants.ts";
import { toFloat } from "../../chain/format.ts";
import type { Series } from "../../chain/covers.ts";
import type { MarketView } from "../../chain/markets.ts";
import { LineChart } from "../../components/LineChart.tsx";
import { useDeployment } from "../../hooks/network.tsx";

export interface PayoffProps {
  readonly series: Series;
  readonly size: bigint;
  /** Token's own decimals. */
  readonly premium: bigint | undefined;
  readonly market: MarketView;
}

const STEPS = 40;

/** What holders are charged for each unit of base, with cover and without. */
export function PayoffPlot({ series, size, premium, market }: PayoffProps) {
  const { symbol, decimals } = useDeployment();
  const units = toFloat(size === 0n ? WAD : size);
  const limit = toFloat(series.limit);
  const cost = toFloat(premium ?? 0n, decimals);
  const charges = Array.from({ length: STEPS + 1 }, (_, step) => (step * limit * 1.6) / STEPS);
  return (
    <LineChart
      title={`Result in ${symbol} by what each unit of ${market.name} is charged: without cover minus the charge, with cover minus the premium and minus what the charge is above ${limit}`}
      lines={[
        { name: "Without cover", tone: "loss", isDashed: true, points: charges.map((x) => ({ x, y: -x * units })) },
        {
          name: "With cover",
          tone: "first",
          points: charges.map((x) => ({ x, y: -x * units + Math.min(x, limit) * units - cost })),
        },
      ]}
      formatX={(x) => x.toFixed(0)}
      xName={`charge for each ${market.name}, ${symbol}`}
      mark={{ x: limit, name: "limit" }}
    />
  );
}

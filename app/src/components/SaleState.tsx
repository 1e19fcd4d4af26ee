import { isOnSale } from "../chain/covers.ts";
import type { Series } from "../chain/covers.ts";
import { useNow } from "../hooks/clock.ts";
import { Badge } from "./Layout.tsx";

/** Whether a series can be bought now; why not, when pointed at. */
export function SaleState({ series }: { series: Series }) {
  const now = useNow();
  if (!isOnSale(series, now)) return <Badge>not on sale</Badge>;
  if (series.refusal === undefined) return <Badge tone="good">on sale</Badge>;
  return (
    <span title={series.refusal}>
      <Badge tone="warn">not sold now</Badge>
    </span>
  );
}

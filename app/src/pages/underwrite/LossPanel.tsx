import { useState } from "react";

import { Tranche } from "../../../../sdk/index.ts";
import { WAD } from "../../../../sdk/math/constants.ts";
import { splitDown } from "../../../../sdk/math/Waterfall.ts";
import { toWad } from "../../../../sdk/units.ts";
import { toFloat } from "../../chain/format.ts";
import { Money, Percent } from "../../components/Amount.tsx";
import { Facts, Panel } from "../../components/Layout.tsx";
import { LineChart } from "../../components/LineChart.tsx";
import { useDeployment } from "../../hooks/network.tsx";
import type { VaultReport } from "./Underwrite.tsx";

export interface LossPanelProps {
  readonly report: VaultReport;
  readonly tranche: Tranche;
  /** What the reader has in the tranche, token's own decimals. */
  readonly mine: bigint | undefined;
}

const STEPS = 50;

/** What a loss of the vault would do to its tranches, and to the reader. */
export function LossPanel({ report, tranche, mine }: LossPanelProps) {
  const { decimals } = useDeployment();
  const [text, setText] = useState("25");
  const { books } = report;
  const capital = books.junior + books.senior;
  const lossAt = (share: number) => tranchesAfter(books, (capital * BigInt(Math.round(share * 100))) / 10_000n);
  const share = Number(text);
  const after = lossAt(share);
  const [before, left] = tranche === Tranche.Junior ? [books.junior, after.junior] : [books.senior, after.senior];
  const own = mine === undefined ? undefined : toWad(mine, decimals);
  const ownAfter = own === undefined || before === 0n ? undefined : (own * left) / before;
  const line = (name: "junior" | "senior") =>
    Array.from({ length: STEPS + 1 }, (_, step) => {
      const x = (step * 100) / STEPS;
      const whole = books[name];
      return { x, y: whole === 0n ? 0 : toFloat((lossAt(x)[name] * WAD) / whole) * 100 };
    });
  return (
    <Panel title="What a loss would do" aside={`${text}% of the vault`}>
      <div className="form">
        <label className="hidden" htmlFor="loss">
          Loss of the vault's capital, per cent
        </label>
        <input
          id="loss"
          className="range"
          type="range"
          min="0"
          max="100"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <LineChart
          title={`What is left of each tranche by the loss of the vault: at ${text}% junior keeps ${percentOf(after.junior, books.junior)}, senior ${percentOf(after.senior, books.senior)}`}
          lines={[
            { name: "Junior keeps", tone: "second", points: line("junior") },
            { name: "Senior keeps", tone: "first", points: line("senior") },
          ]}
          formatX={(x) => `${x.toFixed(0)}%`}
          formatY={(y) => `${y.toFixed(0)}%`}
          mark={{ x: share, name: "" }}
          from={0}
          xName="loss of the vault's capital"
        />
        <Facts
          rows={[
            ["The loss", <Money value={(capital * BigInt(Math.round(share * 100))) / 10_000n} digits={0} />],
            [
              `${tranche === Tranche.Junior ? "Junior" : "Senior"} would lose`,
              <Percent value={before - left} one={before === 0n ? 1n : before} />,
            ],
            ["You have", <Money value={own} />],
            [
              "You would lose",
              <Money value={own === undefined || ownAfter === undefined ? undefined : ownAfter - own} isChange />,
            ],
            ["You would have left", <Money value={ownAfter} />],
          ]}
        />
      </div>
    </Panel>
  );
}

/** Junior pays first. */
function tranchesAfter({ junior, senior }: { junior: bigint; senior: bigint }, loss: bigint) {
  const { paid } = splitDown(loss, { reserve: 0n, junior, senior, reinsurance: 0n });
  return { junior: junior - paid.junior, senior: senior - paid.senior };
}

function percentOf(part: bigint, whole: bigint): string {
  return whole === 0n ? "nothing" : `${Number((part * 100n) / whole)}%`;
}

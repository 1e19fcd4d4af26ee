import { useState } from "react";

import { NO_ACCOUNT } from "../../../../sdk/index.ts";
import { WAD } from "../../../../sdk/math/constants.ts";
import { incomeCurve } from "../../chain/auctions.ts";
import type { AuctionView } from "../../chain/auctions.ts";
import { duration, plainAmount, toFloat } from "../../chain/format.ts";
import { Money, Percent } from "../../components/Amount.tsx";
import { Field, parsed, Submit } from "../../components/Form.tsx";
import { Badge, Empty, Facts, Panel, ReadError } from "../../components/Layout.tsx";
import { LineChart } from "../../components/LineChart.tsx";
import { useAction } from "../../hooks/actions.tsx";
import { useAccount } from "../../hooks/mine.ts";
import { useDeployment } from "../../hooks/network.tsx";
import { useRead } from "../../hooks/read.ts";

const TOLERANCE_BPS = 100n;

/** One account on sale: what a bid would bring, now and later, and the bid. */
export function BidPanel({ auction }: { auction: AuctionView | undefined }) {
  const { client } = useDeployment();
  const { account: bidder } = useAccount();
  const [text, setText] = useState("100");
  const bid = useAction();
  const start = useAction();
  const { value: percentage, problem } = parsed(text, 16);
  const fraction = percentage === undefined || percentage > WAD ? undefined : percentage;
  const least = useRead(["minMargin"], () => client.contracts.house.minMaintenanceMargin());
  const question = {
    account: auction?.account ?? NO_ACCOUNT,
    bidder: bidder ?? NO_ACCOUNT,
    ...(fraction && { fraction }),
  };
  const isReady = auction?.isLiquidatable === true && bidder !== undefined && fraction !== undefined && fraction > 0n;
  const preview = useRead(
    ["bid", question.account, bidder, fraction?.toString()],
    () => client.liquidations.preview(question),
    isReady,
  );
  if (auction === undefined) {
    return (
      <Panel title="Bid">
        <Empty>
          Choose an account that is on sale. Bids need margin in your own account: what you take comes with its
          positions.
        </Empty>
      </Panel>
    );
  }
  const curve = least.value === undefined ? [] : incomeCurve(auction.health, least.value, fraction ?? WAD);
  const elapsed = Number(auction.report.terms.elapsed);
  const isOwn = bidder?.toLowerCase() === auction.account.toLowerCase();
  const result = preview.value;
  const make = () =>
    bid.run([
      {
        label: "Bid in an auction",
        act: async ({ client: hand }) => {
          const seen = await hand.liquidations.preview(question);
          const request = hand.liquidations.request(question, seen, TOLERANCE_BPS);
          await hand.liquidations.simulate(request);
          return hand.liquidations.bid(request);
        },
      },
    ]);
  return (
    <Panel
      title="Bid"
      aside={
        auction.report.auction.isOpen ? (
          <Badge tone="warn">clock at {duration(auction.report.terms.elapsed)}</Badge>
        ) : (
          <Badge>the first bid starts the clock</Badge>
        )
      }
    >
      <div className="form">
        <LineChart
          title={`Income of the largest bid by the seconds on the clock; ${elapsed} s have passed`}
          lines={[
            {
              name: "Income of the largest bid",
              tone: "first",
              points: curve.map((point) => ({ x: point.elapsed / 60, y: toFloat(point.income) })),
            },
          ]}
          formatX={(x) => `${x.toFixed(0)} min`}
          mark={{ x: Math.min(elapsed / 60, 25), name: "now" }}
          from={0}
          xName="live minutes on the clock"
        />
        <Field
          label="Most that you take"
          text={text}
          onText={setText}
          unit="%"
          problem={problem ?? (fraction === undefined && text !== "" ? "At most 100%." : undefined)}
          hint={
            <>
              One bid takes at most <Percent value={auction.report.terms.maxFraction} one={WAD} /> now.
            </>
          }
          onMost={() => setText(plainAmount(100n, 0))}
        />
        <ReadError error={preview.error} />
        <Facts
          rows={[
            ["You take", <Percent value={result?.fraction} one={WAD} digits={2} />],
            ["You pay", <Money value={result?.payment} />],
            ["Penalty in it, to the fund", <Money value={result?.penalty} />],
            ["Your income, before gas", <Money value={result?.income} isChange />],
            result !== undefined && result.shortfall > 0n
              ? ["Missing, made good to you", <Money value={result.shortfall} />]
              : undefined,
            result !== undefined && result.socialized > 0n
              ? ["Of that charged to holders", <Money value={result.socialized} />]
              : undefined,
          ]}
        />
        <Submit
          action={bid}
          onSubmit={() => void make()}
          reason={isOwn ? "This is your own account." : !isReady ? "This account cannot be bid for now." : undefined}
        >
          Bid
        </Submit>
        {!auction.report.auction.isOpen && (
          <Submit
            action={start}
            kind="small"
            onSubmit={() =>
              void start.run([
                { label: "Start an auction", act: ({ client: hand }) => hand.liquidations.start(auction.account) },
              ])
            }
          >
            Start the clock only
          </Submit>
        )}
        <p className="hint">
          The bid is tried before it is sent, with one per cent of tolerance on price and income. You need initial
          margin after it.
        </p>
      </div>
    </Panel>
  );
}

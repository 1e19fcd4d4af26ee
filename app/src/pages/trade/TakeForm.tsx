import { useState } from "react";

import { NO_ACCOUNT, planOf, Scope } from "../../../../sdk/index.ts";
import type { Step as PlanStep } from "../../../../sdk/index.ts";
import { plainAmount } from "../../chain/format.ts";
import type { MarketView } from "../../chain/markets.ts";
import { offersFor, sweep } from "../../chain/sweep.ts";
import type { Fill, Offer } from "../../chain/sweep.ts";
import { Field, parsed, Segments, Submit } from "../../components/Form.tsx";
import { useAction } from "../../hooks/actions.tsx";
import type { Step } from "../../hooks/actions.tsx";
import { useNow } from "../../hooks/clock.ts";
import { useDeployment } from "../../hooks/network.tsx";
import { useRead } from "../../hooks/read.ts";
import { CoverSwitch } from "./CoverSwitch.tsx";
import type { CoverChoice, CoverState } from "./CoverSwitch.tsx";
import { Preview } from "./Preview.tsx";
import type { Intent } from "./Ticket.tsx";

const MOST_FILLS = 6;
const VALID_FOR = 600n;
/** The Router may trade for the account so long once it was allowed to. */
const LENT_FOR = 30n * 86_400n;

export interface TakeProps {
  readonly market: MarketView;
  readonly account: string | undefined;
  readonly offers: readonly Offer[];
  readonly intent: Intent | undefined;
  /** One order that was brought: its side is its own. */
  readonly isGiven: boolean;
}

type Side = "buy" | "sell";

/** Takes orders of others, best price first, with cover in the same transaction. */
export function TakeForm({ market, account, offers, intent, isGiven }: TakeProps) {
  const { client } = useDeployment();
  const now = useNow();
  const action = useAction();
  const given = isGiven ? offers[0] : undefined;
  const [picked, pick] = useState<Side>((intent?.size ?? 1n) > 0n ? "buy" : "sell");
  const side: Side = given === undefined ? picked : given.signed.order.size < 0n ? "buy" : "sell";
  const [text, setText] = useState(
    intent === undefined ? "" : plainAmount(intent.size < 0n ? -intent.size : intent.size, 18),
  );
  const [coverState, setCover] = useState<CoverState>("none");
  const cover = typeof coverState === "string" ? undefined : coverState;
  const { value: size, problem } = parsed(text, 18);
  const ranked = offersFor(
    offers.filter(({ signed }) => signed.order.account !== account),
    market.id,
    side === "buy",
  );
  const found = sweep(ranked, size ?? 0n, MOST_FILLS);
  const signed = side === "buy" ? found.found : -found.found;
  const preview = useRead(
    ["previewFill", account, market.id, signed.toString(), found.price.toString()],
    () =>
      client.orders.previewFill(account ?? NO_ACCOUNT, market.id, {
        size: signed,
        price: found.price,
        isTaker: true,
      }),
    account !== undefined && signed !== 0n,
  );
  const isShort = size !== undefined && found.found < size;
  const reason =
    size === undefined || size === 0n
      ? "Write a size."
      : found.fills.length === 0
        ? "No order on this side."
        : isShort
          ? "The orders on this side have less than that."
          : coverState === "unpriced"
            ? "There is no premium for this cover now. Switch cover off to trade without it."
            : preview.value?.addsRisk === true && !preview.value.meetsInitialMargin
              ? "Deposit more or trade less: the margin would not be enough."
              : undefined;
  const trade = async () => {
    if (account === undefined) return;
    const steps = stepsFor({
      fills: found.fills,
      account,
      cover,
      deadline: now + VALID_FOR,
      name: `${side} ${market.name}`,
    });
    if (await action.run(steps)) setText("");
  };
  return (
    <div className="form">
      <Segments
        label="Buy or sell"
        value={side}
        options={[
          ["buy", "Buy"],
          ["sell", "Sell"],
        ]}
        onChoice={pick}
      />
      <Field
        label="Size"
        text={text}
        onText={setText}
        unit={market.name}
        problem={problem}
        hint={isGiven ? "Of the order that you brought." : "At the best prices of the book."}
      />
      <CoverSwitch market={market} isLong={side === "buy"} size={found.found} onChoice={setCover} />
      {size !== undefined && size > 0n && found.found > 0n && account !== undefined && (
        <Preview
          market={market}
          price={found.price}
          size={signed}
          outcome={preview.value}
          error={preview.error}
          cover={cover}
        />
      )}
      <Submit action={action} kind={side} onSubmit={() => void trade()} reason={reason}>
        {side === "buy" ? "Buy" : "Sell"} {market.name}
        {cover === undefined ? "" : " with cover"}
      </Submit>
    </div>
  );
}

interface Terms {
  readonly fills: readonly Fill[];
  readonly account: string;
  readonly cover: CoverChoice | undefined;
  readonly deadline: bigint;
  readonly name: string;
}

/** One fill needs nobody's help. Several, or a fill with cover, are one transaction of the Router, which is lent the scopes once. */
function stepsFor({ fills, account, cover, deadline, name }: Terms): Step[] {
  const [first] = fills;
  if (fills.length === 1 && first !== undefined && cover === undefined) {
    return [{ label: name, act: ({ client }) => client.orders.fill(first.signed, account, first.size) }];
  }
  const lend: Step = {
    label: "Let the Router trade for you, for 30 days",
    act: async ({ client }) => {
      const scopes = Scope.Trade | Scope.Deposit;
      const isLent = await client.contracts.house.isAuthorized(account, client.addresses.router, scopes);
      return isLent ? undefined : client.accounts.lendRouter(deadline + LENT_FOR);
    },
  };
  const run: Step = {
    label: cover === undefined ? name : `${name} with cover`,
    act: async ({ client }) => {
      const trades = fills.map(({ signed, size }): PlanStep => ({ kind: "fill", signed, taker: account, size }));
      if (cover === undefined) return client.run(planOf(deadline, trades));
      const { series, units, maxPremium } = cover;
      const permit = await client.tokens.permit(client.covers.permitSpender, { value: maxPremium, deadline });
      return client.run(
        planOf(deadline, [
          { kind: "permit", asset: 0, permit },
          ...trades,
          { kind: "buyCover", series, units, maxPremium },
        ]),
      );
    },
  };
  return [lend, run];
}

import { useState } from "react";

import type { Place } from "../../../../sdk/index.ts";
import { duration, plainAmount } from "../../chain/format.ts";
import { Amount, Moment, Tokens } from "../../components/Amount.tsx";
import { Field, parsed, Submit } from "../../components/Form.tsx";
import { Badge, Empty, Facts, Notice, Panel } from "../../components/Layout.tsx";
import { useAction } from "../../hooks/actions.tsx";
import { useNow } from "../../hooks/clock.ts";
import { useDeployment } from "../../hooks/network.tsx";

export interface Mine {
  readonly shares: bigint;
  readonly decimals: number;
  /** Of all shares, queued ones too, token's own decimals. */
  readonly value: bigint;
  readonly exit: {
    readonly shares: bigint;
    readonly requestedAt: bigint;
    readonly opensAt: bigint;
    readonly closesAt: bigint;
    readonly isWithheld: boolean;
    readonly advanced: bigint;
  };
}

/** The reader's shares, and the way out: request, cooldown, window. */
export function ExitPanel({ place, mine }: { place: Place; mine: Mine | undefined }) {
  const [text, setText] = useState("");
  const request = useAction();
  if (mine === undefined || (mine.shares === 0n && mine.exit.shares === 0n)) {
    return (
      <Panel title="Your shares">
        <Empty>
          {mine === undefined ? "Connect a wallet to see your shares." : "You have no shares of this tranche."}
        </Empty>
      </Panel>
    );
  }
  const { value: shares, problem } = parsed(text, mine.decimals);
  const isTooMuch = shares !== undefined && shares > mine.shares;
  const ask = async () => {
    if (shares === undefined) return;
    const step = {
      label: "Request an exit",
      act: ({ client, address }: Hand) => client.vaults.requestExit(place, shares, address),
    };
    if (await request.run([step])) setText("");
  };
  return (
    <Panel title="Your shares">
      <div className="form">
        <Facts
          rows={[
            ["Shares", <Amount value={mine.shares} decimals={mine.decimals} digits={4} />],
            ["Leaving", <Amount value={mine.exit.shares} decimals={mine.decimals} digits={4} />],
            ["Worth in all", <Tokens value={mine.value} />],
          ]}
        />
        {mine.exit.shares > 0n && <Leaving place={place} exit={mine.exit} />}
        {mine.shares > 0n && (
          <>
            <Field
              label="Shares that leave"
              text={text}
              onText={setText}
              problem={problem ?? (isTooMuch ? "More than you have." : undefined)}
              hint={
                mine.exit.shares > 0n
                  ? "A second request adds to the first and starts its cooldown anew."
                  : "They go on bearing losses until they are paid."
              }
              onMost={() => setText(plainAmount(mine.shares, mine.decimals))}
            />
            <Submit
              action={request}
              onSubmit={() => void ask()}
              reason={!shares || isTooMuch ? "Write how many shares." : undefined}
            >
              Request exit
            </Submit>
          </>
        )}
      </div>
    </Panel>
  );
}

type Hand = Parameters<Parameters<ReturnType<typeof useAction>["run"]>[0][number]["act"]>[0];

function Leaving({ place, exit }: { place: Place; exit: Mine["exit"] }) {
  const { client } = useDeployment();
  const now = useNow();
  const claim = useAction();
  const cancel = useAction();
  const isOpen = now >= exit.opensAt && now <= exit.closesAt;
  const isOver = now > exit.closesAt;
  return (
    <Notice tone={isOpen ? "good" : "calm"}>
      <div className="form">
        <div className="spread">
          <b>{isOpen ? "The window is open" : isOver ? "The window has passed" : "Cooldown"}</b>
          {exit.isWithheld && <Badge tone="warn">part withheld</Badge>}
        </div>
        <Facts
          rows={[
            ["Requested", <Moment at={exit.requestedAt} />],
            isOpen || isOver
              ? undefined
              : ["Can be paid in", <span className="number countdown">{duration(exit.opensAt - now)}</span>],
            isOver ? undefined : ["Window ends", <Moment at={exit.closesAt} />],
            exit.advanced > 0n ? ["Paid already", <Amount value={exit.advanced} digits={2} unit="" />] : undefined,
          ]}
        />
        {isOpen && (
          <Submit
            action={claim}
            onSubmit={() =>
              void claim.run([
                {
                  label: "Take the exit",
                  act: ({ client: hand, address }) =>
                    hand.vaults.claimExit(place, { receiver: address, minAssets: 0n }),
                },
              ])
            }
          >
            Take what can be paid now
          </Submit>
        )}
        {isOver ? (
          <Submit
            action={cancel}
            onSubmit={() =>
              void cancel.run([
                {
                  label: "End the request",
                  act: async ({ client: hand, address }) =>
                    (await hand.vaults.share(place)).expireRedeemRequest(address),
                },
              ])
            }
          >
            End the request and keep the shares
          </Submit>
        ) : (
          exit.advanced === 0n && (
            <Submit
              action={cancel}
              kind="small"
              onSubmit={() =>
                void cancel.run([
                  { label: "Take the exit back", act: ({ client: hand }) => hand.vaults.cancelExit(place) },
                ])
              }
            >
              Take the request back
            </Submit>
          )
        )}
        <p className="hint">
          While incidents are open a part is withheld and paid later; the window waits for it.{" "}
          {client.manifest.network === "localhost" ? "On the local chain time passes as on a clock." : ""}
        </p>
      </div>
    </Notice>
  );
}

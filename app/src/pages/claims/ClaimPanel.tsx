import { bindToken } from "../../../../sdk/contracts.ts";
import { IncidentStatus } from "../../../../sdk/index.ts";
import type { BulwarkClient } from "../../../../sdk/index.ts";
import { isLive, LAPSE } from "../../chain/covers.ts";
import type { Series } from "../../chain/covers.ts";
import { duration, inUtc } from "../../chain/format.ts";
import { Amount, Money, Moment, Tokens } from "../../components/Amount.tsx";
import { Submit } from "../../components/Form.tsx";
import { Badge, Facts, Panel } from "../../components/Layout.tsx";
import { useAction } from "../../hooks/actions.tsx";
import type { Step } from "../../hooks/actions.tsx";
import { useNow } from "../../hooks/clock.ts";
import { WrapPanel } from "./WrapPanel.tsx";

export interface ClaimView {
  readonly series: Series;
  /** What the facts show now. */
  readonly shown: Awaited<ReturnType<BulwarkClient["claims"]["preview"]>>;
  readonly outcome: Awaited<ReturnType<BulwarkClient["claims"]["outcome"]>>;
  readonly incident: Awaited<ReturnType<BulwarkClient["claims"]["incident"]>>;
  readonly bond: Awaited<ReturnType<BulwarkClient["claims"]["bond"]>>;
  /** Held by the reader, WAD. */
  readonly units: bigint;
  /** What they would be paid now, token's own decimals. */
  readonly payout: bigint;
  readonly reportsUntil: bigint;
}

/** A series from the fact to the payout. */
export function ClaimPanel({ view }: { view: ClaimView }) {
  const { series, shown, outcome, incident, units } = view;
  const now = useNow();
  const isOpen = outcome.isOpen;
  const isConfirmed = outcome.confirmed > 0n;
  const isNew = shown.isDecided && shown.payoutPerUnit > outcome.confirmed;
  return (
    <Panel
      title={series.name}
      aside={
        <>
          {isConfirmed && <Badge tone="good">confirmed</Badge>}
          {isOpen && <Badge tone="warn">incident open</Badge>}
          {isNew && !isOpen && <Badge tone="warn">a loss has happened</Badge>}
          {!isConfirmed && !isOpen && !isNew && <Badge>{isLive(series, now) ? "nothing has happened" : "ended"}</Badge>}
        </>
      }
    >
      <div className="two">
        <Facts
          rows={[
            ["Pays for each unit, at most", <Money value={series.limit} />],
            [
              "The facts show, a unit",
              shown.isDecided || shown.payoutPerUnit > 0n ? (
                <Money value={shown.payoutPerUnit} digits={4} />
              ) : (
                "the trigger gives no answer now"
              ),
            ],
            shown.eventAt > 0n
              ? [
                  "When",
                  <span title={inUtc(shown.eventAt)}>
                    <Moment at={shown.eventAt} />
                  </span>,
                ]
              : undefined,
            ["Confirmed, a unit", <Money value={outcome.confirmed} digits={4} />],
            ["Cover ends", <Moment at={series.endsAt} />],
            ["Can be reported for another", view.reportsUntil > now ? duration(view.reportsUntil - now) : "no longer"],
          ]}
        />
        <div className="form">
          {incident.status !== BigInt(IncidentStatus.None) && <Evidence view={view} />}
          <Actions view={view} isNew={isNew} />
          {units > 0n && (
            <Facts
              rows={[
                ["You hold", <Amount value={units} unit="units" />],
                ["They would be paid now", <Tokens value={view.payout} />],
              ]}
            />
          )}
          {units > 0n && <Redeem view={view} />}
          <WrapPanel series={series} units={units} />
        </div>
      </div>
    </Panel>
  );
}

function Evidence({ view: { incident } }: { view: ClaimView }) {
  const now = useNow();
  const lapsesAt = incident.openedAt + LAPSE;
  const isOpen = incident.status === BigInt(IncidentStatus.Open);
  return (
    <Facts
      rows={[
        [
          `Incident ${incident.key}`,
          <>
            opened <Moment at={incident.openedAt} />
          </>,
        ],
        ["Showed, a unit", <Money value={incident.payoutPerUnit} digits={4} />],
        [
          "Evidence",
          <span className="number" title="The trigger's own count or reading">
            {incident.evidence.toString()}
          </span>,
        ],
        isOpen
          ? [
              "Lapses undecided in",
              <span className="number countdown">{lapsesAt > now ? duration(lapsesAt - now) : "now"}</span>,
            ]
          : ["Closed", <Moment at={incident.closedAt} />],
      ]}
    />
  );
}

function Actions({ view, isNew }: { view: ClaimView; isNew: boolean }) {
  const { series, outcome, bond, incident } = view;
  const now = useNow();
  const open = useAction();
  const resolve = useAction();
  const lapse = useAction();
  if (outcome.isOpen) {
    const canLapse = now > incident.openedAt + LAPSE;
    return (
      <>
        <Submit
          action={resolve}
          onSubmit={() =>
            void resolve.run([
              { label: `Decide: ${series.name}`, act: ({ client }) => client.claims.resolve(series.id) },
            ])
          }
        >
          Have it decided
        </Submit>
        {canLapse && (
          <Submit
            action={lapse}
            kind="small"
            onSubmit={() =>
              void lapse.run([{ label: `End: ${series.name}`, act: ({ client }) => client.claims.lapse(series.id) }])
            }
          >
            End it undecided
          </Submit>
        )}
      </>
    );
  }
  if (!isNew) return <p className="hint">Nothing can be claimed now: the facts show no more than is confirmed.</p>;
  return (
    <>
      <Submit action={open} onSubmit={() => void open.run(openSteps(view))}>
        Open an incident
      </Submit>
      <p className="hint">
        The bond of <Tokens value={bond.bond} /> returns with the decision; an incident that lapses costs{" "}
        <Tokens value={bond.lapseFee} />.
      </p>
    </>
  );
}

function openSteps({ series, bond }: ClaimView): Step[] {
  return [
    {
      label: "Allow the bond",
      act: async ({ client, signer, address }) => {
        const allowance = await bindToken(bond.token, signer).allowance(address, client.addresses.verifier);
        return allowance >= bond.bond
          ? undefined
          : client.tokens.approve(client.addresses.verifier, bond.bond, bond.token);
      },
    },
    { label: `Open an incident: ${series.name}`, act: ({ client }) => client.claims.open(series.id) },
  ];
}

function Redeem({ view: { series, units, payout, outcome } }: { view: ClaimView }) {
  const redeem = useAction();
  const now = useNow();
  const isEarly = isLive(series, now);
  return (
    <>
      <Submit
        action={redeem}
        reason={outcome.isOpen ? "Wait for the decision." : payout === 0n ? "Nothing is confirmed yet." : undefined}
        onSubmit={() =>
          void redeem.run([
            {
              label: `Payout: ${series.name}`,
              act: ({ client, address }) => client.covers.redeem(series.id, units, address),
            },
          ])
        }
      >
        Take the payout
      </Submit>
      {isEarly && payout > 0n && (
        <p className="hint">
          This gives your units up: what may still happen before the end would not be paid on them.
        </p>
      )}
    </>
  );
}

import type { Entry } from "../chain/journal.ts";
import { useJournal } from "../hooks/actions.tsx";
import { useNetwork } from "../hooks/network.tsx";
import { TransactionLink } from "./Amount.tsx";
import { Badge } from "./Layout.tsx";
import type { Tone } from "./Layout.tsx";
import { Popover } from "./Popover.tsx";

const STATES: Readonly<Record<Entry["status"], readonly [Tone, string]>> = {
  pending: ["warn", "pending"],
  confirmed: ["good", "done"],
  failed: ["bad", "failed"],
  lost: ["bad", "lost"],
};
const SHOWN = 8;

/** Transactions of this browser: those on their way, and the last ones. They survive a reload. */
export function Activity() {
  const { entries, journal } = useJournal();
  const { deployment } = useNetwork();
  const pending = entries.filter(({ status }) => status === "pending").length;
  if (deployment === undefined) return null;
  return (
    <>
      <Popover
        label={pending > 0 ? `${pending} pending` : "Activity"}
        name={`Activity: ${pending} pending transactions`}
        kind={pending > 0 ? "plain busy" : "plain"}
      >
        {entries.length === 0 && <p className="hint">Transactions that you send from this page are listed here.</p>}
        <ul className="activity">
          {entries.slice(0, SHOWN).map((entry) => (
            <li key={entry.hash}>
              <Badge tone={STATES[entry.status][0]}>{STATES[entry.status][1]}</Badge> {entry.label}{" "}
              <TransactionLink hash={entry.hash} />
              {entry.reason !== undefined && <p className="problem">{entry.reason}</p>}
            </li>
          ))}
        </ul>
        {entries.some(({ status }) => status !== "pending") && (
          <button type="button" className="small" onClick={() => journal?.clear()}>
            Clear the list
          </button>
        )}
      </Popover>
      <p className="hidden" role="status">
        {pending > 0 ? `${pending} transactions are pending` : ""}
      </p>
    </>
  );
}

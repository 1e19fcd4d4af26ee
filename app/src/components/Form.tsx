// Forms: fields with their units, switches, buttons that say what they wait for.
import { useId } from "react";
import type { ReactNode } from "react";

import { AmountError } from "../chain/errors.ts";
import { parseAmount } from "../chain/format.ts";
import type { ActionState } from "../hooks/actions.tsx";
import { useNetwork } from "../hooks/network.tsx";
import { useWallet } from "../hooks/wallet.tsx";
import { ErrorNotice } from "./Layout.tsx";

/** What stands in a field: a number, nothing yet, or why it is none. */
export interface Parsed {
  readonly value: bigint | undefined;
  readonly problem: string | undefined;
}

export function parsed(text: string, decimals: number): Parsed {
  if (text.trim() === "") return { value: undefined, problem: undefined };
  try {
    return { value: parseAmount(text, decimals), problem: undefined };
  } catch (error) {
    if (!(error instanceof AmountError)) throw error;
    return { value: undefined, problem: error.message };
  }
}

export interface FieldProps {
  readonly label: string;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly unit?: string;
  readonly hint?: ReactNode;
  readonly problem?: string | undefined;
  /** Fills in the most that there is. */
  readonly onMost?: (() => void) | undefined;
  readonly isText?: boolean;
  readonly placeholder?: string;
}

export function Field({ label, text, onText, unit, hint, problem, onMost, isText = false, placeholder }: FieldProps) {
  const id = useId();
  const described = problem !== undefined ? `${id}-problem` : hint !== undefined ? `${id}-hint` : undefined;
  return (
    <div className={`field${problem === undefined ? "" : " wrong"}`}>
      <label htmlFor={id}>{label}</label>
      <div className="box">
        <input
          id={id}
          value={text}
          onChange={(event) => onText(event.target.value)}
          inputMode={isText ? "text" : "decimal"}
          autoComplete="off"
          spellCheck={false}
          placeholder={placeholder ?? (isText ? "" : "0.00")}
          aria-describedby={described}
          aria-invalid={problem !== undefined}
        />
        {unit !== undefined && <span className="unit">{unit}</span>}
        {onMost !== undefined && (
          <button type="button" className="plain" onClick={onMost} aria-label={`Max for ${label}`}>
            Max
          </button>
        )}
      </div>
      {problem !== undefined ? (
        <p className="problem" id={`${id}-problem`}>
          {problem}
        </p>
      ) : (
        hint !== undefined && (
          <p className="hint" id={`${id}-hint`}>
            {hint}
          </p>
        )
      )}
    </div>
  );
}

export interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly (readonly [value: T, name: string])[];
  readonly onChoice: (value: T) => void;
  /** As wide as its options, not as its place. */
  readonly fits?: boolean;
}

/** One of few: all are seen at once. */
export function Segments<T extends string>({ label, value, options, onChoice, fits = false }: ChoiceProps<T>) {
  const name = useId();
  return (
    <fieldset className={`segments${fits ? " fits" : ""}`}>
      <legend className="hidden">{label}</legend>
      {options.map(([option, text]) => (
        <label key={option} className={option === value ? `on ${option}` : ""}>
          <input type="radio" name={name} checked={option === value} onChange={() => onChoice(option)} />
          {text}
        </label>
      ))}
    </fieldset>
  );
}

/** One of many. */
export function Select<T extends string>({ label, value, options, onChoice }: ChoiceProps<T>) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="box">
        <select id={id} value={value} onChange={(event) => onChoice(event.target.value as T)}>
          {options.map(([option, text]) => (
            <option key={option} value={option}>
              {text}
            </option>
          ))}
        </select>
      </div>
    </div>
  );
}

export function Switch({
  label,
  isOn,
  onSwitch,
  note,
}: {
  label: string;
  isOn: boolean;
  onSwitch: (isOn: boolean) => void;
  note?: ReactNode;
}) {
  const id = useId();
  return (
    <div className="switch">
      <input
        id={id}
        type="checkbox"
        role="switch"
        checked={isOn}
        onChange={(event) => onSwitch(event.target.checked)}
      />
      <label htmlFor={id}>{label}</label>
      {note !== undefined && <p className="hint">{note}</p>}
    </div>
  );
}

export interface SubmitProps {
  readonly action: ActionState;
  readonly onSubmit: () => void;
  readonly children: ReactNode;
  /** Why it cannot be pressed now. */
  readonly reason?: string | undefined;
  readonly kind?: "main" | "buy" | "sell" | "small";
  /** An action whose error another button of the form shows. */
  readonly isQuiet?: boolean;
  /** For those who hear the page, where the text alone says too little. */
  readonly name?: string;
}

/** A button that sends transactions: it says why it cannot, what it waits for, and what went wrong. */
export function Submit({ action, onSubmit, children, reason, kind = "main", isQuiet = false, name }: SubmitProps) {
  const { address, chainId } = useWallet();
  const { deployment } = useNetwork();
  const wrong = deployment !== undefined && chainId !== undefined && chainId !== deployment.manifest.chainId;
  const why = address === undefined ? "Connect a wallet first." : wrong ? "Switch the wallet's network first." : reason;
  const isOff = action.isBusy || why !== undefined;
  return (
    <div className="submit">
      <button
        type="button"
        className={kind}
        disabled={isOff}
        onClick={onSubmit}
        aria-label={name}
        title={kind === "small" ? why : undefined}
      >
        {children}
      </button>
      {!isQuiet && action.phase !== undefined && (
        <p className="phase" role="status">
          {action.phase}
        </p>
      )}
      {!isQuiet && action.phase === undefined && why !== undefined && kind !== "small" && <p className="hint">{why}</p>}
      {!isQuiet && action.error !== undefined && <ErrorNotice error={action.error} />}
    </div>
  );
}

// Numbers on the page: grouped, tabular, exact when pointed at.
import { digitsFor, duration, exactAmount, fixedAmount, inUtc, percent, shortHex } from "../chain/format.ts";
import { useNow } from "../hooks/clock.ts";
import { useDeployment } from "../hooks/network.tsx";

export interface AmountProps {
  readonly value: bigint | undefined;
  /** 18 when left out. */
  readonly decimals?: number;
  /** Shown; chosen by magnitude when left out. */
  readonly digits?: number;
  readonly unit?: string | undefined;
  /** Gains in green, losses in red, with a sign. */
  readonly isChange?: boolean;
}

/** Any amount. What is not known yet is a dash. */
export function Amount({ value, decimals = 18, digits, unit, isChange = false }: AmountProps) {
  if (value === undefined) return <span className="number unknown">–</span>;
  const shown = fixedAmount(value, decimals, digits ?? digitsFor(value, decimals));
  const tone = !isChange || value === 0n ? "" : value > 0n ? " gain" : " loss";
  const exact = `${exactAmount(value, decimals)}${unit ? ` ${unit}` : ""}`;
  return (
    <span className={`number${tone}`} title={exact}>
      {isChange && value > 0n ? "+" : ""}
      {shown}
      {unit !== undefined && <span className="unit"> {unit}</span>}
    </span>
  );
}

/** WAD of the settlement token. */
export function Money(props: Omit<AmountProps, "unit" | "decimals">) {
  return <Amount digits={2} {...props} unit={useDeployment().symbol} />;
}

/** The settlement token in its own decimals. */
export function Tokens(props: Omit<AmountProps, "unit" | "decimals">) {
  const { symbol, decimals } = useDeployment();
  return <Amount digits={2} {...props} decimals={decimals} unit={symbol} />;
}

/** A fraction of `one`. */
export function Percent({ value, one, digits = 1 }: { value: bigint | undefined; one: bigint; digits?: number }) {
  if (value === undefined) return <span className="number unknown">–</span>;
  return (
    <span className="number" title={percent(value, one, 6)}>
      {percent(value, one, digits)}
    </span>
  );
}

/** A time of the chain, and how far away it is. */
export function Moment({ at }: { at: bigint | number }) {
  const now = useNow();
  const seconds = BigInt(at);
  const text = seconds > now ? `in ${duration(seconds - now)}` : `${duration(now - seconds)} ago`;
  return (
    <time className="number" dateTime={new Date(Number(seconds) * 1_000).toISOString()} title={inUtc(seconds)}>
      {text}
    </time>
  );
}

/** An address, its ends. */
export function Address({ of }: { of: string }) {
  return (
    <span className="number hex" title={of}>
      {shortHex(of)}
    </span>
  );
}

/** A transaction: at the network's explorer where it has one, otherwise on a page of our own. */
export function TransactionLink({ hash }: { hash: string }) {
  const { network } = useDeployment();
  if (network.explorer === undefined) {
    return (
      <a className="hex" href={`#/transaction/${hash}`} title={hash}>
        {shortHex(hash)}
      </a>
    );
  }
  return (
    <a className="hex" href={`${network.explorer}/tx/${hash}`} title={hash} target="_blank" rel="noreferrer">
      {shortHex(hash)}
    </a>
  );
}

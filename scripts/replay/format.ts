/** Writing numbers for people and for files. WAD is the scale of all money inside. */
const WAD_DECIMALS = 18;

/** Exact decimal of a WAD amount, without trailing zeros: "1234.5", "-0.000000000000002315". */
export function decimal(amount: bigint, decimals = WAD_DECIMALS): string {
  const scale = 10n ** BigInt(decimals);
  const absolute = amount < 0n ? -amount : amount;
  const fraction = (absolute % scale).toString().padStart(decimals, "0").replace(/0+$/, "");
  const whole = (absolute / scale).toString();
  return `${amount < 0n ? "-" : ""}${whole}${fraction === "" ? "" : `.${fraction}`}`;
}

/** A WAD amount for reading: rounded to `digits` decimals, with separators. */
export function readable(amount: bigint, digits = 0): string {
  const step = 10n ** BigInt(WAD_DECIMALS - digits);
  const rounded = ((amount < 0n ? amount - step / 2n : amount + step / 2n) / step) * step;
  const [whole = "0", fraction = ""] = decimal(rounded).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return digits === 0 ? grouped : `${grouped}.${fraction.padEnd(digits, "0")}`;
}

/** A count with separators. */
export function count(value: number | bigint): string {
  return value.toString().replace(/\B(?=(\d{3})+$)/g, ",");
}

/** "12 Mar 2020 10:30" of seconds since 1970, UTC. */
export function moment(time: number): string {
  const [date = "", clock = ""] = new Date(time * 1_000).toISOString().split("T");
  const [year = "", month = "1", day = ""] = date.split("-");
  return `${Number(day)} ${MONTHS[Number(month) - 1] ?? ""} ${year} ${clock.slice(0, 5)}`;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** A WAD amount as a number for drawing. */
export function toNumber(amount: bigint): number {
  return Number(amount) / 1e18;
}

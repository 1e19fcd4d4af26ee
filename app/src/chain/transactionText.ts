export { logReader } from "../../../sdk/index.ts";

/** A value of an event as text: structs field by field. */
export function wordOfValue(value: unknown): string {
  if (typeof value === "object" && value !== null) {
    const parts = Object.entries(value).map(([name, item]) => `${name} ${wordOfValue(item)}`);
    return parts.join(", ");
  }
  return String(value);
}

/** A time on an axis. */
export function clockTime(seconds: number): string {
  const text = new Date(seconds * 1_000).toISOString();
  return `${text.slice(5, 10)} ${text.slice(11, 16)}`;
}

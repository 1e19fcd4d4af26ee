/** As SourceStatus of IPriceSource. */
export const Status = {
  Valid: 0n,
  Unreachable: 1n,
  Malformed: 2n,
  NotPositive: 3n,
  OutsideBand: 4n,
  FromFuture: 5n,
  Stale: 6n,
  DecimalsChanged: 7n,
  Uncertain: 8n,
} as const;

// What is measured, and what performance.md asks for. What peers need stands in quoted.ts and peers/.

export interface Peer {
  readonly name: string;
  readonly gas: number;
  /** Who measured it, and how. */
  readonly origin: string;
}

/** Takes down a peer that was run here, by key of the row that it stands beside. */
export type AddPeer = (key: string, peer: Peer) => void;

/** One line of the table. */
export interface Row {
  /** Name on the command line and in the snapshot. */
  readonly key: string;
  readonly operation: string;
  /** Markets that the counterparties hold; undefined where that does not matter. */
  readonly markets?: number;
  readonly goal?: number;
  /** Key of the floor's breakdown in floors.ts. */
  readonly floor?: string;
}

export const ROWS: readonly Row[] = [
  {
    key: "bid",
    operation: "bid, V > 0, to target, starts and ends its auction",
    markets: 1,
    goal: 85_000,
    floor: "bid",
  },
  { key: "bid-2", operation: "bid, V > 0", markets: 2 },
  { key: "bid-4", operation: "bid, V > 0", markets: 4 },
  {
    key: "bid-market",
    operation: "bid, V > 0, each further market",
    goal: 31_000,
    floor: "bid-market",
  },
  {
    key: "bid-partial",
    operation: "bid, V > 0, a hundredth: starts an auction that goes on",
    markets: 1,
  },
  { key: "bid-refresh", operation: "bid, V > 0, reads its prices itself", markets: 1 },
  {
    key: "bid-reserve",
    operation: "bid, V <= 0, reserve pays",
    markets: 1,
    goal: 105_000,
    floor: "bid-reserve",
  },
  { key: "bid-reserve-2", operation: "bid, V <= 0, reserve pays", markets: 2 },
  { key: "bid-reserve-4", operation: "bid, V <= 0, reserve pays", markets: 4 },
  { key: "reserve-market", operation: "bid, V <= 0, reserve pays, each further market", floor: "bid-market" },
  {
    key: "bid-waterfall",
    operation: "bid through reserve, junior, senior, reinsurance and socialised loss",
    markets: 1,
    goal: 200_000,
    floor: "bid-waterfall",
  },
  {
    key: "bid-socialised",
    operation: "bid, V <= 0, everything empty, all socialised",
    markets: 1,
    goal: 115_000,
    floor: "bid-socialised",
  },
  { key: "bid-socialised-2", operation: "bid, V <= 0, all socialised", markets: 2 },
  { key: "bid-socialised-4", operation: "bid, V <= 0, all socialised", markets: 4 },
  {
    key: "socialise-market",
    operation: "socialise, each further market",
    goal: 19_000,
    floor: "socialise-market",
  },
  {
    key: "deleverage",
    operation: "deleverage, V <= 0, fund empty",
    markets: 1,
    goal: 88_000,
    floor: "deleverage",
  },
  { key: "deleverage-2", operation: "deleverage, V <= 0", markets: 2 },
  { key: "deleverage-4", operation: "deleverage, V <= 0", markets: 4 },
  { key: "deleverage-market", operation: "deleverage, each further market", goal: 43_000, floor: "deleverage-market" },
  {
    key: "bid-worst",
    operation: "worst account: all prices read, all socialised, both sides hold all markets",
    markets: 16,
    goal: 2_400_000,
    floor: "bid-worst",
  },
  {
    key: "health",
    operation: "margin check (view)",
    markets: 1,
    goal: 22_000,
    floor: "health",
  },
  { key: "health-2", operation: "margin check (view)", markets: 2 },
  { key: "health-4", operation: "margin check (view)", markets: 4 },
  {
    key: "health-market",
    operation: "margin check, each further market",
    goal: 13_000,
    floor: "health-market",
  },
  {
    key: "fill",
    operation: "fill of a signed order, positions exist",
    markets: 1,
    goal: 110_000,
    floor: "fill",
  },
  {
    key: "fill-new",
    operation: "fill of a signed order, taker's position new",
    markets: 1,
    goal: 128_000,
    floor: "fill-new",
  },
  {
    key: "fill-gap",
    operation: "fill of a signed order under a gap premium, positions exist",
    markets: 1,
    floor: "fill-gap",
  },
  {
    key: "deposit",
    operation: "deposit into the house",
    markets: 1,
    goal: 33_000,
    floor: "deposit",
  },
  {
    key: "withdraw",
    operation: "withdraw from the house",
    markets: 1,
    goal: 52_000,
    floor: "withdraw",
  },
  {
    key: "refresh",
    operation: "refresh, consensus of 2 Chainlink feeds and Pyth (SDK's mock)",
    goal: 66_000,
    floor: "refresh",
  },
  { key: "refresh-sample", operation: "refresh, with a sample of volatility (every 15 min)", floor: "refresh" },
  {
    key: "refresh-mixed-3",
    operation: "refresh, consensus of Chainlink, Pyth (SDK's mock) and a Uniswap v3 pool",
    floor: "refresh-mixed-3",
  },
  {
    key: "refresh-mixed-5",
    operation: "refresh, consensus of these, RedStone and a ratio over Chainlink",
    floor: "refresh-mixed-5",
  },
  { key: "price-again", operation: "cached price, again in the transaction", goal: 900, floor: "price-again" },
  {
    key: "price-cached",
    operation: "cached price, first read in a later transaction of the second",
    goal: 4_900,
    floor: "price-cached",
  },
  {
    key: "prices-cached-4",
    operation: "four cached prices in one call, first read in a later transaction of the second",
    floor: "prices-cached-4",
  },
  {
    key: "vault-deposit",
    operation: "vault deposit (premium accrual, share token)",
    goal: 46_000,
    floor: "vault-deposit",
  },
  {
    key: "vault-request",
    operation: "vault, request of an exit",
    goal: 33_000,
    floor: "vault-request",
  },
  {
    key: "vault-redeem",
    operation: "vault, exit paid after its cooldown",
    goal: 46_000,
    floor: "vault-redeem",
  },
  {
    key: "draw",
    operation: "backstop draw, booked",
    goal: 16_000,
    floor: "draw",
  },
  { key: "collect", operation: "backstop, what was drawn is sent to the fund", floor: "collect" },
  {
    key: "draw-collect",
    operation: "backstop draw and collection (two transactions added up)",
    goal: 38_000,
    floor: "draw-collect",
  },
  { key: "settle", operation: "fund settles with house and both vaults", floor: "settle" },
  {
    key: "cover-buy",
    operation: "buy cover (priced, escrowed)",
    goal: 80_000,
    floor: "cover-buy",
  },
  { key: "cover-complete", operation: "complete a purchase of cover: mint (ERC-1155)", floor: "cover-complete" },
  {
    key: "cover-redeem",
    operation: "redeem cover after confirmation",
    goal: 42_000,
    floor: "cover-redeem",
  },
  {
    key: "claim-open",
    operation: "claim, incident opened on a fact of the house",
    floor: "claim-open",
  },
  {
    key: "claim-resolve",
    operation: "claim, incident resolved, bond returned",
    floor: "claim-resolve",
  },
  { key: "claim-attest", operation: "claim attested by two of two keys", floor: "claim-attest" },
  {
    key: "claim-challenge",
    operation: "attested claim challenged",
    floor: "claim-challenge",
  },
  { key: "notify", operation: "a subscriber that does nothing is told of an incident", floor: "notify" },
  {
    key: "normal-cdf",
    operation: "normal distribution function, error <= 1e-15 (pure, mean of 41 arguments)",
    goal: 650,
  },
  {
    key: "digital-put",
    operation: "put that pays all or nothing, rounded up (pure, mean of 20)",
    goal: 1_900,
  },
  {
    key: "one-touch",
    operation: "probability of touching a barrier, rounded up (pure, mean of 20)",
    goal: 2_600,
  },
];

// What is measured, what performance.md asks for, and what peers need. Peers that the bench runs itself (peers/) replace what is quoted.

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
  readonly peer?: Peer;
}

/** Own sources or published bytecode of the peer, in Foundry's EVM, cold, isolated transactions, before refund. */
const QUOTED = "measured for performance.md";

const quoted = (name: string, gas: number): Peer => ({ name, gas, origin: QUOTED });

/** From the peer's own repository: npm does not have it, so that it cannot be run again here. */
const quotedElsewhere = (name: string, gas: number): Peer => ({
  name,
  gas,
  origin: `${QUOTED} from the author's repository; not on npm`,
});

export const ROWS: readonly Row[] = [
  {
    key: "bid",
    operation: "bid, V > 0, to target, starts and ends its auction",
    markets: 1,
    goal: 85_000,
    floor: "bid",
    peer: quoted("Morpho Blue liquidate (one pair, no auction)", 80_329),
  },
  { key: "bid-2", operation: "bid, V > 0", markets: 2 },
  { key: "bid-4", operation: "bid, V > 0", markets: 4 },
  {
    key: "bid-market",
    operation: "bid, V > 0, each further market",
    goal: 31_000,
    floor: "bid-market",
    peer: quoted("Derive v2, each further option", 232_000),
  },
  {
    key: "bid-partial",
    operation: "bid, V > 0, a hundredth: starts an auction that goes on",
    markets: 1,
    peer: quoted("Derive v2 start + bid", 963_272),
  },
  { key: "bid-refresh", operation: "bid, V > 0, reads its prices itself", markets: 1 },
  {
    key: "bid-reserve",
    operation: "bid, V <= 0, reserve pays",
    markets: 1,
    goal: 105_000,
    floor: "bid-reserve",
    peer: quoted("Derive v2 start + bid, insolvent", 1_020_700),
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
    peer: quoted("Derive v2 bid, socialised", 735_601),
  },
  { key: "bid-socialised-2", operation: "bid, V <= 0, all socialised", markets: 2 },
  { key: "bid-socialised-4", operation: "bid, V <= 0, all socialised", markets: 4 },
  {
    key: "socialise-market",
    operation: "socialise, each further market",
    goal: 19_000,
    floor: "socialise-market",
    peer: quoted("Derive v2", 80_000),
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
    peer: quoted("Derive v2, 16 options, prices cached", 5_315_251),
  },
  {
    key: "health",
    operation: "margin check (view)",
    markets: 1,
    goal: 22_000,
    floor: "health",
    peer: quoted("Derive v2", 167_562),
  },
  { key: "health-2", operation: "margin check (view)", markets: 2 },
  { key: "health-4", operation: "margin check (view)", markets: 4 },
  {
    key: "health-market",
    operation: "margin check, each further market",
    goal: 13_000,
    floor: "health-market",
    peer: quoted("Derive v2", 58_371),
  },
  {
    key: "fill",
    operation: "fill of a signed order, positions exist",
    markets: 1,
    goal: 110_000,
    floor: "fill",
    peer: quoted("Derive v2 trade", 583_099),
  },
  {
    key: "fill-new",
    operation: "fill of a signed order, taker's position new",
    markets: 1,
    goal: 128_000,
    floor: "fill-new",
    peer: quoted("Perp v2 openPosition", 615_123),
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
    peer: quoted("Derive v2", 124_337),
  },
  {
    key: "withdraw",
    operation: "withdraw from the house",
    markets: 1,
    goal: 52_000,
    floor: "withdraw",
    peer: quoted("Derive v2", 149_821),
  },
  {
    key: "refresh",
    operation: "refresh, consensus of 2 Chainlink feeds and Pyth (SDK's mock)",
    goal: 66_000,
    floor: "refresh",
    peer: quoted("reference median of 3 (no volatility, no clock)", 56_751),
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
    peer: quoted("Derive v2 getSpot", 4_874),
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
    peer: quoted("OpenZeppelin 4626 (no accrual)", 33_391),
  },
  {
    key: "vault-request",
    operation: "vault, request of an exit",
    goal: 33_000,
    floor: "vault-request",
    peer: quoted("Umbrella cooldown", 36_718),
  },
  {
    key: "vault-redeem",
    operation: "vault, exit paid after its cooldown",
    goal: 46_000,
    floor: "vault-redeem",
    peer: quoted("Umbrella redeem", 60_856),
  },
  {
    key: "draw",
    operation: "backstop draw, booked",
    goal: 16_000,
    floor: "draw",
    peer: quoted("Umbrella slash", 41_180),
  },
  { key: "collect", operation: "backstop, what was drawn is sent to the fund" },
  {
    key: "draw-collect",
    operation: "backstop draw and collection (two transactions added up)",
    goal: 38_000,
    floor: "draw-collect",
    peer: quoted("Umbrella slash", 41_180),
  },
  { key: "settle", operation: "fund settles with house and both vaults" },
  {
    key: "cover-buy",
    operation: "buy cover (priced, escrowed)",
    goal: 80_000,
    floor: "cover-buy",
    peer: quoted("Nexus Mutual v3 buyCover", 374_211),
  },
  { key: "cover-complete", operation: "complete a purchase of cover: mint (ERC-1155)" },
  {
    key: "cover-redeem",
    operation: "redeem cover after confirmation",
    goal: 42_000,
    floor: "cover-redeem",
    peer: quoted("Nexus Mutual v3 submit, 3 votes, redeem", 640_093),
  },
  {
    key: "claim-open",
    operation: "claim, incident opened on a fact of the house",
    floor: "claim-open",
    peer: quoted("Nexus Mutual v3 submitClaim", 205_681),
  },
  {
    key: "claim-resolve",
    operation: "claim, incident resolved, bond returned",
    floor: "claim-resolve",
    peer: quoted("Nexus Mutual v3, one vote of three", 69_619),
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
    peer: quotedElsewhere("solgauss cdf, 5e-9 (DeFiMath 607 at 6e-17, Osaka only; Derive 877 at 4e-17)", 425),
  },
  {
    key: "digital-put",
    operation: "put that pays all or nothing, rounded up (pure, mean of 20)",
    goal: 1_900,
    peer: quotedElsewhere("DeFiMath Black-Scholes call (Osaka only)", 2_560),
  },
  {
    key: "one-touch",
    operation: "probability of touching a barrier, rounded up (pure, mean of 20)",
    goal: 2_600,
    peer: quotedElsewhere("DeFiMath Black-Scholes call (Osaka only; Derive Black76, both sides, 5,165)", 2_560),
  },
];

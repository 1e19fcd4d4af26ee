// What peers need, as it was measured once when the goals were set: of those that the bench does not run itself because npm does not have
// them, and of those that it leaves out under --check. It cannot be repeated from here; repository and function say what to measure anew.
import type { PeerFigure } from "./peers/index.ts";

/** A transaction, counted as ours are: without the 21,000 and calldata. */
const IN_FOUNDRY = "its own code in Foundry's EVM, isolated, cold, before refund";
/** A view: the frame of the callee, everything cold. */
const VIEW = "its own code in Foundry's EVM, frame of the callee, all cold";
/** Mathematics: the frame of the function less that of one that does nothing. */
const PURE = "its own code in Foundry's EVM, compiled via IR, less a function that does nothing";

/** Repositories of who is quoted, and what stood around the code that was measured. */
const SOURCES = {
  derive: { name: "Derive v2", source: "derivexyz/v2-core, standard risk manager" },
  deriveFeeds: { name: "Derive v2", source: "derivexyz/v2-core, spot feed of signed data" },
  deriveMath: { name: "Derive", source: "derivexyz/lyra-utils" },
  umbrella: {
    name: "Umbrella",
    source: "aave-dao/aave-umbrella, StakeToken behind its proxy, rewards that do nothing",
  },
  nexus: { name: "Nexus Mutual v3", source: "NexusMutual/smart-contracts, registry, pool and ramm mocked" },
  liquity2: { name: "Liquity v2", source: "liquity/bold" },
  liquity1: { name: "Liquity v1", source: "liquity/dev" },
  perp: { name: "Perp v2", source: "perpetual-protocol/perp-curie-contract, bytecode published on npm" },
  morpho: { name: "Morpho Blue", source: "morpho-org/morpho-blue, price from a mock of one slot" },
  openZeppelin: { name: "OpenZeppelin ERC4626", source: "OpenZeppelin/openzeppelin-contracts" },
  reference: { name: "Reference consumer", source: "no peer: written for the comparison" },
  solgauss: { name: "solgauss", source: "cairoeth/solgauss" },
  deFiMath: { name: "DeFiMath", source: "MerkleBlue/defimath; needs Osaka" },
} as const;

/** Who, what of it, and gas; `how` says in what way it was measured where that is not a transaction. */
function quoted(key: string, who: keyof typeof SOURCES, what: string, gas: number, how = IN_FOUNDRY): PeerFigure {
  const { name, source } = SOURCES[who];
  return { key, peer: { name: `${name} ${what}`, gas, origin: `quoted: ${source}; ${how}` } };
}

/** By key of the row that each stands beside. The table shows the cheapest of a row; all are listed under it. */
export const QUOTED: readonly PeerFigure[] = [
  quoted("bid", "morpho", "liquidate (one pair, no auction)", 80_329),
  quoted("bid", "derive", "startAuction + bid, 1 option", 963_272),
  quoted("bid-market", "derive", "bid, each further option (mean of 1 to 16, rounded)", 232_000),
  quoted("bid-partial", "derive", "startAuction + bid, 1 option", 963_272),
  quoted("bid-reserve", "derive", "startAuction + bid, insolvent, its security module pays", 1_020_700),
  quoted("bid-socialised", "derive", "bid of a half, its security module empty", 735_601),
  quoted("socialise-market", "derive", "bid, what printing the loss adds once (rounded)", 80_000),
  quoted("bid-worst", "derive", "startAuction + bid, 16 options, prices cached", 5_315_251),
  quoted("health", "derive", "getMargin (IM), 1 option", 167_562, VIEW),
  quoted("health-market", "derive", "getMargin (IM), each further option, mean of 1 to 16", 58_371, VIEW),
  quoted("fill", "derive", "trade of 1 option, two margin checks", 583_099),
  quoted("fill-new", "perp", "openPosition", 615_123),
  quoted("deposit", "derive", "cash.deposit", 124_337),
  quoted("withdraw", "derive", "cash.withdraw, no positions", 149_821),
  quoted("refresh", "reference", "median of 3 Chainlink feeds (no volatility, no clock)", 56_751, VIEW),
  quoted("price-cached", "deriveFeeds", "getSpot", 4_874, VIEW),
  quoted("vault-deposit", "openZeppelin", "deposit (no accrual)", 33_391),
  quoted("vault-deposit", "umbrella", "deposit", 53_732),
  quoted("vault-request", "umbrella", "cooldown", 36_718),
  quoted("vault-redeem", "umbrella", "redeem", 60_856),
  ...["draw", "draw-collect"].flatMap((key) => [
    quoted(key, "umbrella", "slash, tokens sent at once", 41_180),
    quoted(key, "liquity2", "StabilityPool.offset", 81_005),
    quoted(key, "liquity1", "StabilityPool.offset, which issues LQTY too", 139_212),
  ]),
  quoted("cover-buy", "nexus", "Cover.buyCover, paid in ETH, one pool", 374_211),
  quoted("cover-redeem", "nexus", "submitClaim, 3 x castVote, redeemClaimPayout", 640_093),
  quoted("claim-open", "nexus", "submitClaim", 205_681),
  quoted("claim-resolve", "nexus", "castVote, one of three", 69_619),
  quoted("normal-cdf", "solgauss", "cdf, error 5e-9", 425, PURE),
  quoted("normal-cdf", "deFiMath", "stdNormCDF, error 6e-17", 607, PURE),
  quoted("normal-cdf", "deriveMath", "stdNormalCDF, error 4e-17", 877, PURE),
  ...["digital-put", "one-touch"].flatMap((key) => [
    quoted(key, "deFiMath", "BlackScholes.call", 2_560, PURE),
    quoted(key, "deriveMath", "Black76.prices, call and put, in a library of its own", 5_165, PURE),
  ]),
];

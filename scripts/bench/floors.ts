// The least that each operation must cost: the state that it has to touch, at the prices of EIP-2929, EIP-2200 and EIP-1153. Operations of
// the house are added up in the house's storage layout, without arithmetic, dispatch, memory or a second reading of anything. For prices and
// vaults performance.md has measured skeletons: their state is listed, and what their code needs stands beside it.

/** Gas of one thing that must happen. */
const ACCOUNT = 2_600; // EIP-2929: first call of an account in a transaction
const READ = 2_100; // first reading of a slot
const WRITE = 5_000; // a slot that is not zero gets another value, or is cleared (before refund)
const CREATE = 22_100; // a slot that was zero
const LOCK = 300; // transient reentrancy lock: one reading, two writings
const LOG = 375; // an event, and the same again for each topic
const LOG_WORD = 256; // 32 bytes of an event's data
const SIGNATURE = 3_000; // ecrecover
const TRANSFER_EVENT = 1_756;
/** ERC-20 `transfer` between balances that are not zero: account, two balances, event. */
const PUSH = ACCOUNT + 2 * WRITE + TRANSFER_EVENT;
/** ERC-20 `transferFrom` with an unlimited allowance. */
const PULL = PUSH + READ;
/** A Chainlink feed, proxy and aggregator: two accounts, five slots, and their own code as it was measured. */
const FEED = 2 * ACCOUNT + 5 * READ + 2_459;

export interface Part {
  readonly what: string;
  readonly gas: number;
}

const accounts = (count: number, what: string): Part => ({ what: `first call of ${what}`, gas: count * ACCOUNT });
const reads = (count: number, what: string): Part => ({ what: `read ${what}`, gas: count * READ });
const writes = (count: number, what: string): Part => ({ what: `write ${what}`, gas: count * WRITE });
const creates = (count: number, what: string): Part => ({ what: `new slot: ${what}`, gas: count * CREATE });
const locks = (count: number): Part => ({ what: `${count} x transient lock`, gas: count * LOCK });
/** What a skeleton that does nothing else was measured to need beyond its state: dispatch, arithmetic, memory, the token's code. */
const code = (gas: number): Part => ({ what: "code of the measured skeleton", gas });
const event = (name: string, topics: number, words: number): Part => ({
  what: `event ${name}`,
  gas: LOG * (1 + topics) + words * LOG_WORD,
});

const CACHED_PRICE = [accounts(1, "oracle"), reads(1, "price")];
const BID = [
  accounts(1, "house"),
  ...CACHED_PRICE,
  reads(4, "auction, house's settings, market, side"),
  writes(4, "header and position of seller and bidder"),
  writes(3, "fund account, sum of penalties, seller's liquidation cost"),
  locks(2),
  event("BidFilled", 3, 9),
];
const LOSS = [
  accounts(1, "house"),
  accounts(1, "fund"),
  ...CACHED_PRICE,
  reads(4, "auction, house's settings, market, side"),
  reads(1, "average price (weights of LIQ-05)"),
  reads(2, "segment: shares and layers"),
  writes(1, "what was drawn and unpaid"),
  locks(3),
  event("Covered", 2, 7),
];
const BID_LOSS = [
  ...LOSS,
  writes(4, "header and position of seller and bidder"),
  reads(1, "sum of penalties"),
  event("BidFilled", 3, 9),
];
const RESERVE = [writes(1, "reserve"), writes(1, "draw budget"), writes(1, "fund account")];
const SOCIALISED = [writes(2, "opposite side, its facts"), reads(1, "open interest"), event("SideCharged", 3, 2)];
const SOLD_MARKET = [reads(3, "price, market, side"), writes(2, "position of seller and bidder")];
const CHARGED_MARKET = [reads(1, "average price"), ...SOCIALISED];
const CLOSED_SIDE = [
  writes(1, "position"),
  writes(3, "opposite side, its facts, open interest"),
  event("SideDeleveraged", 3, 2),
];
const CLOSED_MARKET = [reads(4, "price, average price, market, side"), ...CLOSED_SIDE];
const HEALTH_MARKET = [reads(4, "price, market, side, position")];
const LAYERS = [
  accounts(2, "both vaults"),
  writes(2, "junior and senior"),
  writes(2, "commitment, vault's ledger"),
  event("Drawn", 2, 3),
  writes(3, "reinsurance: senior, commitment, ledger"),
  event("Drawn", 2, 3),
];
const FILL = [
  accounts(1, "house"),
  ...CACHED_PRICE,
  locks(2),
  { what: "maker's signature", gas: SIGNATURE },
  writes(1, "word of used nonces"),
  reads(5, "order book's address, house's settings, market, both sides"),
  reads(1, "second side"),
  writes(2, "headers"),
  writes(2, "open interest, fees"),
  event("OrderFilled", 4, 4),
  event("Traded", 4, 4),
];
const TRANSFER = { what: "event Transfer of the share", gas: TRANSFER_EVENT };
/** Event of a vault: two topics, four words. */
const VAULT_EVENT = event("of the vault", 2, 4);
const POOL = writes(1, "pool: both tranches");
const MOVED = [locks(1), { what: "token: push", gas: PUSH }];
const PULLED = [locks(1), { what: "token: pull", gas: PULL }];

/** MockPyth: the price with its exponent and confidence, and its time. */
const PYTH_PRICE = reads(2, "price of Pyth, time");
const PYTH_SOURCE = [accounts(1, "Pyth"), PYTH_PRICE];
/** Reader and store in one. */
const REDSTONE_SOURCE = [accounts(1, "store"), reads(1, "value with its time")];
const POOL_SOURCE = [
  accounts(2, "reader and pool"),
  reads(4, "first slot, newest observation, one on each side of the window's start"),
];
const RATIO_SOURCE = [
  accounts(3, "reader, vault, its asset"),
  reads(2, "supply, balance"),
  accounts(1, "reader of the price"),
  { what: "Chainlink feed of the price", gas: FEED },
];
const MIXED_THREE = [{ what: "Chainlink feed", gas: FEED }, ...PYTH_SOURCE, ...POOL_SOURCE];
/** An incident is four slots, and what is known of a series five. */
const SUBJECT = reads(5, "subject");
const FACTS = [accounts(2, "trigger and house"), reads(1, "facts of the side")];
const COUNTED = writes(2, "what is confirmed and transitions, transitions of the vault");
const PUSHED = { what: "token: push", gas: PUSH };
const BONDED = { what: "token: pull", gas: PULL };

const sum = (parts: readonly Part[]) => parts.reduce((total, { gas }) => total + gas, 0);
/** The worst account has so many markets more than one (LIQ-11). */
const FURTHER = 15;

/** Breakdown of each floor. */
export const FLOORS: Readonly<Record<string, readonly Part[]>> = {
  bid: BID,
  "bid-market": SOLD_MARKET,
  "bid-reserve": [...BID_LOSS, ...RESERVE],
  "bid-waterfall": [...BID_LOSS, ...RESERVE, ...LAYERS, ...SOCIALISED],
  "bid-socialised": [...BID_LOSS, ...SOCIALISED],
  "bid-worst": [
    ...BID_LOSS,
    ...SOCIALISED,
    { what: `${FURTHER} further markets, sold and charged`, gas: FURTHER * (sum(SOLD_MARKET) + sum(CHARGED_MARKET)) },
    { what: `${FURTHER + 1} prices read from two Chainlink feeds each`, gas: (FURTHER + 1) * 2 * FEED },
    accounts(1, "Pyth"),
    { what: `${FURTHER + 1} prices of Pyth`, gas: (FURTHER + 1) * PYTH_PRICE.gas },
  ],
  "socialise-market": CHARGED_MARKET,
  deleverage: [...LOSS, writes(1, "header"), ...CLOSED_SIDE, event("Deleveraged", 2, 6), event("ClosedOut", 2, 4)],
  "deleverage-market": CLOSED_MARKET,
  health: [...CACHED_PRICE, reads(2, "header, house's settings"), reads(3, "market, side, position")],
  "health-market": HEALTH_MARKET,
  fill: [...FILL, writes(2, "positions")],
  "fill-new": [...FILL, writes(1, "maker's position"), creates(1, "taker's position")],
  "fill-gap": [
    ...FILL,
    writes(2, "positions"),
    { what: "both sides are written, not read", gas: 2 * (WRITE - READ) },
    writes(1, "fund account"),
    event("GapPremiumAccrued", 2, 2),
  ],
  deposit: [
    locks(1),
    reads(1, "asset"),
    writes(1, "header"),
    { what: "token: pull", gas: PULL },
    event("Deposited", 3, 3),
  ],
  withdraw: [
    locks(1),
    reads(2, "asset, unallocated loss"),
    writes(1, "header"),
    ...CACHED_PRICE,
    reads(4, "house's settings, market, side, position"),
    { what: "token: push", gas: PUSH },
    event("Withdrawn", 3, 3),
  ],
  refresh: [{ what: "two Chainlink feeds", gas: 2 * FEED }, ...PYTH_SOURCE],
  "refresh-mixed-3": MIXED_THREE,
  "refresh-mixed-5": [...MIXED_THREE, ...REDSTONE_SOURCE, ...RATIO_SOURCE],
  "price-again": [{ what: "warm call and transient word", gas: 200 }],
  "price-cached": CACHED_PRICE,
  "prices-cached-4": [accounts(1, "oracle"), reads(4, "prices")],
  "vault-deposit": [POOL, writes(1, "owner"), ...PULLED, VAULT_EVENT, TRANSFER, code(1_417)],
  "vault-request": [POOL, writes(1, "owner"), VAULT_EVENT],
  "vault-redeem": [POOL, writes(1, "owner"), ...MOVED, VAULT_EVENT, TRANSFER, code(1_328)],
  draw: [POOL, VAULT_EVENT, code(387)],
  collect: [writes(1, "what the vault owes the fund"), ...MOVED, VAULT_EVENT],
  settle: [
    locks(1),
    accounts(3, "house and both vaults"),
    writes(2, "segment: reserve, what is owed to it"),
    writes(3, "fund account of the house, what each vault owes"),
    accounts(1, "token"),
    writes(4, "balances of house, vaults and fund"),
    { what: "three events Transfer", gas: 3 * TRANSFER_EVENT },
  ],
  "draw-collect": [POOL, ...MOVED, VAULT_EVENT, code(1_171)],
  "cover-buy": [
    reads(2, "series, product"),
    accounts(1, "premium model"),
    reads(1, "terms of the model"),
    creates(2, "purchase: buyer and series; time, units and premium"),
    POOL,
    writes(1, "curve of scarcity"),
    event("CurveWritten", 1, 2),
    ...PULLED,
    VAULT_EVENT,
    code(1_697),
  ],
  "cover-complete": [
    locks(1),
    accounts(2, "verifier and house"),
    reads(2, "incidents of the series, facts of the side"),
    writes(2, "purchase, cleared"),
    writes(3, "series, bucket of its expiry, vault's ledger"),
    accounts(1, "cover token"),
    writes(1, "holder"),
    event("TransferSingle", 4, 2),
    VAULT_EVENT,
  ],
  "cover-redeem": [writes(1, "holder"), POOL, ...MOVED, VAULT_EVENT, code(1_520)],
  "claim-open": [locks(1), SUBJECT, ...FACTS, writes(4, "incident"), COUNTED, event("IncidentOpened", 4, 4), BONDED],
  "claim-resolve": [
    locks(1),
    SUBJECT,
    ...FACTS,
    writes(1, "status of the incident"),
    reads(2, "opener, payout"),
    COUNTED,
    event("IncidentClosed", 3, 4),
    PUSHED,
  ],
  "claim-attest": [
    locks(1),
    accounts(2, "verifier and vault"),
    reads(5, "terms of the series, its incident, start and end, claims on the stakes, stakes"),
    reads(4, "definition: threshold, stake, two attestors"),
    reads(2, "limit and tokens of the series"),
    { what: "two signatures", gas: 2 * SIGNATURE },
    creates(6, "claim (five slots), claim that stands on the stakes"),
    writes(1, "rounds"),
    event("Attested", 2, 12),
    BONDED,
  ],
  "claim-challenge": [
    locks(1),
    writes(1, "status of the claim"),
    creates(1, "challenger"),
    reads(1, "bond"),
    event("Challenged", 3, 1),
    BONDED,
  ],
  notify: [
    locks(1),
    accounts(2, "verifier and subscriber"),
    reads(3, "incident: status, opener with payout, time"),
    writes(1, "what the subscriber was told"),
    event("IncidentNotified", 4, 3),
  ],
};

/** Sum of a floor, undefined when there is no breakdown. */
export function floorOf(key: string | undefined): number | undefined {
  const parts = key === undefined ? undefined : FLOORS[key];
  return parts && sum(parts);
}

/** All floors with their parts, as text. */
export function floorTable(): string {
  return Object.entries(FLOORS)
    .map(([key, parts]) => {
      const lines = parts.map(({ what, gas }) => `  ${String(gas).padStart(8)}  ${what}`);
      return [`${key}: ${floorOf(key)}`, ...lines].join("\n");
    })
    .join("\n\n");
}

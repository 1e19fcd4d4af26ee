import { WAD } from "../../../../../sdk/math/constants.ts";
import { max, min, mulDivUp } from "../../../../../sdk/math/WadMath.ts";
import type { Variable } from "../../storage/layout.ts";
import type { ClearingHouse } from "../house/ClearingHouse.ts";
import type { InsuranceFund } from "../fund/InsuranceFund.ts";
import type { Auction, Bucket, Health } from "../types.ts";
import { isLiquidatable, maintenanceOf } from "../types.ts";
import { bitsOf, Contract } from "../world.ts";

/** tau. */
export const TARGET_RATIO = (115n * WAD) / 100n;
export const SOLVENT_TIMEOUT = 1_200n;
export const INSOLVENT_TIMEOUT = 600n;
const HARD_STOP = 6n * 3_600n;
const FEEDS_PER_WORD = 8n;
const MAX_UINT32 = (1n << 32n) - 1n;

/** Twin of AuctionClock.sol (R7, ORC-05, LIQ-01). */
export class AuctionClock extends Contract {
  readonly auctions = this.table<Auction>("_auctions");
  readonly deadSeconds = this.table<bigint>("_deadSeconds");
  readonly bucket = this.table<Bucket>("_bucket");
  readonly house: ClearingHouse;
  readonly fund: InsuranceFund;
  readonly segment: bigint;

  constructor(
    house: ClearingHouse,
    fund: InsuranceFund,
    place: { address: string; layout: ReadonlyMap<string, Variable>; segment: bigint },
  ) {
    super(house.world, place.address, place.layout);
    this.house = house;
    this.fund = fund;
    this.segment = place.segment;
  }

  protected next(account: string, feeds: bigint, health: Health): { auction: Auction; isNew: boolean } {
    const stored = this.auctions.get(account);
    const touchedAt = this.now;
    if (!stored.isOpen) {
      const auction = { elapsed: 0n, touchedAt, belowSince: this.now, isOpen: true, wasBelow: true };
      return { auction, isNew: true };
    }
    const isBelow = isLiquidatable(health);
    const elapsed = this.#elapsed(account, stored, feeds, isBelow);
    const belowSince = isBelow && !stored.wasBelow ? this.now : stored.belowSince;
    return { auction: { elapsed, touchedAt, belowSince, isOpen: true, wasBelow: isBelow }, isNew: false };
  }

  protected store(account: string, feeds: bigint, auction: Auction, isNew: boolean): void {
    this.auctions.set({ ...auction }, account);
    this.#storeDeadSeconds(account, feeds);
    if (isNew) this.house.setInAuction(account, true);
  }

  protected end(account: string): void {
    this.auctions.delete(account);
    this.world.pass("auction ended");
  }

  #elapsed(account: string, auction: Auction, feeds: bigint, isBelow: boolean): bigint {
    const wall = this.now - auction.touchedAt;
    const live = wall - min(wall, this.#deadGrowth(account, feeds));
    if (auction.wasBelow && isBelow) return auction.elapsed + live;
    return auction.elapsed - min(auction.elapsed, live);
  }

  #deadGrowth(account: string, feeds: bigint): bigint {
    return bitsOf(feeds).reduce((growth, feed) => {
      if (!this.house.oracle.quote(feed).hasConsensus) return growth;
      const word = this.deadSeconds.get(account, feed / FEEDS_PER_WORD);
      const before = (word >> (32n * (feed % FEEDS_PER_WORD))) & MAX_UINT32;
      return max(growth, this.house.oracle.deadSeconds(feed) - before);
    }, 0n);
  }

  #storeDeadSeconds(account: string, feeds: bigint): void {
    for (const feed of bitsOf(feeds)) {
      const shift = 32n * (feed % FEEDS_PER_WORD);
      const word = this.deadSeconds.get(account, feed / FEEDS_PER_WORD);
      const value = this.house.oracle.deadSeconds(feed) & MAX_UINT32;
      const kept = word - (((word >> shift) & MAX_UINT32) << shift);
      this.deadSeconds.set(kept | (value << shift), account, feed / FEEDS_PER_WORD);
    }
  }

  protected isAtTarget(health: Health): boolean {
    return health.marginBalance >= mulDivUp(maintenanceOf(health), TARGET_RATIO, WAD);
  }

  protected isTimedOut({ belowSince, elapsed }: Auction, timeout: bigint): boolean {
    if (elapsed >= timeout) this.world.pass("timed out, live");
    else if (this.now - belowSince >= HARD_STOP) this.world.pass("timed out by the wall clock");
    else return false;
    return true;
  }
}

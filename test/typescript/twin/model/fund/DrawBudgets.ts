import { leftDown, remainingUp } from "../../../../../sdk/math/LeakyBucket.ts";
import { min, mulWadDown } from "../../../../../sdk/math/WadMath.ts";
import type { Budgets } from "../types.ts";

/** The buckets as of now (DrawBudgets.Budget). */
export interface Budget {
  readonly used: readonly [bigint, bigint, bigint];
  readonly usedReward: bigint;
  readonly left: readonly [bigint, bigint, bigint];
  readonly leftInSegment: bigint;
  readonly leftForRewards: bigint;
}

export type ByClass = readonly [bigint, bigint, bigint];

const DAY = 86_400n;
const MAX_UINT96 = (1n << 96n) - 1n;

/** Twin of DrawBudgets.sol (FND-02, LIQ-04). */
export function readBudget(state: Budgets, reserve: bigint, now: bigint): Budget {
  const usedOf = (used: bigint, since: bigint) => remainingUp(used, now - since, DAY);
  const major = usedOf(state.usedMajor, state.drawnAt);
  const mid = usedOf(state.usedMid, state.drawnAt);
  const tail = usedOf(state.usedTail, state.drawnAt);
  const usedReward = usedOf(state.usedReward, state.rewardedAt);
  const base = reserve + major + mid + tail + usedReward;
  const left = (share: bigint, used: bigint) => min(leftDown(share, base - used, used), MAX_UINT96 - used);
  return {
    used: [major, mid, tail],
    usedReward,
    left: [left(state.majorShare, major), left(state.midShare, mid), left(state.tailShare, tail)],
    leftInSegment: left(state.segmentShare, major + mid + tail),
    leftForRewards: left(state.rewardShare, usedReward),
  };
}

export const NO_BUDGET: Budget = {
  used: [0n, 0n, 0n],
  usedReward: 0n,
  left: [0n, 0n, 0n],
  leftInSegment: 0n,
  leftForRewards: 0n,
};

/** What of a shortfall the buckets and the reserve let through, by class. */
export function limitDown(budget: Budget, shortfallByClass: ByClass, reserve: bigint): ByClass {
  let room = min(budget.leftInSegment, reserve);
  const allow = (shortfall: bigint, left: bigint): bigint => {
    const allowed = [shortfall, left, room].reduce(min);
    room -= allowed;
    return allowed;
  };
  const [major, mid, tail] = shortfallByClass;
  return [allow(major, budget.left[0]), allow(mid, budget.left[1]), allow(tail, budget.left[2])];
}

/** The buckets after a draw. */
export function charged(
  state: Budgets,
  budget: Budget,
  draw: { allowed: ByClass; fraction: bigint; reward: bigint; now: bigint },
): Budgets {
  const { allowed, fraction, now, reward } = draw;
  const afterMajor = mulWadDown(allowed[0], fraction);
  const afterMid = mulWadDown(allowed[0] + allowed[1], fraction);
  const afterTail = mulWadDown(allowed[0] + allowed[1] + allowed[2], fraction);
  let after = state;
  if (afterTail > 0n) {
    after = {
      ...after,
      usedMajor: budget.used[0] + afterMajor,
      usedMid: budget.used[1] + afterMid - afterMajor,
      usedTail: budget.used[2] + afterTail - afterMid,
      drawnAt: now,
    };
  }
  return reward > 0n ? { ...after, usedReward: budget.usedReward + reward, rewardedAt: now } : after;
}

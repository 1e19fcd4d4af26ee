// What needs no bidder: clocks, deleveraging, write-offs, measured deficits (LIQ-01, LIQ-05, LIQ-06, CLR-07).
import { positivePart } from "../../../sdk/math/WadMath.ts";
import { WAD } from "../../../sdk/math/constants.ts";
import { mulDivUp } from "../../../sdk/math/WadMath.ts";
import { isLiquidatable, maintenanceMargin, TARGET_RATIO } from "../../../sdk/previews/bid.ts";
import type { Action } from "./actions.ts";
import type { AccountState } from "./state.ts";

/** A deficit is measured anew when it has moved by more than a tenth. */
const MOVED = { numerator: 11n, denominator: 10n } as const;

/** What to do about an account that is not bid for now. */
export function forced(target: AccountState): Action[] {
  const { account, health, auction } = target;
  if (isDebt(target)) return [{ kind: "writeOff", account }];
  if (target.isHouseOwn) return [];
  if (isLiquidatable(health) && target.isDeleverageable) return [{ kind: "deleverage", account }];
  const actions: Action[] = [];
  if (isLiquidatable(health)) {
    if (!auction.isOpen) actions.push({ kind: "start", account });
    else if (!auction.wasBelow) actions.push({ kind: "touch", account });
  } else if (auction.isOpen && (auction.wasBelow || isAtTarget(target))) {
    actions.push({ kind: "touch", account });
  }
  if (isMeasuredWrong(target)) actions.push({ kind: "flag", account });
  return actions;
}

/** A debt without a position; the clearing account sells its collateral first. */
function isDebt({ health, markets, assets, isHouseOwn }: AccountState): boolean {
  const fairValue = health.value + health.blindSpread + health.blindLoss;
  return markets === 0n && fairValue < 0n && !(isHouseOwn && assets !== 0n);
}

function isAtTarget({ health }: AccountState): boolean {
  return health.marginBalance >= mulDivUp(maintenanceMargin(health), TARGET_RATIO, WAD);
}

function isMeasuredWrong({ health, measured }: AccountState): boolean {
  const deficit = positivePart(-(health.value + health.blindSpread));
  const isAbove = (one: bigint, other: bigint) => one * MOVED.denominator > other * MOVED.numerator;
  return isAbove(deficit, measured) || isAbove(measured, deficit);
}

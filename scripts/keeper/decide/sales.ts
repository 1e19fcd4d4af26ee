// Negative cash is put right, not left: collateral at consensus less a discount (CLR-10).
import { WAD } from "../../../sdk/math/constants.ts";
import { min, mulDivDown, mulDivUp, mulWadDown, mulWadUp, positivePart } from "../../../sdk/math/WadMath.ts";
import type { Action } from "./actions.ts";
import type { Purse } from "./purse.ts";
import type { KeeperState, SaleState } from "./state.ts";

const BPS = 10_000n;
/** As in contracts/clearing/Conversion.sol. */
const MAX_DISCOUNT = WAD / 20n;
const DISCOUNT_PERIOD = 3_600n;
/** The house keeps the time in steps of 256 seconds. */
const SINCE_SHIFT = 8n;

export function conversions(state: KeeperState, purse: Purse): Action[] {
  const found: Action[] = [];
  for (const sale of state.sales) {
    const action = purchase(state, sale, purse);
    if (action !== undefined) found.push(action);
  }
  return found;
}

/** Amount and cost as `buyCollateral` finds them. */
function purchase(state: KeeperState, sale: SaleState, purse: Purse): Action | undefined {
  const { bidder } = purse;
  if (bidder === undefined || bidder.account === sale.seller) return undefined;
  const { toleranceBps, minProfit } = state.rules;
  const price = mulWadUp(sale.price, WAD - sale.discount);
  if (price === 0n) return undefined;
  const onSale = sale.debt === undefined ? sale.held : min(sale.held, mulDivUp(sale.debt, WAD, price));
  const dearest = mulDivUp(price, BPS + toleranceBps, BPS);
  const amount = min(onSale, mulDivDown(purse.forPurchases, WAD, dearest));
  if (amount === 0n) return undefined;
  // Rounding may take a wei more than the discount gives.
  const profit = positivePart(mulWadDown(amount, sale.price) - mulWadUp(amount, price));
  // The discount is a part of the price: where the price falls, so does what it brings.
  if (mulDivDown(profit, BPS - toleranceBps, BPS) < minProfit + state.gasCost) return undefined;
  const maxCost = min(mulWadUp(amount, dearest), purse.forPurchases);
  purse.pay(maxCost);
  return { kind: "convert", seller: sale.seller, buyer: bidder.account, asset: sale.asset, amount, maxCost };
}

/** The house's discount: grows from 0 to 5% within an hour of cash having become negative. */
export function discountAt(negativeSince: bigint, now: bigint): bigint {
  const since = negativeSince << SINCE_SHIFT;
  if (negativeSince === 0n || now <= since) return 0n;
  return mulDivDown(MAX_DISCOUNT, min(now - since, DISCOUNT_PERIOD), DISCOUNT_PERIOD);
}

import { expect } from "chai";
import fc from "fast-check";

import type { Action } from "../../../scripts/keeper/decide/actions.ts";
import { decide } from "../../../scripts/keeper/decide/decide.ts";
import type { Health } from "../../../scripts/keeper/decide/state.ts";
import { WAD } from "../../../sdk/math/constants.ts";
import { min, mulDivDown, mulWadDown, mulWadUp } from "../../../sdk/math/WadMath.ts";
import { incomeOf, isLiquidatable, saleNeeds, saleTerms } from "../../../sdk/previews/bid.ts";
import { arbitraryState, MIN_MARGIN, QUIET, RULES, underLiquidation } from "./support/state.ts";

type Bid = Extract<Action, { kind: "bid" }>;
const bidsOf = (actions: readonly Action[]) => actions.filter((action): action is Bid => action.kind === "bid");

/** The account as the bid meets it: its size, its balance in thousandths of MM, and the clock. */
interface Later {
  /** In thousandths of the size at which the rest would be dust; otherwise of what it was when the bid was decided. */
  readonly isNearDust: boolean;
  readonly scale: number;
  readonly balance: number;
  readonly elapsed: bigint;
}

const later: fc.Arbitrary<Later> = fc.record({
  isNearDust: fc.boolean(),
  scale: fc.integer({ min: 0, max: 1_010 }),
  balance: fc.integer({ min: -500, max: 1_000 }),
  elapsed: fc.bigInt({ min: 600n, max: 2_000n }),
});

function healthLater(health: Health, fraction: bigint, { isNearDust, scale, balance }: Later): Health {
  const dust = fraction === WAD ? WAD : mulDivDown(MIN_MARGIN, WAD ** 2n, health.linearMargin * (WAD - fraction));
  const factor = ((isNearDust ? min(dust, WAD) : WAD) * BigInt(scale)) / 1_000n;
  const part = (amount: bigint, times = 1): bigint => (amount * factor ** BigInt(times)) / WAD ** BigInt(times);
  const [linearMargin, sizeMargin] = [part(health.linearMargin), part(health.sizeMargin, 2)];
  const value = ((linearMargin + sizeMargin) * BigInt(balance)) / 1_000n;
  return {
    ...health,
    linearMargin,
    sizeMargin,
    initialMargin: part(health.initialMargin),
    penaltyBasis: (linearMargin + sizeMargin) * 1_000n,
    value,
    marginBalance: value,
    initialBalance: value,
  };
}

/** What the engine would take of it with the reward paid in full, undefined where it refuses. */
function takenLater({ request }: Bid, health: Health, elapsed: bigint) {
  if (!isLiquidatable(health)) return undefined;
  const terms = saleTerms(health, elapsed, MIN_MARGIN);
  const needs = saleNeeds(health, terms, { asked: request.fraction, minMaintenanceMargin: MIN_MARGIN });
  const income = incomeOf(terms, needs, mulWadDown(needs.owing, needs.fraction));
  const isTaken =
    needs.fraction >= request.minFraction &&
    needs.fraction > 0n &&
    terms.price <= request.maxPrice &&
    income >= mulWadDown(request.minIncome, needs.fraction);
  return isTaken ? needs : undefined;
}

describe("keeper: what a bid can cost at worst (KPR-01)", () => {
  it("KPR-01: whatever happens to the account until the block, dust above all, a bid costs no more of the budget than was counted", () => {
    let [taken, wholes] = [0, 0];
    fc.assert(
      fc.property(arbitraryState, fc.array(later, { minLength: 20, maxLength: 20 }), ({ rules, ...rest }, states) => {
        // A low floor: the fraction that it asks for must not be what refuses the rest.
        const state = { ...rest, gasCost: 0n, rules: { ...rules, minProfit: rules.minProfit / 100n } };
        for (const bid of bidsOf(decide(state))) {
          const { health } = state.accounts.find(({ account }) => account === bid.request.account)!;
          for (const one of states) {
            const changed = healthLater(health, bid.request.fraction, one);
            const needs = takenLater(bid, changed, one.elapsed);
            // More margin than the tolerance for it is not counted: that is risk which prices add, and no money.
            if (needs === undefined || changed.initialMargin > health.initialMargin) continue;
            taken++;
            if (needs.fraction > bid.request.fraction) wholes++;
            expect(needs.payment + mulWadUp(changed.initialMargin, needs.fraction)).to.be.at.most(bid.outlay);
          }
        }
      }),
      { numRuns: 800, seed: 20_260_106, endOnFailure: true },
    );
    expect(taken, "bids that the engine takes").to.be.greaterThan(1_000);
    expect(wholes, "of which it takes the whole as dust").to.be.greaterThan(0);
  });

  it("KPR-01: a part of which no dust can come is counted as a part; a larger one as the whole, or made smaller", () => {
    const target = underLiquidation(
      0,
      {
        value: 70n * WAD,
        marginBalance: 70n * WAD,
        linearMargin: 100n * WAD,
        initialMargin: 150n * WAD,
        penaltyBasis: 100_000n * WAD,
      },
      0n,
    );
    // A rest that f* leaves: far from dust now, but not when others have taken most of the account before.
    const rules = { ...RULES, minProfit: 0n };
    const outlayAt = (budget: bigint) => {
      const [bid] = bidsOf(decide({ ...QUIET, rules: { ...rules, budget }, accounts: [target] }));
      return { fraction: bid!.request.fraction, outlay: bid!.outlay, income: bid!.request.minIncome };
    };
    const rich = outlayAt(1_000_000n * WAD);
    expect(rich.fraction).to.equal(target.offer!.fraction).and.to.be.lessThan(WAD);
    // 0.5 * 10 / (1 - f)^2 is above the least income.
    expect(5n * WAD ** 3n).to.be.greaterThan((WAD - rich.fraction) ** 2n * rich.income);
    const whole = rich.outlay;
    const poor = outlayAt(whole - 1n);
    expect(poor.fraction).to.be.lessThan(rich.fraction);
    expect(5n * WAD ** 3n).to.be.at.most((WAD - poor.fraction) ** 2n * poor.income);
    expect(poor.outlay, "only the part").to.be.lessThan(mulWadUp(whole, poor.fraction) + 2n);
  });
});

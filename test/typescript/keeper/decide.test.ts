import { expect } from "chai";
import fc from "fast-check";

import { keyOf, outlayOf } from "../../../scripts/keeper/decide/actions.ts";
import type { Action } from "../../../scripts/keeper/decide/actions.ts";
import { decide } from "../../../scripts/keeper/decide/decide.ts";
import { discountAt } from "../../../scripts/keeper/decide/sales.ts";
import type { ClaimState, KeeperState } from "../../../scripts/keeper/decide/state.ts";
import { WAD } from "../../../sdk/math/constants.ts";
import { mulWadDown, mulWadUp } from "../../../sdk/math/WadMath.ts";
import { saleNeeds } from "../../../sdk/previews/bid.ts";
import {
  accountOf,
  arbitraryState,
  BIDDER,
  fingerprint,
  MIN_MARGIN,
  NOW,
  QUIET,
  RULES,
  underLiquidation,
} from "./support/state.ts";

const RUNS = { numRuns: 400, seed: 20_260_105 } as const;
const keys = (state: Partial<KeeperState>) => decide({ ...QUIET, ...state }).map(keyOf);
const account = accountOf(0);

type Bid = Extract<Action, { kind: "bid" }>;
const bidsOf = (actions: readonly Action[]) => actions.filter((action): action is Bid => action.kind === "bid");

describe("keeper: decide (KPR-01)", () => {
  it("KPR-01: nothing to do, nothing done", () => {
    expect(decide(QUIET)).to.deep.equal([]);
  });

  describe("bids", () => {
    it("KPR-01: the whole of f*, with limits a tolerance away", () => {
      const target = underLiquidation(0);
      const [action, ...others] = bidsOf(decide({ ...QUIET, accounts: [target] }));
      expect(others).to.deep.equal([]);
      const { terms, fraction, income } = target.offer!;
      expect(action!.request).to.deep.include({ account, bidder: BIDDER, fraction });
      expect(action!.request.maxPrice).to.equal((terms.price * 10_050n + 9_999n) / 10_000n);
      expect(action!.request.minIncome).to.equal((((income * WAD) / fraction) * 9_950n) / 10_000n);
    });

    it("KPR-01: one wei of income below the floor, and it is left; gas counts", () => {
      const target = underLiquidation(0);
      const [action] = bidsOf(decide({ ...QUIET, rules: { ...RULES, minProfit: 0n }, accounts: [target] }));
      const floor = action!.leastProfit;
      const at = (minProfit: bigint, gasCost = 0n) =>
        bidsOf(decide({ ...QUIET, gasCost, rules: { ...RULES, minProfit }, accounts: [target] })).length;
      expect([at(floor), at(floor + 1n)]).to.deep.equal([1, 0]);
      expect([at(floor - WAD, WAD), at(floor - WAD, WAD + 1n)]).to.deep.equal([1, 0]);
    });

    it("KPR-01: a budget that is short buys a part; what was spent today counts; without budget or account no bid", () => {
      const target = underLiquidation(0);
      const rules = { ...RULES, minProfit: 1n };
      const [whole] = bidsOf(decide({ ...QUIET, rules, accounts: [target] }));
      const half = whole!.outlay / 2n;
      const [part] = bidsOf(decide({ ...QUIET, rules: { ...rules, budget: half }, accounts: [target] }));
      expect(part!.outlay).to.be.at.most(half);
      expect(part!.outlay).to.be.at.least(half - half / 1_000n);
      const [same] = bidsOf(decide({ ...QUIET, rules, spent: rules.budget - half, accounts: [target] }));
      expect(same).to.deep.equal(part);
      expect(bidsOf(decide({ ...QUIET, rules, spent: rules.budget, accounts: [target] }))).to.deep.equal([]);
      expect(bidsOf(decide({ ...QUIET, rules, bidder: undefined, accounts: [target] }))).to.deep.equal([]);
    });

    it("LIQ-03: where the rest of a part would be dust the engine takes the whole, so what buys a part buys nothing", () => {
      const margin = { linearMargin: 12n * WAD, initialMargin: 18n * WAD, penaltyBasis: 12_000n * WAD };
      const target = underLiquidation(0, {
        ...margin,
        value: 8n * WAD,
        marginBalance: 8n * WAD,
        initialBalance: 8n * WAD,
      });
      const rules = { ...RULES, minProfit: 1n };
      const [whole] = bidsOf(decide({ ...QUIET, rules, accounts: [target] }));
      expect(whole!.request.fraction).to.equal(WAD);
      const at = (budget: bigint) =>
        bidsOf(decide({ ...QUIET, rules: { ...rules, budget }, accounts: [target] })).length;
      expect([at(whole!.outlay), at(whole!.outlay - 1n)]).to.deep.equal([1, 0]);
    });

    it("KPR-01: the more profitable account first; nobody bids for himself", () => {
      const [small, large] = [
        underLiquidation(0),
        underLiquidation(1, { value: 600n * WAD, marginBalance: 600n * WAD }),
      ];
      expect(large.offer!.income).to.be.greaterThan(small.offer!.income);
      expect(keys({ accounts: [small, large] })).to.deep.equal([`bid ${accountOf(1)}`, `bid ${accountOf(0)}`]);
      expect(bidsOf(decide({ ...QUIET, accounts: [{ ...small, account: BIDDER }] }))).to.deep.equal([]);
    });

    it("KPR-01: what failed waits, and leaves its budget to others", () => {
      const [one, two] = [underLiquidation(0), underLiquidation(1)];
      const rules = { ...RULES, budget: bidsOf(decide({ ...QUIET, accounts: [one] }))[0]!.outlay };
      expect(keys({ rules, accounts: [one, two] })).to.deep.equal([`bid ${accountOf(0)}`]);
      const waits = new Map([[`bid ${accountOf(0)}`, NOW + 1n]]);
      expect(keys({ rules, accounts: [one, two], waits })).to.deep.equal([`bid ${accountOf(1)}`]);
      expect(keys({ rules, accounts: [one, two], waits: new Map([[`bid ${accountOf(0)}`, NOW]]) })).to.include(
        `bid ${accountOf(0)}`,
      );
    });
  });

  describe("without a bid", () => {
    const alone = { bidder: undefined };

    it("LIQ-01: an auction is started, touched when what it last saw has changed, and ended at target", () => {
      const target = underLiquidation(0);
      const closed = { ...target, auction: { isOpen: false, wasBelow: false } };
      expect(keys({ ...alone, accounts: [closed] })).to.deep.equal([`start ${account}`]);
      expect(keys({ ...alone, accounts: [target] })).to.deep.equal([]);
      const back = { ...target, auction: { isOpen: true, wasBelow: false } };
      expect(keys({ ...alone, accounts: [back] })).to.deep.equal([`touch ${account}`]);
      const at = (balance: bigint, wasBelow: boolean) => ({
        ...underLiquidation(0, { value: balance, marginBalance: balance }),
        auction: { isOpen: true, wasBelow },
        offer: undefined,
      });
      const target115 = (744n * WAD * 115n) / 100n;
      expect(keys({ ...alone, accounts: [at(target115, false)] })).to.deep.equal([`touch ${account}`]);
      expect(keys({ ...alone, accounts: [at(target115 - 1n, false)] })).to.deep.equal([]);
      expect(keys({ ...alone, accounts: [at(target115 - 1n, true)] })).to.deep.equal([`touch ${account}`]);
    });

    it("LIQ-06: what may be closed is deleveraged, but a bid that pays comes first", () => {
      const target = { ...underLiquidation(0), isDeleverageable: true };
      expect(keys({ ...alone, accounts: [target] })).to.deep.equal([`deleverage ${account}`]);
      expect(keys({ accounts: [target] })).to.deep.equal([`bid ${account}`]);
    });

    it("LIQ-05: a debt without positions is written off; the clearing account only when its collateral is sold", () => {
      const debt = underLiquidation(0, { value: -1n, marginBalance: -1n, linearMargin: 0n, penaltyBasis: 0n });
      const bare = { ...debt, markets: 0n, offer: undefined };
      expect(keys({ accounts: [bare] })).to.deep.equal([`writeOff ${account}`]);
      expect(keys({ accounts: [{ ...bare, isHouseOwn: true }] })).to.deep.equal([`writeOff ${account}`]);
      expect(keys({ accounts: [{ ...bare, isHouseOwn: true, assets: 2n }] })).to.deep.equal([]);
    });

    it("CLR-07: a deficit is measured when it is new, has moved by more than a tenth, or is gone", () => {
      const at = (value: bigint, measured: bigint) => {
        const target = { ...underLiquidation(0, { value, marginBalance: value }), measured };
        return keys({ ...alone, accounts: [target] }).includes(`flag ${account}`);
      };
      expect(at(-100n * WAD, 0n)).to.equal(true);
      expect(at(-100n * WAD, 100n * WAD)).to.equal(false);
      expect(at(-110n * WAD, 100n * WAD)).to.equal(false);
      expect(at(-110n * WAD - 1n, 100n * WAD)).to.equal(true);
      expect(at(10n * WAD, 100n * WAD)).to.equal(true);
      expect(at(10n * WAD, 0n)).to.equal(false);
    });
  });

  describe("collateral for sale (CLR-10)", () => {
    const sale = {
      seller: account,
      asset: 1,
      price: 200n * WAD,
      discount: WAD / 20n,
      held: 10n * WAD,
      debt: 950n * WAD,
    };

    it("CLR-10: no more than the debt needs, all that the clearing account has, and no more than can be paid", () => {
      const convert = (changes: Partial<KeeperState>) => {
        const [action] = decide({ ...QUIET, sales: [sale], ...changes });
        return action?.kind === "convert" ? action : undefined;
      };
      expect(convert({})!.amount, "950 at 190").to.equal(5n * WAD);
      expect(convert({})!.maxCost).to.equal((950n * WAD * 10_050n) / 10_000n);
      expect(convert({ sales: [{ ...sale, debt: undefined }] })!.amount).to.equal(10n * WAD);
      const poor = { account: BIDDER, freeMargin: 1_000n * WAD, cash: 190n * WAD };
      expect(convert({ bidder: poor })!.maxCost).to.be.at.most(190n * WAD);
      expect(convert({ bidder: poor })!.amount).to.be.within((99n * WAD) / 100n, WAD);
      expect(convert({ bidder: { ...poor, cash: 0n } })).to.equal(undefined);
      expect(convert({ sales: [{ ...sale, discount: 0n }] }), "brings nothing").to.equal(undefined);
      expect(convert({ bidder: { ...poor, account: sale.seller } }), "from itself").to.equal(undefined);
    });

    it("CLR-10: the discount grows from 0 to 5% within an hour", () => {
      const since = NOW >> 8n;
      const start = since << 8n;
      expect(discountAt(0n, NOW)).to.equal(0n);
      expect(discountAt(since, start)).to.equal(0n);
      expect(discountAt(since, start + 1_800n)).to.equal(WAD / 40n);
      expect(discountAt(since, start + 3_600n)).to.equal(WAD / 20n);
      expect(discountAt(since, start + 9_999n)).to.equal(WAD / 20n);
    });
  });

  describe("upkeep", () => {
    it("ORC-05: a price that an auction depends on every maxGap/2, another at its age", () => {
      const feeds = (age: bigint) => [{ feed: 3, readAt: NOW - age, maxGap: 300n }];
      const auctioned = { ...underLiquidation(0), feeds: 8n };
      const alone = { bidder: undefined };
      expect(keys({ feeds: feeds(899n) })).to.deep.equal([]);
      expect(keys({ feeds: feeds(900n) })).to.deep.equal(["refresh"]);
      expect(keys({ ...alone, feeds: feeds(149n), accounts: [auctioned] })).to.deep.equal([]);
      expect(decide({ ...QUIET, ...alone, feeds: feeds(150n), accounts: [auctioned] })).to.deep.equal([
        { kind: "refresh", feeds: 8n },
      ]);
      expect(keys({ ...alone, feeds: feeds(150n), accounts: [{ ...auctioned, feeds: 4n }] })).to.deep.equal([]);
    });

    it("RSK-01, FND-02: limits of risk at their age, but of closed markets; the fund's account when it is worth it", () => {
      const markets = [
        { market: 0, syncedAt: NOW - 3_600n, isClosed: false },
        { market: 1, syncedAt: NOW - 3_599n, isClosed: false },
        { market: 2, syncedAt: 0n, isClosed: true },
      ];
      expect(decide({ ...QUIET, markets })).to.deep.equal([{ kind: "sync", markets: [0] }]);
      expect(keys({ markets, rules: { ...RULES, syncEvery: 0n } })).to.deep.equal([]);
      expect(keys({ fundAccount: -100n * WAD })).to.deep.equal(["settle"]);
      expect(keys({ fundAccount: 100n * WAD - 1n })).to.deep.equal([]);
      expect(keys({ oldPositions: [{ account, market: 5 }] })).to.deep.equal([`roll ${account} 5`]);
    });
  });

  describe("claims (CLM-01 to CLM-06)", () => {
    const vault = "0x00000000000000000000000000000000000000aa";
    const claim: ClaimState = {
      vault,
      series: 7n,
      isOpen: false,
      isOwn: false,
      isDecided: true,
      payoutPerUnit: 2n,
      confirmed: 1n,
      eventAt: NOW - 50n,
      startsAt: NOW - 51n,
      endsAt: NOW - 50n,
      reportsFrom: NOW,
      reportsUntil: NOW,
      lapsesAt: NOW,
      isUnsynced: false,
      subject: { trigger: vault, terms: `0x${"07".repeat(32)}`, mark: 9n, endsAt: NOW - 50n },
      isWorthObserving: false,
    };
    const bond = { amount: 10n, balance: 10n, allowance: 10n };
    const act = (changes: Partial<ClaimState>, more: Partial<KeeperState> = {}) =>
      keys({ bond, claims: [{ ...claim, ...changes }], ...more });

    it("CLM-01: opened where the verifier would take it, and at no other edge", () => {
      const open = [`openClaim ${vault} 7`];
      expect(act({})).to.deep.equal(open);
      expect(act({ payoutPerUnit: 1n })).to.deep.equal([]);
      expect(act({ isDecided: false })).to.deep.equal([]);
      expect(act({ eventAt: claim.startsAt })).to.deep.equal([]);
      expect(act({ eventAt: claim.endsAt + 1n })).to.deep.equal([]);
      expect(act({ reportsFrom: NOW + 1n })).to.deep.equal([]);
      expect(act({ reportsUntil: NOW - 1n })).to.deep.equal([]);
    });

    it("CLM-06: bonds are allowed for, can be paid, and are approved exactly", () => {
      expect(act({}, { bond: undefined })).to.deep.equal([]);
      expect(act({}, { rules: { ...RULES, bonds: 0 } })).to.deep.equal([]);
      expect(act({}, { bond: { ...bond, balance: 9n } })).to.deep.equal([]);
      const actions = decide({ ...QUIET, bond: { ...bond, allowance: 9n }, claims: [claim] });
      expect(actions).to.deep.equal([
        { kind: "approveBond", amount: 10n },
        { kind: "openClaim", vault, series: 7n },
      ]);
      const out = { ...claim, series: 8n, isOpen: true, isOwn: true, isDecided: false, lapsesAt: NOW + 1n };
      expect(keys({ bond, claims: [claim, out] }), "the one bond is out").to.deep.equal([]);
      expect(keys({ bond, claims: [claim, { ...out, isOwn: false }] })).to.deep.equal([`openClaim ${vault} 7`]);
    });

    it("CLM-02: an open one is resolved when the trigger answers, lapses when it has not in time; the vault takes it in", () => {
      expect(act({ isOpen: true })).to.deep.equal([`resolveClaim ${vault} 7`]);
      expect(act({ isOpen: true, isDecided: false })).to.deep.equal([`lapseClaim ${vault} 7`]);
      expect(act({ isOpen: true, isDecided: false, lapsesAt: NOW + 1n })).to.deep.equal([]);
      expect(act({ payoutPerUnit: 1n, isUnsynced: true })).to.deep.equal([`syncSeries ${vault} 7`]);
    });

    it("CLM-08: who has not heard is told", () => {
      const notices = [{ vault, series: 7n, subscriber: vault }];
      expect(keys({ notices })).to.deep.equal([`notify ${vault} 7 ${vault}`]);
    });
  });

  describe("properties", () => {
    it("KPR-01: the same state gives the same actions, and stays as it was", () => {
      fc.assert(
        fc.property(arbitraryState, (state) => {
          const before = fingerprint(state);
          const actions = decide(state);
          expect(fingerprint(state)).to.equal(before);
          expect(decide(state)).to.deep.equal(actions);
          const shuffled = { ...state, accounts: [...state.accounts].reverse() };
          expect(bidsOf(decide(shuffled)), "the order of reading decides nothing").to.deep.equal(bidsOf(actions));
        }),
        RUNS,
      );
    });

    it("KPR-01: never above the budget or the margin, also where the engine takes the whole", () => {
      fc.assert(
        fc.property(arbitraryState, (state) => {
          const actions = decide(state);
          const outlay = actions.reduce((sum, action) => sum + outlayOf(action), 0n);
          const left = state.rules.budget - state.spent;
          expect(outlay).to.be.at.most(left > 0n ? left : 0n);
          let paid = 0n;
          for (const { request, outlay: reserved } of bidsOf(actions)) {
            const { health, offer } = state.accounts.find((one) => one.account === request.account)!;
            const asked = { asked: request.fraction, minMaintenanceMargin: MIN_MARGIN };
            const { fraction, payment } = saleNeeds(health, offer!.terms, asked);
            expect(fraction, "what the engine takes").to.equal(request.fraction);
            expect(mulWadUp(request.maxPrice + health.initialMargin, fraction)).to.be.at.most(reserved);
            paid += payment + mulWadUp(health.initialMargin, fraction);
          }
          expect(paid).to.be.at.most(outlay);
        }),
        RUNS,
      );
    });

    it("KPR-01: never below the floor, at the worst that the limits allow", () => {
      fc.assert(
        fc.property(arbitraryState, (state) => {
          const needed = state.rules.minProfit + state.gasCost;
          for (const { request } of bidsOf(decide(state))) {
            expect(request.minFraction).to.be.at.most(request.fraction);
            // The engine refuses less of either.
            expect(mulWadDown(request.minIncome, request.minFraction)).to.be.at.least(needed);
            const { offer } = state.accounts.find((one) => one.account === request.account)!;
            const income = (offer!.income * request.fraction) / offer!.fraction;
            expect(income, "taken now").to.be.at.least(mulWadDown(request.minIncome, request.fraction));
            expect(offer!.terms.price).to.be.at.most(request.maxPrice);
          }
        }),
        RUNS,
      );
    });

    it("KPR-01: idempotent: what is being done is not done again, and leaves nothing to repeat", () => {
      fc.assert(
        fc.property(arbitraryState, (state) => {
          const actions = decide(state);
          expect(new Set(actions.map(keyOf)).size, "each once").to.equal(actions.length);
          const spent = state.spent + actions.reduce((sum, action) => sum + outlayOf(action), 0n);
          const waits = new Map(actions.map((action) => [keyOf(action), state.now + 1n]));
          const again = decide({ ...state, spent, waits }).map(keyOf);
          expect(again.filter((key) => waits.has(key))).to.deep.equal([]);
        }),
        RUNS,
      );
    });
  });
});

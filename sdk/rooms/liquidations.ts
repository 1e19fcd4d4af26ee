import type { ContractTransactionResponse } from "ethers";

import { owner } from "../identifiers.ts";
import type { AccountId } from "../identifiers.ts";
import { addressOf } from "../manifest.ts";
import { WAD } from "../math/constants.ts";
import { min, mulWadDown } from "../math/WadMath.ts";
import { plain } from "../plain.ts";
import { byClass, incomeOf, isLiquidatable, maintenanceMargin, saleNeeds, saleTerms } from "../previews/bid.ts";
import type { SaleNeeds, SaleTerms } from "../previews/bid.ts";
import { NO_LOSS, splitLoss } from "../previews/split.ts";
import type { LossSplit } from "../previews/split.ts";
import { contractError, explained } from "../reverts/decode.ts";
import { previewDeleverage, previewWriteOff } from "./closings.ts";
import type { ClosingPreview, DeleveragePreview } from "./closings.ts";
import { at, pinned } from "./context.ts";
import type { Context, ReadOptions } from "./context.ts";
import { lossState } from "./losses.ts";

/** A bid as the engine takes it. WAD. */
export interface BidRequest {
  readonly account: AccountId;
  /** Account that takes the slice; of the caller, or lent to it with the scope TRADE. */
  readonly bidder: AccountId;
  /** Most that is taken. */
  readonly fraction: bigint;
  readonly minFraction: bigint;
  /** Most that the whole account may cost. */
  readonly maxPrice: bigint;
  /** Least gross income for the whole account. */
  readonly minIncome: bigint;
}

/** What a bid would do. WAD; the fields of the engine's own result, and the terms behind them. */
export interface BidPreview {
  readonly terms: SaleTerms;
  readonly fraction: bigint;
  readonly payment: bigint;
  readonly penalty: bigint;
  readonly shortfall: bigint;
  readonly covered: bigint;
  readonly byLayer: {
    readonly reserve: bigint;
    readonly junior: bigint;
    readonly senior: bigint;
    readonly reinsurance: bigint;
  };
  readonly socialized: bigint;
  /** Who bears what is socialised. */
  readonly split: LossSplit;
  readonly reward: bigint;
  /** Gross income of the bidder for the fraction, reward included. */
  readonly income: bigint;
}

export interface BidQuestion extends ReadOptions {
  readonly account: AccountId;
  readonly bidder: AccountId;
  /** Most that is asked for, the whole when left out. */
  readonly fraction?: bigint;
  /** Live seconds to add to the clock of a running auction: what the bid would earn if prices stood still so long. */
  readonly after?: bigint;
}

/** Auctions: who can be liquidated, at what price, and bids. */
export class Liquidations {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /** Auction of an account at the prices of now, running or not. */
  async auction(account: AccountId, options: ReadOptions = {}) {
    return plain(await explained(this.#context.contracts.lens.auctionOf(account, at(options))));
  }

  /** Those of many accounts that a bid would be taken for now. Accounts that cannot be read are left out. */
  async biddable(accounts: readonly AccountId[], options: ReadOptions = {}): Promise<AccountId[]> {
    const answers = await explained(this.#context.contracts.lens.auctionsOf([...accounts], at(options)));
    return accounts.filter((_, index) => answers[index]?.isAnswered === true && answers[index].report.isBiddable);
  }

  /**
   * What a bid would do, to the wei when it is made in the second of the block that is asked for. Throws what the engine would of the account
   * and the fraction; what it would refuse of the bidder, his margin above all, `simulate` says.
   */
  async preview(question: BidQuestion): Promise<BidPreview> {
    const { account, bidder, fraction: asked = WAD, after = 0n } = question;
    const { house, engine } = this.#context.contracts;
    const { minMaintenanceMargin } = this.#context;
    if (asked <= 0n || asked > WAD) throw contractError("LiquidationEngine_InvalidFraction", [asked, 0n]);
    if (owner(account) === addressOf(this.#context.manifest, "ClearingHouse")) {
      throw contractError("LiquidationEngine_ClearingAccount", [account]);
    }
    const when = await pinned(this.#context, question);
    const [[feeds, answer, major, mid, tail], report, bucket] = await explained(
      Promise.all([
        // A static call of a function that only brings prices to this second.
        house.assessLiquidation.staticCall(account, bidder, when),
        this.auction(account, when),
        engine.rewardBucket(when),
      ]),
    );
    const health = plain(answer);
    if (!isLiquidatable(health)) {
      throw contractError("LiquidationEngine_NotLiquidatable", [
        account,
        health.marginBalance,
        maintenanceMargin(health),
      ]);
    }
    const elapsed = report.auction.isOpen ? report.terms.elapsed + after : 0n;
    const terms = saleTerms(health, elapsed, minMaintenanceMargin);
    const needs = saleNeeds(health, terms, { asked, minMaintenanceMargin });
    const paid = await this.#cover(needs, { weights: [major, mid, tail], bucket, when });
    const { fraction, payment, penalty, shortfall } = needs;
    const covered = paid.byLayer.reserve + paid.byLayer.junior + paid.byLayer.senior + paid.byLayer.reinsurance;
    const income = incomeOf(terms, needs, paid.reward);
    const loss = shortfall - covered;
    const split = loss === 0n ? NO_LOSS : await this.#split(question, { loss, fraction, feeds, when });
    return { terms, fraction, payment, penalty, shortfall, covered, ...paid, socialized: loss, split, income };
  }

  /**
   * What `deleverage` would do, to the wei when it is called in the second of the block that is asked for: what is closed at which prices, who pays, and
   * who bears the rest. Where the engine would only say that it is too early, `tooEarly` says so; its other errors are thrown.
   */
  previewDeleverage(account: AccountId, options: ReadOptions = {}): Promise<DeleveragePreview> {
    return previewDeleverage(this.#context, account, options);
  }

  /** What `writeOff` would do; throws what it would. */
  previewWriteOff(account: AccountId, options: ReadOptions = {}): Promise<ClosingPreview> {
    return previewWriteOff(this.#context, account, options);
  }

  /** The bid itself, made without being sent, as the connected signer: what it would do, or the error that it would end with. */
  async simulate(request: BidRequest, options: ReadOptions = {}) {
    return plain(await explained(this.#context.contracts.engine.bid.staticCall(request, at(options))));
  }

  /** Limits for a bid like the one that was previewed: basis points of tolerance on price and income, and half the fraction at least. */
  request(question: BidQuestion, preview: BidPreview, toleranceBps = 50n): BidRequest {
    const { terms, fraction, income } = preview;
    // The income of the whole that stands for what was previewed of the fraction.
    const whole = min(terms.income, (income * WAD) / fraction);
    const least = (whole * (10_000n - toleranceBps)) / 10_000n;
    return {
      account: question.account,
      bidder: question.bidder,
      fraction: question.fraction ?? WAD,
      minFraction: mulWadDown(fraction, WAD / 2n),
      maxPrice: (terms.price * (10_000n + toleranceBps)) / 10_000n,
      minIncome: least,
    };
  }

  start(account: AccountId): Promise<ContractTransactionResponse> {
    return explained(this.#context.contracts.engine.start(account));
  }

  /** Brings the clock of a running auction up to date; ends it when the account has recovered. */
  touch(account: AccountId): Promise<ContractTransactionResponse> {
    return explained(this.#context.contracts.engine.touch(account));
  }

  bid(request: BidRequest): Promise<ContractTransactionResponse> {
    return explained(this.#context.contracts.engine.bid(request));
  }

  /** Several bids; one that fails is skipped and reported by the event BidFailed. */
  bidMany(requests: readonly BidRequest[]): Promise<ContractTransactionResponse> {
    return explained(this.#context.contracts.engine.bidMany([...requests]));
  }

  deleverage(account: AccountId): Promise<ContractTransactionResponse> {
    return explained(this.#context.contracts.engine.deleverage(account));
  }

  writeOff(account: AccountId): Promise<ContractTransactionResponse> {
    return explained(this.#context.contracts.engine.writeOff(account));
  }

  /** Measures what an account owes beyond what it has (CLR-07). */
  flag(account: AccountId): Promise<ContractTransactionResponse> {
    return explained(this.#context.contracts.engine.flag(account));
  }

  async #split(
    { account, bidder }: BidQuestion,
    { feeds, when, ...terms }: { loss: bigint; fraction: bigint; feeds: bigint; when: Required<ReadOptions> },
  ): Promise<LossSplit> {
    const { house } = this.#context.contracts;
    const refreshed = feeds | (await explained(house.feedsOf(bidder, when)));
    const state = await lossState(this.#context, { account, refreshed, when });
    return splitLoss(state, { ...terms, isClosing: false });
  }

  /** What the fund's layers would book for the bid. */
  async #cover(
    needs: SaleNeeds,
    state: { weights: [bigint, bigint, bigint]; bucket: bigint; when: Required<ReadOptions> },
  ): Promise<Pick<BidPreview, "byLayer" | "reward">> {
    const { wholeShortfall, owing, fraction } = needs;
    if (wholeShortfall === 0n && owing === 0n) {
      return { byLayer: { reserve: 0n, junior: 0n, senior: 0n, reinsurance: 0n }, reward: 0n };
    }
    const request = {
      shortfallByClass: byClass(state.weights, wholeShortfall),
      fraction,
      reward: mulWadDown(min(owing, state.bucket), fraction),
    };
    const { fund } = this.#context.contracts;
    const { paid, reward } = plain(await explained(fund.previewCover(this.#context.segment, request, state.when)));
    return { byLayer: paid, reward };
  }
}

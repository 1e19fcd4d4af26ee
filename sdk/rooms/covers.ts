import { ZeroAddress } from "ethers";
import type { ContractTransactionResponse } from "ethers";

import { bindCoverToken, bindRiskController, targetOf } from "../contracts.ts";
import { addressOf } from "../manifest.ts";
import { WAD } from "../math/constants.ts";
import { mulWadUp } from "../math/WadMath.ts";
import { ModelKind } from "../models.ts";
import type { Permit } from "../permits.ts";
import { plain } from "../plain.ts";
import { planOf } from "../plan.ts";
import { premiumParts } from "../previews/premium.ts";
import type { PremiumParts } from "../previews/premium.ts";
import { contractError, explained } from "../reverts/decode.ts";
import { at, pinned, timeAt } from "./context.ts";
import type { Context, ReadOptions } from "./context.ts";
import { callInOrder } from "./simulate.ts";
import type { Call } from "./simulate.ts";

/** A purchase: WAD of tokens, and the most that they may cost in the token's own decimals. */
export interface CoverTerms {
  readonly series: bigint;
  readonly units: bigint;
  readonly maxPremium: bigint;
}

/** Cover tokens of the vault. */
export class Covers {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /** A series and the product that it belongs to. */
  async series(series: bigint, options: ReadOptions = {}) {
    const { vault } = this.#context.contracts;
    const when = await pinned(this.#context, options);
    const terms = plain(await explained(vault.seriesOf(series, when)));
    if (terms.endsAt === 0n) throw contractError("CoverageVault_UnknownSeries", [series]);
    const product = await explained(vault.productOf(terms.product, when));
    return { ...terms, productTerms: plain(product.terms), opensAt: product.opensAt, isClosed: product.isClosed };
  }

  /** What units of a series cost now, and why. `buy` in the same second charges the same. */
  async previewPremium(series: bigint, units: bigint, options: ReadOptions = {}): Promise<PremiumParts> {
    const { vault } = this.#context.contracts;
    const when = await pinned(this.#context, options);
    const [terms, books, free, curve, factor, now] = await Promise.all([
      this.series(series, when),
      explained(vault.books(when)),
      explained(vault.freeCapital(when)),
      explained(vault.curve(when)),
      this.#factor(when),
      timeAt(this.#context, when),
    ]);
    // The vault refuses what it cannot stand for; it is asked, so that a preview refuses the same.
    const { model } = terms.productTerms;
    const data = vault.interface.encodeFunctionData("previewPremium", [series, units]);
    await this.#refreshed(model, { to: targetOf(vault), data }, when);
    const bound = books.liability + books.committed;
    return premiumParts({
      ...(await this.#model(model, when)),
      cost: mulWadUp(units, terms.limit),
      bound,
      capital: bound + free,
      curve,
      now,
      startsAt: now + terms.productTerms.waiting,
      endsAt: terms.endsAt,
      factor,
      decimals: this.#context.decimals,
    });
  }

  /** Buys cover, after an approval of the vault. What is above the premium is never taken. */
  buy({ series, units, maxPremium }: CoverTerms, receiver: string): Promise<ContractTransactionResponse> {
    return explained(this.#context.contracts.vault.buy(series, units, maxPremium, receiver));
  }

  /** Buys cover in one transaction with a permit for the Router, which returns what the premium leaves of it. */
  buyWithPermit(terms: CoverTerms, permit: Permit): Promise<ContractTransactionResponse> {
    const steps = [
      { kind: "permit", asset: 0, permit },
      { kind: "buyCover", ...terms },
    ] as const;
    return explained(this.#context.contracts.router.run(planOf(permit.deadline, steps)));
  }

  /** Address that a permit for `buyWithPermit` is signed for. */
  get permitSpender(): string {
    return addressOf(this.#context.manifest, "Router");
  }

  /** Mints the tokens of a purchase after its waiting time, or refunds it. Anyone may call. */
  complete(purchase: bigint): Promise<ContractTransactionResponse> {
    return explained(this.#context.contracts.vault.complete(purchase));
  }

  async purchase(purchase: bigint, options: ReadOptions = {}) {
    return plain(await explained(this.#context.contracts.vault.purchaseOf(purchase, at(options))));
  }

  /** WAD of tokens of a series that somebody holds. */
  async balanceOf(holder: string, series: bigint, options: ReadOptions = {}): Promise<bigint> {
    const address = await explained(this.#context.contracts.vault.coverToken(at(options)));
    return explained(bindCoverToken(address, this.#context.runner).balanceOf(holder, series, at(options)));
  }

  /** Takes in what was decided about a series. */
  sync(series: bigint): Promise<ContractTransactionResponse> {
    return explained(this.#context.contracts.vault.sync(series));
  }

  /** Burns tokens of the caller for what they are paid so far. */
  redeem(series: bigint, units: bigint, receiver: string): Promise<ContractTransactionResponse> {
    return explained(this.#context.contracts.vault.redeem(series, units, receiver));
  }

  /** What `redeem` would pay now, in the token's own decimals, what was decided and not taken in included. */
  async previewRedeem(series: bigint, units: bigint, options: ReadOptions = {}): Promise<bigint> {
    const { vault } = this.#context.contracts;
    const payout = await explained(vault.sync.staticCall(series, await pinned(this.#context, options)));
    return (units * payout) / 10n ** BigInt(36 - this.#context.decimals);
  }

  /** Premium factor, 1 while no risk control is linked (FND-04). */
  async #factor(when: Required<ReadOptions>): Promise<bigint> {
    const linked = await explained(this.#context.contracts.house.riskController(when));
    if (linked === ZeroAddress) return WAD;
    return explained(bindRiskController(linked, this.#context.runner).premiumFactor(when));
  }

  /** What the model reads when `buy` has brought it to this second. */
  async #model(model: string, when: Required<ReadOptions>) {
    const { premiumModel, oracle } = this.#context.contracts;
    const answer = plain(await explained(premiumModel.termsOf(model, when)));
    const terms = { ...answer, kind: Number(answer.kind), feed: Number(answer.feed) };
    if (terms.kind === ModelKind.HazardRate) return { terms, spot: 0n, fast: 0n, slow: 0n };
    const face = oracle.interface;
    const ask = (data: string) => this.#refreshed(model, { to: targetOf(oracle), data }, when);
    const [priced, varied] = await Promise.all([
      ask(face.encodeFunctionData("consensusPrice", [terms.feed])),
      ask(face.encodeFunctionData("variance", [terms.feed])),
    ]);
    const [spot] = face.decodeFunctionResult("consensusPrice", priced) as unknown as [bigint];
    const [fast, slow] = face.decodeFunctionResult("variance", varied) as unknown as [bigint, bigint];
    return { terms, spot, fast, slow };
  }

  /** A call as it answers after a refresh of the model, which is what `buy` begins with (CVR-08). */
  #refreshed(model: string, call: Call, when: Required<ReadOptions>): Promise<string> {
    const { premiumModel } = this.#context.contracts;
    const data = premiumModel.interface.encodeFunctionData("refresh", [model]);
    return callInOrder(this.#context, [{ to: targetOf(premiumModel), data }, call], when);
  }
}

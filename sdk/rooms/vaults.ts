import type { ContractTransactionResponse } from "ethers";

import type { TrancheShare } from "../../typechain-types/contracts/coverage/TrancheShare.ts";
import type { ICoverageVault } from "../../typechain-types/contracts/interfaces/ICoverageVault.ts";
import { bindShare, bindVault } from "../contracts.ts";
import { addressOf } from "../manifest.ts";
import { plain } from "../plain.ts";
import { explained } from "../reverts/decode.ts";
import { at, pinned } from "./context.ts";
import type { Context, ReadOptions } from "./context.ts";

/** Classes of underwriters' capital: junior bears losses first. */
export const Tranche = { Junior: 0, Senior: 1 } as const;
export type Tranche = (typeof Tranche)[keyof typeof Tranche];

/** Vaults of a deployment, by their names in the manifest. */
export type VaultName = "CoverageVault" | "ReinsuranceVault";

const COOLDOWN = 28n * 86_400n;
const WINDOW = 7n * 86_400n;
const MAX_DELAY = 63n * 86_400n;

/** Which tranche of which vault. */
export interface Place {
  readonly tranche: Tranche;
  /** The vault that sells cover when left out. */
  readonly vault?: VaultName;
}

/** Underwriters' capital. */
export class Vaults {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /** Books of a vault, free capital and what it has committed to the fund's segment. WAD. */
  async report(name: VaultName = "CoverageVault", options: ReadOptions = {}) {
    const vault = addressOf(this.#context.manifest, name);
    return plain(await explained(this.#context.contracts.lens.vaultOf(vault, at(options))));
  }

  /** Value of a tranche (WAD), its shares, and what one whole share is worth in the token's own decimals. */
  async tranche(place: Place, options: ReadOptions = {}) {
    const when = await pinned(this.#context, options);
    const share = await this.share(place);
    const [{ value, epoch }, supply, decimals] = await explained(
      Promise.all([
        this.#vault(place).trancheState(place.tranche, when),
        share.totalSupply(when),
        share.decimals(when),
      ]),
    );
    const assetsPerShare = await explained(share.convertToAssets(10n ** decimals, when));
    return { value, epoch, supply, assetsPerShare };
  }

  /** The ERC-20 share of a tranche. */
  async share(place: Place): Promise<TrancheShare> {
    const address = await explained(this.#vault(place).shareOf(place.tranche));
    return bindShare(address, this.#context.runner);
  }

  /** Shares that a deposit would be given now. */
  async previewDeposit(place: Place, assets: bigint, options: ReadOptions = {}): Promise<bigint> {
    return explained((await this.share(place)).previewDeposit(assets, at(options)));
  }

  /** Puts the caller's tokens into a tranche, after an approval of its share. */
  async deposit(
    place: Place,
    terms: { readonly assets: bigint; readonly minShares: bigint; readonly receiver: string },
  ): Promise<ContractTransactionResponse> {
    const deposit = (await this.share(place)).getFunction("deposit(uint256,address,uint256)");
    return explained(deposit(terms.assets, terms.receiver, terms.minShares));
  }

  /** Queues shares of the caller for exit; they bear losses until they are paid. */
  async requestExit(place: Place, shares: bigint, owner: string): Promise<ContractTransactionResponse> {
    return explained((await this.share(place)).requestRedeem(shares, owner, owner));
  }

  async cancelExit(place: Place): Promise<ContractTransactionResponse> {
    return explained((await this.share(place)).cancelRedeemRequest());
  }

  /** Pays the caller's exit inside its window, as far as it can be paid now. */
  async claimExit(
    place: Place,
    terms: { readonly receiver: string; readonly minAssets: bigint },
  ): Promise<ContractTransactionResponse> {
    const claim = (await this.share(place)).getFunction("claimExit(address,uint256)");
    return explained(claim(terms.receiver, terms.minAssets));
  }

  /** A request to leave, and the seconds between which it can be claimed. */
  async exitOf(place: Place, owner: string, options: ReadOptions = {}) {
    const request = plain(await explained(this.#vault(place).exitRequestOf(place.tranche, owner, at(options))));
    const opensAt = request.requestedAt + COOLDOWN;
    return { ...request, opensAt, closesAt: opensAt + WINDOW + (request.isWithheld ? MAX_DELAY : 0n) };
  }

  /** Capital that neither cover nor commitments bind and that has not asked to leave, WAD. */
  capacity(name: VaultName = "CoverageVault", options: ReadOptions = {}): Promise<bigint> {
    return explained(this.#vault({ vault: name }).freeCapital(at(options)));
  }

  #vault({ vault = "CoverageVault" }: Pick<Place, "vault">): ICoverageVault {
    return bindVault(addressOf(this.#context.manifest, vault), this.#context.runner);
  }
}

// The wallet's signer, which tells the hash of a transaction the moment the wallet has sent it: a reload loses nothing.
import { JsonRpcSigner } from "ethers";
import type { JsonRpcApiProvider, TransactionRequest } from "ethers";

/** Prices and clocks move between estimate and block: what is not used is not paid. */
const MARGIN_PERCENT = 130n;

export class RecordingSigner extends JsonRpcSigner {
  readonly #onSent: (hash: string) => void;

  constructor(provider: JsonRpcApiProvider, address: string, onSent: (hash: string) => void) {
    super(provider, address);
    this.#onSent = onSent;
  }

  override async sendUncheckedTransaction(request: TransactionRequest): Promise<string> {
    const gas = request.gasLimit ?? (await this.estimateGas(request));
    const hash = await super.sendUncheckedTransaction({
      ...request,
      gasLimit: (BigInt(gas) * MARGIN_PERCENT) / 100n,
    });
    this.#onSent(hash);
    return hash;
  }
}

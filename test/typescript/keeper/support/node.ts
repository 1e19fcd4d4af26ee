// The in-process chain as a bad node: it fails by a seeded draw, holds transactions back, and does not mine until told.
import { createRandom } from "../../../../scripts/replay/random.ts";
import type { Question, Transport } from "../../../../scripts/keeper/chain/transport.ts";
import type { World } from "../../support/world.ts";

export class BadNode {
  /** Part of requests that fail. */
  faults = 0;
  /** Answers so many looks for a receipt before it mines; undefined: every transaction is mined at once. */
  looksBeforeBlock: number | undefined;
  /** Base fee of the block after the next transaction, wei, once. */
  surge: bigint | undefined;
  /** Called when a transaction has been taken. */
  onSent: (() => void) | undefined;
  failed = 0;
  sent = 0;
  readonly #world: World;
  readonly #random: ReturnType<typeof createRandom>;
  #looks = 0;

  constructor(world: World, seed: number) {
    this.#world = world;
    this.#random = createRandom(seed);
  }

  readonly ask: Transport = async ({ method, params = [] }: Question) => {
    if (this.#random.next() < this.faults) {
      this.failed++;
      throw new Error("socket hang up");
    }
    if (method === "eth_getTransactionReceipt") await this.#look();
    const answer: unknown = await this.#world.provider.request({ method, params: [...params] });
    if (method === "eth_sendRawTransaction") await this.#taken();
    return answer;
  };

  async hold(looks: number): Promise<void> {
    this.looksBeforeBlock = looks;
    await this.#world.provider.request({ method: "evm_setAutomine", params: [false] });
  }

  async letGo(): Promise<void> {
    this.looksBeforeBlock = undefined;
    await this.#world.provider.request({ method: "evm_setAutomine", params: [true] });
    await this.#world.provider.request({ method: "evm_mine", params: [] });
  }

  async #taken(): Promise<void> {
    this.sent++;
    this.onSent?.();
    if (this.surge === undefined) return;
    const fee = this.surge;
    this.surge = undefined;
    await this.#world.provider.request({
      method: "hardhat_setNextBlockBaseFeePerGas",
      params: [`0x${fee.toString(16)}`],
    });
  }

  async #look(): Promise<void> {
    if (this.looksBeforeBlock === undefined || ++this.#looks % this.looksBeforeBlock !== 0) return;
    await this.#world.provider.request({ method: "evm_mine", params: [] });
  }
}

// The built page over a real local chain, and a browser: what a person has in front of him, and what the test does behind his back.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import type { Browser } from "playwright-core";

import { Board } from "../../../scripts/app/board.ts";
import { buildPage, sizeInWords } from "../../../scripts/app/build.ts";
import { Running } from "../../../scripts/app/processes.ts";
import { servePage } from "../../../scripts/app/server.ts";
import type { PageServer } from "../../../scripts/app/server.ts";
import { readManifest } from "../../../scripts/deploy/manifest.ts";
import { Chain } from "../../../scripts/testnet/chain.ts";
import { Account, pricing, syncing } from "../../../scripts/testnet/stage.ts";

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const PATIENCE = 120_000;
const FEED_UNIT = 10n ** 8n;

/** Prices in whole units with two decimals. */
export interface Prices {
  readonly ether: number;
  readonly bitcoin?: number;
}

export class Stage {
  readonly board: Board;
  readonly browser: Browser;
  readonly #folder: string;
  #server: PageServer | undefined;
  #testnet: Running | undefined;
  #chain: Chain | undefined;
  #port = 0;
  #snapshot = "";

  private constructor(browser: Browser) {
    this.browser = browser;
    this.board = new Board();
    this.#folder = mkdtempSync(join(tmpdir(), "bulwark-page-"));
  }

  static async open(executablePath: string): Promise<Stage> {
    const page = await buildPage();
    console.log(`  bundle: ${sizeInWords(page)}`);
    const stage = new Stage(await chromium.launch({ executablePath, args: FLAGS }));
    await stage.startChain();
    const book = () => ({ chainId: 31337n, address: stage.chain.address("SignedOrders") });
    const network = {
      name: "Local testnet",
      manifest: "manifest.json",
      rpc: "rpc",
      orders: "orders",
      markets: ["ETH", "BTC"],
      isTest: true,
    };
    const source = {
      folder: page.folder,
      networks: [network],
      manifest: () => readFileSync(stage.#manifest, "utf8"),
      rpc: stage.chainUrl,
      board: { orders: stage.board, book },
    };
    stage.#server = await servePage(source, 0);
    return stage;
  }

  /** Starts the chain; again on the same port after it was stopped. Its prices stand still until the test moves them. */
  async startChain(): Promise<void> {
    const args = ["--port", String(this.#port), "--every", "3600", "--manifest", this.#manifest];
    const program = { name: "the chain", script: "scripts/testnet/index.ts", args, isShown: () => false };
    this.#testnet = new Running(program, (code) => console.log(`  the chain ended with exit code ${code ?? "none"}`));
    const [, port] = await this.#testnet.waitFor(/ready: http:\/\/127\.0\.0\.1:(\d+)/, PATIENCE);
    this.#port = Number(port);
    this.#chain = new Chain(this.chainUrl, readManifest(this.#manifest));
    this.#snapshot = String(await this.chain.provider.send("evm_snapshot", []));
  }

  async stopChain(): Promise<void> {
    this.#chain?.close();
    this.#chain = undefined;
    await this.#testnet?.stop();
    this.#testnet = undefined;
  }

  /** The chain as it was started: every scenario begins there. */
  async reset(): Promise<void> {
    // A test that failed may have left it stopped; the others still have something to say.
    if (this.#chain === undefined) await this.startChain();
    await this.chain.provider.send("evm_revert", [this.#snapshot]);
    this.#snapshot = String(await this.chain.provider.send("evm_snapshot", []));
    this.board.remove(this.board.orders);
    await this.setPrices({ ether: 200 });
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.#server?.close();
    await this.stopChain();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get chain(): Chain {
    if (this.#chain === undefined) throw new Error("the chain is stopped");
    return this.#chain;
  }

  get chainUrl(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get url(): string {
    return this.#server?.url ?? "";
  }

  /** New answers of all feeds, read by the oracle, in one block; limits of risk with them. */
  async setPrices({ ether, bitcoin = 8_000 }: Prices): Promise<void> {
    const answer = (price: number) => (BigInt(Math.round(price * 100)) * FEED_UNIT) / 100n;
    const operator = await this.#account(Account.Operator);
    await this.chain.actTogether(operator, [...pricing({ ether: answer(ether), bitcoin: answer(bitcoin) }), syncing]);
  }

  /** Time passes; feeds that have not spoken meanwhile are old until prices are set again. */
  async wait(seconds: number): Promise<void> {
    await this.chain.provider.send("evm_increaseTime", [seconds]);
    await this.chain.provider.send("evm_mine", []);
  }

  async #account(index: number): Promise<string> {
    return ((await this.chain.provider.send("eth_accounts", [])) as string[])[index] ?? "";
  }

  get #manifest(): string {
    return join(this.#folder, "manifest.json");
  }
}

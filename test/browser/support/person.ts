// A person in front of the page: a browser of his own, a wallet, and eyes.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import type { BrowserContext, Locator, Page } from "playwright-core";

import { keyOf } from "../../../scripts/app/actors.ts";
import type { Stage } from "./stage.ts";
import { injectWallet } from "./wallet.ts";
import type { Manners } from "./wallet.ts";

export interface Looks {
  /** Without one there is no wallet in the browser. */
  readonly account?: number;
}

/** A transaction and its block come within this. */
const PATIENCE = 20_000;
const PICTURES = fileURLToPath(new URL("../../../out/app", import.meta.url));

export class Person {
  readonly page: Page;
  readonly manners: Manners | undefined;
  /** What the browser complained of: scripts, policies, files. */
  readonly complaints: string[] = [];
  /** Hosts that were asked for something. */
  readonly hosts = new Set<string>();
  readonly #context: BrowserContext;
  readonly #url: string;

  private constructor(context: BrowserContext, page: Page, rest: { url: string; manners: Manners | undefined }) {
    this.#context = context;
    this.page = page;
    this.#url = rest.url;
    this.manners = rest.manners;
    page.setDefaultTimeout(PATIENCE);
    page.on("pageerror", (error) => this.complaints.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") this.complaints.push(message.text());
    });
    page.on("request", (request) => this.hosts.add(new URL(request.url()).host || "data"));
  }

  static async arrive(stage: Stage, { account }: Looks): Promise<Person> {
    const viewport = { width: 1280, height: 900 };
    const context = await stage.browser.newContext({ viewport, colorScheme: "light", reducedMotion: "reduce" });
    const manners = account === undefined ? undefined : await injectWallet(context, keyOf(account), stage.chainUrl);
    return new Person(context, await context.newPage(), { url: stage.url, manners });
  }

  async open(path: string): Promise<void> {
    await this.page.goto(`${this.#url}#/${path}`);
  }

  async connect(): Promise<void> {
    await this.button("Connect a wallet").click();
    await this.page.getByRole("button", { name: "Test Wallet" }).click();
    await this.page.getByRole("button", { name: /^Wallet 0x/ }).waitFor();
  }

  async leave(): Promise<void> {
    await this.#context.close();
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole("button", typeof name === "string" ? { name, exact: true } : { name });
  }

  field(name: string): Locator {
    return this.page.getByRole("textbox", { name, exact: true });
  }

  panel(name: string | RegExp): Locator {
    return this.page.getByRole("region", typeof name === "string" ? { name, exact: true } : { name });
  }

  /** The number beside a name in a list of facts, its exact value. */
  async fact(panel: Locator, name: string): Promise<number> {
    const row = panel
      .locator("dl.facts > div")
      .filter({ has: this.page.locator("dt", { hasText: new RegExp(`^${name}$`) }) });
    return numberIn((await row.locator("dd .number[title]").first().getAttribute("title")) ?? "");
  }

  /** Waits until a number beside a name is this one. */
  async comesTo(panel: Locator, name: string, value: number): Promise<void> {
    const until = performance.now() + PATIENCE;
    while ((await this.fact(panel, name)) !== value) {
      if (performance.now() > until) expect(await this.fact(panel, name), name).to.equal(value);
      await this.page.waitForTimeout(100);
    }
  }

  /** Waits until something stands there: this text alone, or one that matches. */
  async sees(place: Locator, text: string | RegExp): Promise<void> {
    const found = place.getByText(text, { exact: true }).first();
    await found.waitFor({ state: "visible" });
  }

  /** Keeps how the whole page looks, in a folder that git does not know. */
  async picture(name: string): Promise<void> {
    mkdirSync(PICTURES, { recursive: true });
    await this.page.waitForTimeout(300); // What moves has come to rest.
    await this.page.evaluate(() => window.scrollTo(0, 0));
    await this.page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
  }

  /** What no page may do, whatever was shown. */
  expectNoComplaints(allowed?: RegExp): void {
    expect(this.complaints.filter((one) => allowed?.test(one) !== true)).to.deep.equal([]);
    expect([...this.hosts].filter((host) => host !== new URL(this.#url).host && host !== "data")).to.deep.equal([]);
  }
}

/** "1,234.5 USDT" as a number. */
export function numberIn(text: string): number {
  return Number(text.replaceAll(",", "").replace("\u2212", "-").split(" ")[0]);
}

import { AxeBuilder } from "@axe-core/playwright";
import { expect } from "chai";

import { deal, liquidate, offer, trader } from "./support/crowd.ts";
import { Person } from "./support/person.ts";
import { openStage } from "./support/shared.ts";
import type { Stage } from "./support/stage.ts";

/** Each page, and a sentence that stands there when it has read what it shows. */
const PAGES = [
  ["reserves", /Fund reserve/],
  ["trade", /Open interest/],
  ["underwrite", /Free capacity/],
  ["auctions", /Last bids/],
  ["claims", /The facts show, a unit/],
  ["governance", /Maintenance margin, lowest target/],
] as const;
const THEMES = ["light", "dark"] as const;
const SIZES = [
  ["desktop", { width: 1280, height: 900 }],
  ["phone", { width: 390, height: 844 }],
] as const;
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"];

describe("How the page looks", () => {
  let stage: Stage;
  let person: Person;
  before(async () => {
    stage = await openStage();
    await stage.reset();
    await play(stage);
    person = await Person.arrive(stage, { account: 2 });
    await person.open("reserves");
    await person.connect();
  });

  after(() => person.leave());

  it("can be used soon: the times are printed", async () => {
    for (const [path, sign] of PAGES) {
      const reader = await Person.arrive(stage, {});
      const started = performance.now();
      await reader.open(path);
      await reader.page.getByText(sign).first().waitFor();
      console.log(`      ${path}: readable after ${Math.round(performance.now() - started)} ms`);
      reader.expectNoComplaints();
      await reader.leave();
    }
  });

  for (const [path, sign] of PAGES) {
    it(`${path}: pictures in both themes and sizes, nothing too wide, axe finds nothing`, async () => {
      const problems: string[] = [];
      await person.open(path);
      await person.page.getByText(sign).first().waitFor();
      if (path === "trade") await fillTicket(person);
      await person.page.waitForFunction(() => document.querySelectorAll(".loading").length === 0);
      for (const theme of THEMES) {
        await person.page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
        for (const [size, viewport] of SIZES) {
          await person.page.setViewportSize(viewport);
          await person.picture(`${path}-${theme}-${size}`);
          const width = await person.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
          if (width > 0) problems.push(`${theme}, ${size}: ${width} pixels too wide`);
        }
        const { violations } = await new AxeBuilder({ page: person.page }).withTags(TAGS).analyze();
        for (const { id, impact, nodes } of violations) {
          problems.push(`${theme}: ${id} (${impact ?? ""}) ${nodes.map(({ html }) => html).join(" | ")}`);
        }
      }
      expect(problems).to.deep.equal([]);
      person.expectNoComplaints();
    });
  }

  it("is used by keyboard alone: skip link, pages, wallet", async () => {
    const typist = await Person.arrive(stage, { account: 2 });
    await typist.open("reserves");
    await typist.page.getByText("Fund reserve").first().waitFor();
    const press = (key: string) => typist.page.keyboard.press(key);
    await press("Tab");
    expect(await focused(typist)).to.equal("Skip to the page");
    for (let count = 0; count < 3; count++) await press("Tab");
    expect(await focused(typist)).to.equal("Trade");
    await press("Enter");
    await typist.page.getByText("Open interest").first().waitFor();
    await typist.button("Connect a wallet").focus();
    await press("Enter");
    await press("Tab");
    expect(await focused(typist)).to.equal("Test Wallet");
    await press("Escape");
    expect(await focused(typist)).to.equal("Connect");
    await typist.leave();
  });
});

const focused = (person: Person) =>
  person.page.evaluate(() => (document.activeElement as HTMLElement | null)?.innerText.trim() ?? "");

/** A chain on which something has happened: positions, cover, a liquidation, a loss, an account on sale. */
async function play(stage: Stage): Promise<void> {
  const whale = await trader(stage, 5, 230_000n);
  const bear = await trader(stage, 6, 300_000n);
  const bidder = await trader(stage, 7, 900_000n);
  const person = await trader(stage, 2, 9_000n);
  const victim = await trader(stage, 8, 920n);
  await deal(stage, { buyer: whale, seller: bear }, { size: 7_900, price: 200 });
  await deal(stage, { buyer: whale, seller: person }, { size: 100, price: 200 });
  await deal(stage, { buyer: victim, seller: person }, { size: 1, price: 8_000, market: 1 });
  await person.client.tokens.approve(person.client.addresses.vault, 10n ** 12n);
  await person.client.covers.buy(
    { series: 2n, units: 100n * 10n ** 18n, maxPremium: 10n ** 12n },
    await person.signer.getAddress(),
  );
  await stage.wait(3 * 86_400 + 60);
  await stage.setPrices({ ether: 198 });
  await person.client.covers.complete(1n);
  await stage.setPrices({ ether: 190 });
  await stage.setPrices({ ether: 80 });
  await liquidate(bidder, whale.account);
  await stage.setPrices({ ether: 81.5, bitcoin: 7_310 });
  for (const [size, price] of [
    [40, 81.3],
    [120, 81.1],
    [300, 80.9],
    [-35, 81.7],
    [-110, 81.9],
    [-280, 82.1],
  ] as const) {
    await offer(stage, bidder, { size, price });
  }
  await stage.setPrices({ ether: 81.2, bitcoin: 7_300 });
}

async function fillTicket(person: Person): Promise<void> {
  await person.field("Size").fill("10");
  const cover = person.page.getByRole("switch", { name: "Cover this trade" });
  if ((await cover.count()) === 0) return;
  await cover.check();
  // After such a loss the vault sells no cover; it says why.
  await person.page.getByText("Average price").waitFor();
}

import { expect } from "chai";

import { deal, liquidate, trader } from "./support/crowd.ts";
import { numberIn, Person } from "./support/person.ts";
import { openStage } from "./support/shared.ts";
import type { Stage } from "./support/stage.ts";

const DAY = 86_400;
const CAPITAL = 10_000;

describe("Underwrite, loss, exit through the cooldown (CVR-05, CVR-06)", () => {
  let stage: Stage;
  let person: Person;
  before(async () => {
    stage = await openStage();
    await stage.reset();
    person = await Person.arrive(stage, { account: 3 });
  });
  after(() => person.leave());

  const worth = () => person.fact(person.panel("Your shares"), "Worth in all");

  it("CVR-01: puts capital into the junior tranche", async () => {
    await person.open("underwrite");
    await person.connect();
    await person.field("Capital to deposit").fill(String(CAPITAL));
    await person.button("Deposit capital").click();
    await person.field("Shares that leave").waitFor();
    expect(await worth()).to.be.closeTo(CAPITAL, 0.01);
    await person.page.getByLabel("Loss of the vault's capital, per cent").fill("20");
    const loss = person.panel("What a loss would do");
    expect(await person.fact(loss, "You would lose")).to.be.closeTo((-CAPITAL * 0.2 * 310_000) / 90_000, 1);
  });

  it("R1, CVR-05: bears its part of a loss, junior first", async () => {
    const whale = await trader(stage, 5, 100_000n);
    const bear = await trader(stage, 6, 150_000n);
    await deal(stage, { buyer: whale, seller: bear }, { size: 4_300, price: 200 });
    await stage.setPrices({ ether: 80 });
    const bidder = await trader(stage, 7, 900_000n);
    await liquidate(bidder, whale.account);
    const { junior, senior } = (await bidder.client.vaults.report()).books;
    expect(senior).to.equal(220_000n * 10n ** 18n);
    const left = Number(junior / 10n ** 12n) / 1e6;
    expect(left).to.be.lessThan(89_000).and.greaterThan(1_000);
    const expected = (CAPITAL * left) / 90_000;
    await person.page.waitForFunction(
      (shown) => document.body.innerText.includes(shown),
      expected.toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 }),
    );
    expect(await worth()).to.be.closeTo(expected, 0.01);
  });

  it("CVR-06: leaves: request, cooldown with a countdown, window, payment", async () => {
    const value = await worth();
    await person.button("Max for Shares that leave").click();
    await person.button("Request exit").click();
    const shares = person.panel("Your shares");
    await person.sees(shares, "Cooldown");
    expect(await shares.locator(".countdown").innerText()).to.match(/^2[78] d/);
    await stage.wait(28 * DAY + 60);
    await stage.setPrices({ ether: 80 });
    await person.sees(shares, "The window is open");
    const token = async () => {
      const { address } = await stage.chain.provider.getSigner(3);
      return Number(await stage.chain.read("MockToken", "Usd", "balanceOf", [address])) / 1e6;
    };
    const before = await token();
    await person.button("Take what can be paid now").click();
    await person.sees(shares, "You have no shares of this tranche.");
    expect((await token()) - before).to.be.closeTo(value, 0.01);
    person.expectNoComplaints();
  });

  it("says in words why an amount cannot be taken", async () => {
    await person.field("Capital to deposit").fill("12,5x");
    await person.sees(person.panel("Deposit, junior"), /Write a number/);
    await person.field("Capital to deposit").fill("99999999");
    await person.sees(person.panel("Deposit, junior"), "More than there is.");
    expect(numberIn("1,234.5 USDT")).to.equal(1_234.5);
  });
});

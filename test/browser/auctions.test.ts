import { expect } from "chai";

import { deal, trader } from "./support/crowd.ts";
import type { Trader } from "./support/crowd.ts";
import { Person } from "./support/person.ts";
import { openStage } from "./support/shared.ts";
import type { Stage } from "./support/stage.ts";

describe("A bid in an auction (LIQ-01 to LIQ-03)", () => {
  let stage: Stage;
  let person: Person;
  let seller: Trader;
  before(async () => {
    stage = await openStage();
    await stage.reset();
    seller = await trader(stage, 8, 4_600n);
    const other = await trader(stage, 6, 50_000n);
    await deal(stage, { buyer: seller, seller: other }, { size: 200, price: 200 });
    await trader(stage, 4, 50_000n); // The person's own margin.
    person = await Person.arrive(stage, { account: 4 });
  });
  after(() => person.leave());

  it("LIQ-01: sees an account come on sale, with what it would bring", async () => {
    await person.open("auctions");
    await person.connect();
    await person.sees(person.panel("On sale"), /No account is below maintenance margin/);
    await stage.setPrices({ ether: 181.5 });
    await person.sees(person.panel("On sale"), "not started");
    const bid = person.panel("Bid");
    await person.sees(bid, "Income of the largest bid");
    expect(await person.fact(bid, "Your income, before gas")).to.be.greaterThan(0);
  });

  it("LIQ-02, LIQ-03: bids, gets the slice, and the account is at target again", async () => {
    const bid = person.panel("Bid");
    const income = await person.fact(bid, "Your income, before gas");
    const payment = await person.fact(bid, "You pay");
    await person.button("Bid").click();
    await person.sees(person.panel("Last bids"), /%/);
    const { client } = seller;
    const buyer = client.accounts.idOf((await stage.chain.provider.getSigner(4)).address);
    const [position] = await client.accounts.positions(buyer);
    expect((position?.base ?? 0n) > 0n).to.equal(true);
    const report = await client.accounts.report(seller.account);
    expect(report.isLiquidatable).to.equal(false);
    // What was bought is worth more than was paid, by the income.
    const worth = Number((await client.accounts.report(buyer)).health.value / 10n ** 12n) / 1e6;
    expect(worth - 50_000).to.be.closeTo(income, 0.01 * Math.max(1, payment / 1_000));
    person.expectNoComplaints();
  });
});

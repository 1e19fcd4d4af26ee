import { expect } from "chai";

import { deal, liquidate, offer, trader } from "./support/crowd.ts";
import { Person } from "./support/person.ts";
import { openStage } from "./support/shared.ts";
import type { Stage } from "./support/stage.ts";

const DAY = 86_400;
const SIZE = 40;

describe("Trade with cover, crash, liquidation, claim (CVR-07, CLM-01, LIQ-05)", () => {
  let stage: Stage;
  let person: Person;
  before(async () => {
    stage = await openStage();
    await stage.reset();
    person = await Person.arrive(stage, { account: 2 });
  });
  after(() => person.leave());

  it("CLR-02, CLR-03: deposits by permit and sells with cover in one transaction", async () => {
    const whale = await trader(stage, 5, 200_000n);
    const bear = await trader(stage, 6, 250_000n);
    await deal(stage, { buyer: whale, seller: bear }, { size: 7_900, price: 200 });
    await offer(stage, whale, { size: 100, price: 199.9 });
    await person.open("trade");
    await person.connect();
    await person.field("Amount to deposit").fill("1500");
    await person.button("Deposit").click();
    const account = person.panel("Your account");
    await person.sees(account, /1,500\.00/);

    await person.page.getByText("Sell", { exact: true }).click();
    await person.field("Size").fill(String(SIZE));
    await person.page.getByRole("switch", { name: "Cover this trade" }).check();
    const order = person.panel("Order");
    await person.sees(order, "Premium, at most");
    expect(await person.fact(order, "Pays in all, at most")).to.equal(SIZE * 40);
    const premium = await person.fact(order, "Premium now");
    expect(premium).to.be.greaterThan(0);
    await person.picture("ticket-light-desktop");
    await person.page.emulateMedia({ colorScheme: "dark" });
    await person.picture("ticket-dark-desktop");
    await person.button("Sell ETH with cover").click();
    await person.sees(person.panel("Positions"), "short");
    await person.sees(person.panel("Your cover"), "Socialised loss, shorts of ETH");
    const { client } = whale;
    const me = client.accounts.idOf(await (await stage.chain.provider.getSigner(2)).getAddress());
    const [position] = await client.accounts.positions(me);
    expect(position?.base).to.equal(-BigInt(SIZE) * 10n ** 18n);
  });

  it("CVR-07: takes its tokens when the waiting time is over", async () => {
    await stage.wait(3 * DAY + 60);
    await stage.setPrices({ ether: 200 });
    await person.button(/^Complete the purchase/).click();
    await person.sees(person.panel("Your cover"), "running");
  });

  it("LIQ-05: sees the charge that a crash leaves to its side", async () => {
    const bidder = await trader(stage, 7, 900_000n);
    await stage.setPrices({ ether: 80 });
    const { address } = await stage.chain.provider.getSigner(5);
    await liquidate(bidder, bidder.client.accounts.idOf(address));
    await person.sees(person.panel(/^What happened/), "charge");
    await person.sees(person.panel("Your cover"), "can be claimed");
  });

  it("CVR-03: wraps cover as an ERC-20, and unwraps it", async () => {
    await person.open("claims");
    const claim = person.panel("Socialised loss, shorts of ETH");
    await claim.getByText("As an ERC-20").click();
    await person.field("Units to wrap").fill("15");
    await claim.getByRole("button", { name: "Wrap", exact: true }).click();
    await person.comesTo(claim, "Wrapped, yours", 15);
    await person.comesTo(claim, "You hold", SIZE - 15);
    await claim.getByText("Unwrap", { exact: true }).click();
    await person.field("Units to unwrap").fill("15");
    await claim.getByRole("button", { name: "Unwrap", exact: true }).click();
    await person.comesTo(claim, "You hold", SIZE);
  });

  it("CLM-01, CVR-05: opens an incident, has it decided and is paid what it was charged", async () => {
    const claim = person.panel("Socialised loss, shorts of ETH");
    await person.sees(claim, "a loss has happened");
    const perUnit = await person.fact(claim, "The facts show, a unit");
    expect(perUnit).to.be.greaterThan(1).and.lessThan(40);
    await claim.getByRole("button", { name: "Open an incident" }).click();
    await claim.getByRole("button", { name: "Have it decided" }).click();
    await person.sees(claim, "confirmed");
    const token = async () => {
      const { address } = await stage.chain.provider.getSigner(2);
      return Number(await stage.chain.read("MockToken", "Usd", "balanceOf", [address])) / 1e6;
    };
    const before = await token();
    await claim.getByRole("button", { name: "Take the payout" }).click();
    await person.sees(person.panel("Incidents and payouts so far"), "paid");
    expect((await token()) - before).to.be.closeTo(perUnit * SIZE, 1e-4);
  });

  it("LIQ-02: sees its own liquidation when the price turns", async () => {
    await person.open("trade");
    await person.sees(person.panel("Positions"), "short");
    await stage.setPrices({ ether: 205 });
    await person.sees(person.panel("Positions"), "being liquidated");
    const bidder = await trader(stage, 8, 100_000n);
    const { address } = await stage.chain.provider.getSigner(2);
    await liquidate(bidder, bidder.client.accounts.idOf(address));
    await person.sees(person.panel(/^What happened/), "liquidated");
    person.expectNoComplaints();
  });
});

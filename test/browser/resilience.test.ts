import { expect } from "chai";

import { offer, trader } from "./support/crowd.ts";
import { Person } from "./support/person.ts";
import { openStage } from "./support/shared.ts";
import type { Stage } from "./support/stage.ts";

/** What the browser says when a node is away is no fault of the page. */
const NODE_AWAY = /Failed to load resource.*50[24]|status of 502/;

describe("A page that keeps its head", () => {
  let stage: Stage;
  let person: Person;
  before(async () => {
    stage = await openStage();
    await stage.reset();
    person = await Person.arrive(stage, { account: 2 });
  });
  after(() => person.leave());

  it("reads without a wallet, and says what a wallet is for", async () => {
    const reader = await Person.arrive(stage, {});
    await reader.open("trade");
    await reader.sees(reader.panel("ETH perpetual"), /200\.00/);
    await reader.button("Connect a wallet").click();
    await reader.page
      .getByText(/No wallet was found/)
      .first()
      .waitFor();
    await reader.sees(reader.panel("Your account"), /Connect a wallet to deposit/);
    reader.expectNoComplaints();
    await reader.leave();
  });

  it("says what a wallet on another network means, and switches it", async () => {
    if (person.manners !== undefined) person.manners.chainId = 1;
    await person.open("trade");
    await person.connect();
    await person.page
      .getByText(/Your wallet is on chain 1;/)
      .first()
      .waitFor();
    await person.button("Switch the wallet").click();
    await person.page
      .getByText(/Your wallet is on chain 1;/)
      .first()
      .waitFor({ state: "detached" });
  });

  it("takes a no in the wallet as a no, and a revert as a sentence", async () => {
    if (person.manners !== undefined) person.manners.refusesNext = true;
    await person.field("Amount to deposit").fill("100");
    await person.button("Deposit").click();
    await person.page.getByText("You said no in the wallet: nothing was sent.").waitFor();
    await person.button("Deposit").click();
    await person.sees(person.panel("Your account"), /^100\.00/);
    const maker = await trader(stage, 5, 20_000n);
    await offer(stage, maker, { size: -50, price: 215 });
    await person.field("Size").fill("1");
    await person.button("Buy ETH").click();
    await person.page
      .getByText(/Agree on a price within 200 basis points of 200\.$/)
      .first()
      .waitFor();
  });

  it("finds a transaction again after a reload in the middle of it", async () => {
    await stage.chain.provider.send("evm_setAutomine", [false]);
    await person.field("Amount to deposit").fill("250");
    await person.button("Deposit").click();
    await person.button(/^Activity: 1 pending/).waitFor();
    await person.page.reload();
    await person.button(/^Activity: 1 pending/).waitFor();
    await stage.chain.provider.send("evm_mine", []);
    await stage.chain.provider.send("evm_setAutomine", [true]);
    await person.button(/^Activity: 0 pending/).click();
    await person.page
      .getByRole("group", { name: /^Activity/ })
      .getByText("done")
      .first()
      .waitFor();
    await person.sees(person.panel("Your account"), /^350\.00/);
    await person.page.keyboard.press("Escape");
  });

  it("works without a keeper: says that prices are old, and lets anyone read them", async () => {
    await stage.wait(3_600);
    await person.page
      .getByText(/No keeper has read this price for a while/)
      .first()
      .waitFor();
    await person.button("Read prices now").click();
    await person.page
      .getByText(/No keeper has read this price for a while/)
      .first()
      .waitFor({ state: "detached" });
  });

  it("comes back with a chain that was started afresh, and forgets the old one", async () => {
    await stage.stopChain();
    await person.page
      .getByText(/The node does not answer/)
      .first()
      .waitFor();
    await person.sees(person.panel("ETH perpetual"), /200\.00/);
    await stage.startChain();
    await person.page
      .getByText(/This chain was started afresh/)
      .first()
      .waitFor({ timeout: 30_000 });
    await person.sees(person.panel("Your account"), /no positions/);
    expect(await person.fact(person.panel("Your account"), "Worth")).to.equal(0);
    await person.page
      .getByText(/The node does not answer/)
      .first()
      .waitFor({ state: "detached" });
    person.expectNoComplaints(NODE_AWAY);
  });
});

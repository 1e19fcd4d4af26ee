import { expect } from "chai";

import { Maker } from "../../scripts/app/maker.ts";
import { confirmed } from "../../sdk/index.ts";
import type { SignedOrder } from "../../sdk/index.ts";
import { offer, trader } from "./support/crowd.ts";
import type { Trader } from "./support/crowd.ts";
import { Person } from "./support/person.ts";
import { openStage } from "./support/shared.ts";
import type { Stage } from "./support/stage.ts";

const GWEI = 10n ** 9n;

describe("Orders from hand to hand (CLR-03)", () => {
  let stage: Stage;
  let seller: Person;
  let buyer: Person;
  let crowd: Trader;
  before(async () => {
    stage = await openStage();
    await stage.reset();
    for (const account of [2, 3]) await trader(stage, account, 5_000n);
    crowd = await trader(stage, 5, 50_000n);
    seller = await Person.arrive(stage, { account: 2 });
    buyer = await Person.arrive(stage, { account: 3 });
  });
  after(async () => {
    await seller.leave();
    await buyer.leave();
  });

  it("signs an order without a transaction, and another person fills it from its link", async () => {
    await seller.open("trade");
    await seller.connect();
    await seller.page.getByText("Sign an order", { exact: true }).click();
    await seller.page.getByText("Sell", { exact: true }).click();
    await seller.field("Size").fill("3");
    await seller.field("Limit price").fill("201");
    await seller.button("Sign order to sell").click();
    const link = await seller.panel("Order").locator(".order-text").innerText();
    expect(link).to.contain("#/trade?order=bulwark-order-1.");
    stage.board.remove(stage.board.orders); // Only the link has it now.
    await buyer.page.goto(link);
    await buyer.connect();
    await buyer.field("Size").fill("2");
    await buyer.button("Buy ETH").click();
    await buyer.sees(buyer.panel("Positions"), "long");
    await seller.sees(seller.panel("Positions"), "short");
    await seller.sees(seller.panel("Your orders"), /1\.00/);
  });

  it("takes back what is left of it", async () => {
    await seller.panel("Your orders").getByRole("button", { name: "Cancel" }).click();
    await seller.sees(seller.panel("Your orders"), "filled or cancelled");
  });

  it("shows the maker's orders, and the maker takes a person's at the price", async () => {
    const { client, signer } = await trader(stage, 16, 100_000n);
    const maker = new Maker(
      { client, signer, board: stage.board, markets: [0, 1], say: () => undefined },
      await signer.getAddress(),
    );
    await maker.round();
    await seller.sees(seller.panel("Order book"), /199\.90/);
    await seller.field("Size").fill("2");
    await seller.field("Limit price").fill("200");
    await seller.button("Sign order to sell").click();
    await seller.sees(seller.panel("Your orders"), /in 59 min/);
    await maker.round();
    await seller.sees(seller.panel("Positions"), /4\.00/);
  });

  it("says why a transaction failed that came too late", async () => {
    await offer(stage, crowd, { size: -4, price: 200 });
    const signed = stage.board.orders[0] as SignedOrder;
    await buyer.open("trade");
    await buyer.sees(buyer.panel("Order book"), /^4\.00/);
    await buyer.field("Size").fill("4");
    await buyer.sees(buyer.panel("Order"), "Average price");
    await stage.chain.provider.send("evm_setAutomine", [false]);
    try {
      await buyer.button("Buy ETH").click();
      await buyer.button(/^Activity: 1 pending/).waitFor();
      const tip = { maxFeePerGas: 500n * GWEI, maxPriorityFeePerGas: 400n * GWEI, gasLimit: 200_000n };
      const cancelled = crowd.client.contracts.orderBook.cancel(crowd.account, [signed.order.nonce], tip);
      await cancelled;
      await stage.chain.provider.send("evm_mine", []);
      await confirmed(cancelled);
    } finally {
      await stage.chain.provider.send("evm_setAutomine", [true]);
    }
    await buyer.button(/^Activity: 0 pending/).click();
    const activity = buyer.page.getByRole("group", { name: /^Activity/ });
    await activity.getByText("failed", { exact: true }).waitFor();
    await activity.getByText(/nonce/).first().waitFor();
    buyer.expectNoComplaints();
    seller.expectNoComplaints();
  });
});

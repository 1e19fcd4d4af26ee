import { expect } from "chai";

import { hashOrder } from "../../sdk/orders.ts";
import type { Order } from "../../sdk/orders.ts";
import { onNetwork, USDC, WAD } from "./support/fork.ts";
import type { Signer } from "./support/fork.ts";
import { SafeWallet } from "./support/safe.ts";
import { CASH, useWorld } from "./support/world.ts";

const ERC1271 = ["function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4)"];
const MAGIC = "0x1626ba7e";
const FUNDS = 10_000n * USDC;
const SIZE = 5n * WAD;

onNetwork("A real Safe as owner of an account (CLR-03, ERC-1271)", ["safe", "usdc", "weth", "chainlink"], () => {
  let safe: SafeWallet;
  /** Alice, Bob and Carol own the wallet, two of them sign; Dave trades with it. */
  const world = useWorld(async (w) => {
    safe = await SafeWallet.create(w, [w.alice, w.bob, w.carol]);
    await w.mint(safe.address, FUNDS);
    const owners = [w.alice, w.carol];
    await safe.execute(w.usdc, w.usdc.interface.encodeFunctionData("approve", [w.houseAddress, FUNDS]), owners);
    const deposit = w.house.interface.encodeFunctionData("deposit", [w.id(safe), CASH, FUNDS]);
    await safe.execute({ address: w.houseAddress }, deposit, owners);
    await w.deposit(w.dave, FUNDS);
  });
  /** The wallet sells to Dave. */
  const orderOf = () => world().order(world().id(safe), -SIZE, world().price);
  const fill = async (order: Order, signature: string) => {
    const w = world();
    return w.orders.connect(w.dave).fill(order, signature, w.id(w.dave), SIZE);
  };
  const sign = (order: Order, owners: readonly Signer[]) => safe.signHash(hashOrder(order, world().book), owners);
  const expectInvalid = async (order: Order, signature: string) => {
    const w = world();
    await expect(fill(order, signature))
      .to.be.revertedWithCustomError(w.orders, "SignedOrders_InvalidSignature")
      .withArgs(order.account, hashOrder(order, w.book));
  };

  it("CLR-01: deposits by the vote of two owners, and is paid by the vote of two", async () => {
    const w = world();
    expect(await w.cashOf(w.id(safe))).to.equal(10_000n * WAD);
    const withdraw = w.house.interface.encodeFunctionData("withdraw", [w.id(safe), CASH, FUNDS]);
    await safe.execute({ address: w.houseAddress }, withdraw, [w.bob, w.carol]);
    expect(await w.balanceOf(safe.address)).to.equal(FUNDS);
    expect(await w.cashOf(w.id(safe))).to.equal(0n);
  });

  it("CLR-03: an order that two owners have signed is filled, in whatever pair", async () => {
    const w = world();
    let sold = 0n;
    for (const pair of [
      [w.alice, w.bob],
      [w.bob, w.carol],
    ]) {
      const order = await orderOf();
      await fill(order, await sign(order, pair));
      sold += SIZE;
      expect(await w.baseOf(w.id(safe))).to.equal(-sold);
      expect(await w.baseOf(w.id(w.dave))).to.equal(sold);
    }
  });

  it("CLR-03: one owner, a stranger, the order's own hash or another order is no signature of the wallet", async () => {
    const w = world();
    const order = await orderOf();
    const both = await sign(order, [w.alice, w.bob]);
    await expectInvalid(order, await sign(order, [w.alice]));
    await expectInvalid(order, await sign(order, [w.alice, w.frank]));
    await expectInvalid({ ...order, limitPrice: order.limitPrice - 1n }, both);
    const other = await SafeWallet.create(w, [w.alice, w.bob]);
    await expectInvalid(order, await other.signHash(hashOrder(order, w.book), [w.alice, w.bob]));
    await fill(order, both);
  });

  it("CLR-03: what the wallet's owners have signed ends with their vote to need three", async () => {
    const w = world();
    const order = await orderOf();
    const signature = await sign(order, [w.alice, w.bob]);
    const [answer] = await w.chain
      .at(safe.address, ERC1271)
      .read("isValidSignature", [...[hashOrder(order, w.book), signature]]);
    expect(answer, "the wallet itself").to.equal(MAGIC);
    const change = safe.contract.interface.encodeFunctionData("changeThreshold", [3]);
    await safe.execute(safe.contract, change, [w.alice, w.bob]);
    await expectInvalid(order, signature);
    await fill(order, await sign(order, [w.alice, w.bob, w.carol]));
  });
});

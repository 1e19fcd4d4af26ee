import { anyUint } from "@nomicfoundation/hardhat-ethers-chai-matchers/withArgs";
import { expect } from "chai";
import { Wallet, concat, hexlify, randomBytes, toBeHex } from "ethers";
import { describe, it } from "mocha";

import { toAccountId } from "../../../sdk/identifiers.ts";
import { signOrder } from "../../../sdk/orders.ts";
import { TRADE, WAD, connectBench, expectInvalid } from "./support/orders.ts";

const { bench, ethers, networkHelpers } = await connectBench();

/** Gas that the contract grants to a wallet, and what a refused fill may cost beside it. */
const WALLET_GAS = 500_000n;
const OWN_GAS = 110_000n;

describe("SignedOrders: ERC-1271 and EIP-7702 owners (CLR-03, CLM-08)", () => {
  // The order of MockWallet.Mode.
  const hostile = [
    [1, "reverts"],
    [2, "reverts with the magic value"],
    [3, "answers nothing"],
    [4, "answers four bytes"],
    [5, "answers the magic value and dirt"],
    [6, "answers true"],
    [7, "returns a bomb"],
    [8, "reverts with a bomb"],
    [9, "burns its gas"],
    [10, "panics"],
  ] as const;

  it("CLR-03 takes a wallet's word for exactly the hash and the bytes that it approved", async () => {
    const b = await bench();
    const order = b.order({ account: b.walletAccount });
    const signature = hexlify(randomBytes(200));
    await expectInvalid(b, order, signature);
    await b.wallet.approve(b.hash(order), signature);
    await expectInvalid(b, order, concat([signature, "0x00"]));
    await expectInvalid(b, { ...order, nonce: 78n }, signature);
    await b.fill(order, signature);
    expect((await b.trades()).map((trade) => trade.maker)).to.deep.equal([b.walletAccount]);
  });

  it("CLR-03 asks the wallet about 65 bytes as well, when they are nobody's ECDSA signature", async () => {
    const b = await bench();
    const order = b.order({ account: b.walletAccount });
    for (const [nonce, signature] of [
      [1n, await b.sign(order, b.stranger)],
      [2n, toBeHex(0n, 65)],
      [3n, "0x"],
    ] as const) {
      const approved = { ...order, nonce };
      await b.wallet.approve(b.hash(approved), signature);
      await b.fill(approved, signature);
    }
    expect(await b.trades()).to.have.length(3);
  });

  it("CLR-03 takes the ECDSA signature of a wallet's delegate without asking the wallet", async () => {
    const b = await bench();
    const order = b.order({ account: b.walletAccount });
    await b.wallet.setMode(9);
    await b.house.setScopes(b.walletAccount, b.delegate, TRADE);
    const receipt = await (await b.fill(order, await b.sign(order, b.delegate))).wait();
    expect(receipt?.gasUsed).to.be.lessThan(WALLET_GAS);
  });

  it("CLR-03 lets a wallet fill and cancel as caller", async () => {
    const b = await bench();
    const order = b.order();
    const { interface: verbs } = b.orders;
    const fill = verbs.encodeFunctionData("fill", [order, await b.sign(order), b.walletAccount, 10n * WAD]);
    await b.wallet.execute(b.orders, fill);
    await b.wallet.execute(b.orders, verbs.encodeFunctionData("cancel", [b.walletAccount, [5n]]));
    expect((await b.trades()).map((trade) => trade.taker)).to.deep.equal([b.walletAccount]);
    expect(await b.orders.isNonceUsed(b.walletAccount, 5n)).to.equal(true);
  });

  for (const [mode, what] of hostile) {
    it(`CLR-03 refuses at bounded cost when a wallet ${what}`, async () => {
      const b = await bench();
      const order = b.order({ account: b.walletAccount });
      await b.wallet.setMode(mode);
      await expectInvalid(b, order, "0x1234");
      const sent = await b.orders
        .connect(b.taker)
        .fill(order, "0x1234", b.takerAccount, 10n * WAD, { gasLimit: 5_000_000n })
        .catch((error: { transactionHash?: string }) => ({ hash: error.transactionHash ?? "" }));
      const receipt = await ethers.provider.getTransactionReceipt(sent.hash);
      expect(receipt?.status).to.equal(0);
      // A bomb costs its wallet 160,000 gas; copying it would cost that once more.
      const wallet = mode === 9 || mode === 10 ? WALLET_GAS : mode === 7 || mode === 8 ? 170_000n : 10_000n;
      expect(receipt?.gasUsed).to.be.lessThan(wallet + OWN_GAS);
    });
  }

  it("CLR-03 does not ask a wallet that it cannot give all of its gas", async () => {
    const b = await bench();
    const order = b.order({ account: b.walletAccount });
    await b.wallet.approve(b.hash(order), "0x01");
    const filling = b.orders.connect(b.taker);
    const starved = filling.fill.staticCall(order, "0x01", b.takerAccount, 10n * WAD, { gasLimit: 500_000n });
    await expect(starved)
      .to.be.revertedWithCustomError(b.orders, "GuardedCall_InsufficientGas")
      .withArgs(anyUint, WALLET_GAS + WALLET_GAS / 63n + 4_000n);
    await filling.fill(order, "0x01", b.takerAccount, 10n * WAD, { gasLimit: 700_000n });
  });

  it("CLR-03 wants no gas for an owner without code, who cannot be asked", async () => {
    const b = await bench();
    const order = b.order();
    const forged = await b.sign(order, b.stranger);
    const filling = b.orders.connect(b.taker);
    await expect(filling.fill.staticCall(order, forged, b.takerAccount, 10n * WAD, { gasLimit: 200_000n }))
      .to.be.revertedWithCustomError(b.orders, "SignedOrders_InvalidSignature")
      .withArgs(b.makerAccount, b.hash(order));
  });

  it("CLR-03 gives a wallet no way to change anything while it is asked", async () => {
    const b = await bench();
    const order = b.order({ account: b.walletAccount });
    const cancel = b.orders.interface.encodeFunctionData("cancelWord", [b.walletAccount, 9n, 1n]);
    await b.wallet.setMode(11);
    await b.wallet.setReentry(b.orders, cancel);
    await b.fill(order, "0x");
    expect(await b.orders.usedNonces(b.walletAccount, 9n)).to.equal(0n);
    await b.wallet.execute(b.orders, cancel);
    expect(await b.orders.usedNonces(b.walletAccount, 9n)).to.equal(1n);
  });

  it("CLM-08 binds a wallet's word to the account: two wallets of one signer do not share orders", async () => {
    const b = await bench();
    const twin = await ethers.deployContract("MockWallet");
    const order = b.order({ account: b.walletAccount });
    const other = { ...order, account: toAccountId(await twin.getAddress(), 1n) };
    for (const wallet of [b.wallet, twin]) await wallet.approve(b.hash(order), "0x01");
    await expectInvalid(b, other, "0x01");
    await b.fill(order, "0x01");
  });

  it("CLR-03 takes both signatures of an EIP-7702 owner: its key's first, its code's after", async () => {
    const b = await bench();
    const owner = new Wallet(hexlify(randomBytes(32)), ethers.provider);
    await networkHelpers.setBalance(owner.address, 10n ** 18n);
    const authorization = await owner.authorize({
      address: await b.wallet.getAddress(),
      nonce: 1,
      chainId: b.book.chainId,
    });
    const fees = { maxFeePerGas: 10n ** 10n, maxPriorityFeePerGas: 0n, gasLimit: 200_000n, nonce: 0 };
    const carrier = { type: 4, to: b.stranger.address, value: 0n, chainId: b.book.chainId, ...fees };
    const raw = await owner.signTransaction({ ...carrier, authorizationList: [authorization] });
    await (await ethers.provider.broadcastTransaction(raw)).wait();
    expect(await ethers.provider.getCode(owner.address)).to.equal(
      concat(["0xef0100", await b.wallet.getAddress()]).toLowerCase(),
    );
    const account = toAccountId(owner.address, 0n);
    const [byKey, byCode] = [b.order({ account, nonce: 1n }), b.order({ account, nonce: 2n })];
    await b.fill(byKey, (await signOrder(owner, { order: byKey, book: b.book })).signature);
    await expectInvalid(b, byCode, "0xabcd");
    const code = b.wallet.attach(owner.address) as typeof b.wallet;
    await code.approve(b.hash(byCode), "0xabcd");
    await b.fill(byCode, "0xabcd");
    expect((await b.trades()).map((trade) => trade.maker)).to.deep.equal([account, account]);
  });
});

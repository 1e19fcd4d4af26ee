// A SignedOrders over a house that writes down what it is told, with an order that can be filled.
import { expect } from "chai";
import { network } from "hardhat";
import type { NetworkConnectionParams } from "hardhat/types/network";
import type { ContractTransactionResponse } from "ethers";

import { toAccountId } from "../../../../sdk/identifiers.ts";
import { buildOrder, hashOrder, signOrder } from "../../../../sdk/orders.ts";
import type { Order, OrderParameters } from "../../../../sdk/orders.ts";

export const WAD = 10n ** 18n;
export const MAX_INT = 2n ** 255n - 1n;
/** Scope.TRADE, and all scopes but that. */
export const TRADE = 1;
export const ALL_BUT_TRADE = 14;
export const REDUCE_ONLY = 1;
export const PARTIAL_FILLS = 2;

export async function connectBench(parameters: NetworkConnectionParams = {}) {
  const connection = await network.create(parameters);
  const { ethers, networkHelpers } = connection;

  async function deployBench() {
    const [maker, taker, delegate, stranger] = await ethers.getSigners();
    if (!maker || !taker || !delegate || !stranger) throw new Error("the network has too few signers");
    const house = await ethers.deployContract("MockHouse");
    const orders = await ethers.deployContract("SignedOrders", [house]);
    const wallet = await ethers.deployContract("MockWallet");
    const { chainId } = await ethers.provider.getNetwork();
    const now = BigInt(await networkHelpers.time.latest());

    const book = { chainId, address: await orders.getAddress() };
    const makerAccount = toAccountId(maker.address, 3n);
    const takerAccount = toAccountId(taker.address, 0n);
    const walletAccount = toAccountId(await wallet.getAddress(), 1n);
    const parametersOfOrder: OrderParameters = {
      house: await house.getAddress(),
      account: makerAccount,
      market: 5,
      size: 10n * WAD,
      limitPrice: 2_500n * WAD,
      expiry: now + 3_600n,
      nonce: 77n,
    };

    /** An order that can be filled, apart from what is asked to differ. */
    function order(changes: Partial<OrderParameters> = {}): Order {
      return buildOrder({ ...parametersOfOrder, ...changes }, { now });
    }

    function hash(signed: Order): string {
      return hashOrder(signed, book);
    }

    async function sign(signed: Order, signer: typeof maker = maker): Promise<string> {
      return (await signOrder(signer!, { order: signed, book })).signature;
    }

    /** Fills an order as its taker; all of it unless a size is given. */
    function fill(filled: Order, signature: string, size?: bigint): Promise<ContractTransactionResponse> {
      const whole = filled.size < 0n ? -filled.size : filled.size;
      return orders.connect(taker).fill(filled, signature, takerAccount, size ?? whole);
    }

    async function signAndFill(filled: Order, size?: bigint): Promise<ContractTransactionResponse> {
      return fill(filled, await sign(filled), size);
    }

    /** What the house was told, as plain values. */
    async function trades() {
      return (await house.trades()).map((trade) => ({
        taker: trade.taker,
        maker: trade.maker,
        market: trade.market,
        size: trade.size,
        price: trade.price,
      }));
    }

    const signers = { maker, taker, delegate, stranger };
    const accounts = { makerAccount, takerAccount, walletAccount };
    return { ...signers, ...accounts, house, orders, wallet, book, now, order, hash, sign, fill, signAndFill, trades };
  }

  return { ...connection, bench: () => networkHelpers.loadFixture(deployBench) };
}

type Bench = Awaited<ReturnType<Awaited<ReturnType<typeof connectBench>>["bench"]>>;

/** Expects that an order is refused for its signature. */
export async function expectInvalid(b: Bench, order: Order, signature: string, size?: bigint): Promise<void> {
  await expect(b.fill(order, signature, size))
    .to.be.revertedWithCustomError(b.orders, "SignedOrders_InvalidSignature")
    .withArgs(order.account, b.hash(order));
}

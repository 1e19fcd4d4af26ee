import { expect } from "chai";
import { Signature } from "ethers";

import { toAccountId } from "../../../sdk/identifiers.ts";
import { buildOrder, signOrder } from "../../../sdk/orders.ts";
import { ETH_MARKET, USD, WAD } from "../support/deployment.ts";
import type { Signer } from "../support/deployment.ts";
import { withDefences } from "../support/defences.ts";
import { refusalOf } from "../support/refusal.ts";
import { DOLLAR, Scope, useWorld } from "../support/world.ts";
import { house } from "./support/house.ts";

/*
 * Attacks on what somebody has agreed to: an order that is played twice, or on another chain than it was signed for, by a delegate who may do
 * something else, by an order book that an administrator puts in place of the first; and a permit that is used before its owner's own transaction.
 */

const ORDERS = "contracts/clearing/SignedOrders.sol";
/** As EIP-712 has it, the domain of `orderDomain` with a chain that was written down. */
const DOMAIN_OF_CHAIN_1 = `keccak256(abi.encode(
  keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
  keccak256("Bulwark Signed Orders"), keccak256("1"), uint256(1), address(this)
))`;

const copies = withDefences({
  nonce: {
    contracts: ["SignedOrders"],
    edits: [[ORDERS, "_usedNonces[order.account][order.nonce >> 8] |= _bitOf(order.nonce);", ""]],
  },
  liveChain: {
    contracts: ["SignedOrders"],
    edits: [
      [
        ORDERS,
        "_hashTypedDataV4(order.structHash())",
        `keccak256(abi.encodePacked(hex"1901", ${DOMAIN_OF_CHAIN_1}, order.structHash()))`,
      ],
    ],
  },
  scopeOfTrading: {
    contracts: ["SignedOrders"],
    edits: [
      [
        ORDERS,
        "_house.isAuthorized(account, actor, Scope.TRADE)",
        "_house.isAuthorized(account, actor, Scope.DEPOSIT)",
      ],
    ],
  },
  linkedOnce: {
    contracts: ["ClearingHouseRegistry"],
    edits: [
      [
        "contracts/clearing/Listings.sol",
        "if (_config.engine != address(0)) revert ClearingHouse_AlreadyLinked(_config.engine);",
        "",
      ],
    ],
  },
});

interface Signing {
  readonly chainId?: bigint;
  readonly limitPrice?: bigint;
}

const AT_200 = 200n * WAD;
const SIZE = 100n * WAD;

describe("attacks on what was signed", () => {
  const LIMIT = 197n * WAD;
  const world = useWorld(async (w) => {
    await w.cash(w.alice, 50_000n);
    await w.cash(w.bob, 100_000n);
  });
  /** Bob's account sells, at 197 unless another limit is given, while the index is at 200. */
  const sellOrder = async (size: bigint, signer: Signer, { chainId, limitPrice = LIMIT }: Signing = {}) => {
    const w = world();
    const now = await w.now();
    const order = buildOrder(
      {
        house: w.houseAddress,
        account: toAccountId(w.bob.address, 0n),
        market: ETH_MARKET,
        size: -size,
        limitPrice,
        expiry: now + 3_600n,
        nonce: 77n,
      },
      { now },
    );
    const here = (await w.ethers.provider.getNetwork()).chainId;
    const book = { chainId: chainId ?? here, address: await w.orders.getAddress() };
    return signOrder(signer, { order, book });
  };
  /** Alice takes an order as often as it is let; what she has won then, and with which error it ended. */
  const take = async ({ order, signature }: Awaited<ReturnType<typeof sellOrder>>, times: number) => {
    const w = world();
    const before = { alice: await w.valueOf(w.id(w.alice)), bob: await w.valueOf(w.id(w.bob)) };
    const size = order.size < 0n ? -order.size : order.size;
    let refusal: string | undefined;
    for (let time = 0; time < times && refusal === undefined; ++time) {
      const fill = w.orders.connect(w.alice).fill(order, signature, w.id(w.alice), size);
      refusal = await refusalOf(fill, w.orders);
    }
    const won = (await w.valueOf(w.id(w.alice))) - before.alice;
    const lost = before.bob - (await w.valueOf(w.id(w.bob)));
    return { refusal, won, lost };
  };
  /** What 3 dollars a unit come to, and 5 basis points of the notional less. */
  const gainOn = (size: bigint) => size * 3n - (size * 197n * 5n) / 10_000n;

  describe("an order is played four times, and the price rises by 10", () => {
    const QUARTER = 25n * WAD;
    const FEE = (QUARTER * 200n * 5n) / 10_000n;
    const attack = async () => {
      const w = world();
      const { refusal, won } = await take(await sellOrder(QUARTER, w.bob, { limitPrice: AT_200 }), 4);
      await w.setEth(210n * WAD);
      return { refusal, fees: -won, bob: await w.valueOf(w.id(w.bob)) };
    };

    it("CLR-03, P-AUTH-01: the second time its nonce is used: he loses 250 on the 25 that he has sold", async () => {
      const bob = (100_000n - 250n) * DOLLAR;
      expect(await attack()).to.deep.equal({ refusal: "SignedOrders_NonceUsed", fees: FEE, bob });
    });

    it("where a fill does not take the nonce, he has sold 100 and loses 1,000", async () => {
      await copies.takeOut(world(), "nonce");
      const bob = (100_000n - 1_000n) * DOLLAR;
      expect(await attack()).to.deep.equal({ refusal: undefined, fees: 4n * FEE, bob });
    });
  });

  describe("an order that was signed for the same contract on chain 1, where the market is at 197, is played here", () => {
    it("CLR-03, P-AUTH-01: it was not signed for this chain", async () => {
      expect(await take(await sellOrder(SIZE, world().bob, { chainId: 1n }), 1)).to.deep.equal({
        refusal: "SignedOrders_InvalidSignature",
        won: 0n,
        lost: 0n,
      });
    });

    it("where the domain names a chain that was written down, he loses the 300 that lie between the two markets", async () => {
      await copies.takeOut(world(), "liveChain");
      expect(await take(await sellOrder(SIZE, world().bob, { chainId: 1n }), 1)).to.deep.equal({
        refusal: undefined,
        won: gainOn(SIZE),
        lost: 300n * DOLLAR,
      });
    });
  });

  describe("a delegate who may deposit, and no more, signs for a trade with a friend", () => {
    const attack = async () => {
      const w = world();
      await w.house.connect(w.bob).setDelegate(w.dave.address, Scope.Deposit, 2n ** 40n - 1n);
      return take(await sellOrder(SIZE, w.dave), 1);
    };

    it("CLR-01, CLR-03: a scope is for what it says", async () => {
      expect(await attack()).to.deep.equal({ refusal: "SignedOrders_InvalidSignature", won: 0n, lost: 0n });
    });

    it("where another scope will do, the friend has 300 less the fee of the owner's money", async () => {
      await copies.takeOut(world(), "scopeOfTrading");
      expect(await attack()).to.deep.equal({ refusal: undefined, won: gainOn(SIZE), lost: 300n * DOLLAR });
    });
  });

  describe("an administrator links an order book that asks nobody", () => {
    /** A contract under his hand, through which he has Bob sell to Alice at 197. */
    const attack = async () => {
      const w = world();
      const book = await (await w.ethers.deployContract("MockToken", ["Book", "BOOK", 18])).getAddress();
      const link = w.house.link(w.engineAddress, w.fundAddress, book);
      const refusal = await refusalOf(link, w.house);
      const before = await w.valueOf(w.id(w.bob));
      if (refusal === undefined) {
        const trade = { taker: w.id(w.alice), maker: w.id(w.bob), market: ETH_MARKET, size: SIZE, price: LIMIT };
        await w.networkHelpers.impersonateAccount(book);
        await w.networkHelpers.setBalance(book, WAD);
        await w.house.connect(await w.ethers.getSigner(book)).trade(trade);
      }
      return { refusal, lost: before - (await w.valueOf(w.id(w.bob))) };
    };

    it("GOV-01, R5: links are set once, also for the administrator", async () => {
      expect(await attack()).to.deep.equal({ refusal: "ClearingHouse_AlreadyLinked", lost: 0n });
    });

    it("where they can be set again, he loses 300 without having signed anything", async () => {
      await copies.takeOut(world(), "linkedOnce");
      expect(await attack()).to.deep.equal({ refusal: undefined, lost: 300n * DOLLAR });
    });
  });
});

describe("attack: a permit is used before the transaction that it is for", () => {
  const TOP_UP = 2_000n;
  const world = useWorld(async (w) => {
    await w.cash(w.alice, 2_500n);
    await w.cash(w.bob, 100_000n);
    await w.cash(w.carol, 1_000_000n);
    await w.trade(w.id(w.alice), w.id(w.bob), ETH_MARKET, SIZE, AT_200);
    await w.usd.mint(w.alice.address, TOP_UP * USD);
    // 2,500 - 10 - 1,800 = 690 against a margin of 4% of 18,200.
    await w.setEth(182n * WAD);
  });
  /** Alice tops up; Carol uses her permit first and bids after. */
  const attack = async () => {
    const w = world();
    const { chainId } = await w.ethers.provider.getNetwork();
    const domain = { name: "Test Dollar", version: "1", chainId, verifyingContract: await w.usd.getAddress() };
    const fields = ["owner address", "spender address", "value uint256", "nonce uint256", "deadline uint256"];
    const Permit = fields.map((field) => field.split(" ")).map(([name = "", type = ""]) => ({ name, type }));
    const deadline = (await w.now()) + 1_000n;
    const value = TOP_UP * USD;
    const permit = { owner: w.alice.address, spender: w.houseAddress, value, nonce: 0n, deadline };
    const { v, r, s } = Signature.from(await w.alice.signTypedData(domain, { Permit }, permit));
    await w.usd.connect(w.carol).permit(w.alice.address, w.houseAddress, value, deadline, v, r, s);
    const account = w.id(w.alice);
    let isToppedUp = true;
    try {
      await w.house.connect(w.alice).depositWithPermit(account, 0, value, deadline, v, r, s);
    } catch {
      isToppedUp = false;
    }
    const before = await w.valueOf(account);
    let cost = 0n;
    const bid = w.bidFor(w.carol, account).then(({ income, fraction, penalty }) => {
      cost = (income * fraction) / WAD + penalty;
    });
    const refusal = await refusalOf(bid, w.engine);
    return { isToppedUp, refusal, cost, lost: before - (await w.valueOf(account)) };
  };

  it("CLR-02: the allowance is there, so the deposit goes on, and there is nothing to bid for", async () => {
    const expected = { isToppedUp: true, refusal: "LiquidationEngine_NotLiquidatable", cost: 0n, lost: 0n };
    expect(await attack()).to.deep.equal(expected);
  });

  it("where a permit that fails undoes the deposit, she is sold and loses the bidder's income and the penalty", async () => {
    await house.takeOut(world(), "permitMayFail");
    const { isToppedUp, refusal, cost, lost } = await attack();
    expect([isToppedUp, refusal]).to.deep.equal([false, undefined]);
    expect(cost > DOLLAR).to.equal(true);
    expect(lost - cost).to.be.within(0n, 2n);
  });
});

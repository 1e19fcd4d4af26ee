import { expect } from "chai";

import { accountId, BTC_MARKET, ETH_MARKET, WAD } from "../support/deployment.ts";
import { deployHostile, Mode } from "../support/hostile.ts";
import type { HostileDeployment } from "../support/hostile.ts";
import { refusalOf } from "../support/refusal.ts";
import { DOLLAR, useWorld } from "../support/world.ts";
import { house } from "./support/house.ts";

/*
 * Attacks through the tokens of others: one that calls back, one that takes a fee, one that says no without reverting; a collateral whose price
 * was pumped; and fills so small that only their rounding matters. What the attacker takes is another depositor's.
 */

describe("attacks with a token that misbehaves", () => {
  const HUNDRED = 100n * WAD;
  let w: HostileDeployment;
  let clean: Awaited<ReturnType<HostileDeployment["networkHelpers"]["takeSnapshot"]>>;
  before(async () => {
    w = await deployHostile();
    clean = await w.networkHelpers.takeSnapshot();
  });
  /** Bob has deposited 100 of the collateral honestly. */
  beforeEach(async () => {
    await clean.restore();
    for (const who of [w.alice, w.bob]) {
      await w.weth.mint(who.address, HUNDRED);
      await w.weth.connect(who).approve(w.houseAddress, 10n * HUNDRED);
    }
    await w.house.connect(w.bob).deposit(accountId(w.bob.address), 1, HUNDRED);
  });
  const withdraw = (who: typeof w.alice, amount: bigint) =>
    w.house.connect(who).withdraw(accountId(who.address), 1, amount);
  /** What Alice gets out, with the token honest again, and what is then there for Bob. */
  const takeOutAll = async () => {
    await w.weth.setMode(Mode.Honest);
    const credited = await w.house.collateralOf(accountId(w.alice.address), 1);
    if (credited > 0n) await withdraw(w.alice, credited);
    const refusal = await refusalOf(withdraw(w.bob, HUNDRED), w.house);
    return { credited, held: await w.weth.balanceOf(w.houseAddress), refusal };
  };

  describe("it calls back while a deposit is measured", () => {
    /** The token, as Alice's delegate, deposits 50 of hers in the middle of her deposit of 50. */
    const attack = async () => {
      const alice = accountId(w.alice.address);
      await w.weth.connect(w.alice).transfer(w.wethAddress, HUNDRED / 2n);
      await w.networkHelpers.impersonateAccount(w.wethAddress);
      await w.networkHelpers.setBalance(w.wethAddress, WAD);
      await w.weth.connect(await w.ethers.getSigner(w.wethAddress)).approve(w.houseAddress, HUNDRED);
      await w.house.connect(w.alice).setDelegate(w.wethAddress, 2, 2n ** 40n - 1n);
      const inner = w.house.interface.encodeFunctionData("deposit", [alice, 1, HUNDRED / 2n]);
      await w.weth.setReentry(w.houseAddress, inner);
      await w.house.connect(w.alice).deposit(alice, 1, HUNDRED / 2n);
      return { cameIn: await w.weth.reentrySucceeded(), ...(await takeOutAll()) };
    };

    it("R1b, CLR-02: the door is locked: she is credited the 50 that she has brought", async () => {
      const expected = { cameIn: false, credited: HUNDRED / 2n, held: 0n, refusal: undefined };
      expect(await attack()).to.deep.equal(expected);
    });

    it("without the lock, and the floor of gas behind it, she is credited 150 for 100, and 50 of Bob's are gone", async () => {
      await house.takeOut(w, "lock");
      const expected = { cameIn: true, credited: (HUNDRED * 3n) / 2n, refusal: "ClearingHouse_TransferFailed" };
      expect(await attack()).to.deep.equal({ ...expected, held: HUNDRED / 2n });
    });
  });

  describe("it takes a fee of 1%", () => {
    const attack = async () => {
      await w.weth.setMode(Mode.Fee);
      await w.house.connect(w.alice).deposit(accountId(w.alice.address), 1, HUNDRED);
      return takeOutAll();
    };

    it("CLR-02: she is credited the 99 that arrived", async () => {
      expect(await attack()).to.deep.equal({ credited: 99n * WAD, held: 0n, refusal: undefined });
    });

    it("where she is credited what she sent, Bob's withdrawal fails for the one that is missing", async () => {
      await house.takeOut(w, "measured");
      const expected = { credited: HUNDRED, held: 99n * WAD, refusal: "ClearingHouse_TransferFailed" };
      expect(await attack()).to.deep.equal(expected);
    });
  });

  describe("it says no without reverting", () => {
    /** She has nothing: the token answers false, as some do then. */
    const attack = async () => {
      await w.weth.connect(w.alice).transfer(w.carol.address, HUNDRED);
      await w.weth.setMode(Mode.ReturnsFalse);
      const deposit = w.house.connect(w.alice).deposit(accountId(w.alice.address), 1, HUNDRED);
      const first = await refusalOf(deposit, w.house);
      return { first, ...(await takeOutAll()), pocket: await w.weth.balanceOf(w.alice.address) };
    };
    const REFUSED = "ClearingHouse_TransferFailed";

    it("CLR-02: a no is a no", async () => {
      const expected = { first: REFUSED, credited: 0n, held: 0n, refusal: undefined, pocket: 0n };
      expect(await attack()).to.deep.equal(expected);
    });

    it("where nobody hears the answer nor looks at the balance, she has Bob's 100 for nothing", async () => {
      await house.takeOut(w, "answerHeard");
      const expected = { first: undefined, credited: HUNDRED, held: 0n, refusal: REFUSED, pocket: HUNDRED };
      expect(await attack()).to.deep.equal(expected);
    });
  });
});

describe("attack: a collateral that was pumped", () => {
  const ASSET = 2;
  const CAP = 100n;
  const world = useWorld(async (w) => {
    await w.cash(w.bob, 1_000_000n);
    await w.cash(w.carol, 10_000_000n);
  });
  /** 1,000 tokens said to be worth 200 each, and a long of 100 bitcoin; then the tokens are worth 1, and bitcoin falls by 5%. */
  const attack = async () => {
    const w = world();
    const feeds = await w.listFeed(ASSET, 200n * WAD);
    const token = await w.ethers.deployContract("MockToken", ["Pumped", "PUMP", 18]);
    await w.house.listAsset(ASSET, await token.getAddress(), ASSET, 1_000, CAP);
    const alice = w.id(w.alice);
    await token.mint(w.alice.address, 1_000n * WAD);
    await token.connect(w.alice).approve(w.houseAddress, 1_000n * WAD);
    const deposit = (whole: bigint) => w.house.connect(w.alice).deposit(alice, ASSET, whole * WAD);
    const first = await refusalOf(deposit(1_000n), w.house);
    if (first !== undefined) await deposit(CAP);
    const trade = w.trade(alice, w.id(w.bob), BTC_MARKET, 100n * WAD, 8_000n * WAD);
    const second = await refusalOf(trade, w.house);
    await w.setFeeds(feeds, WAD);
    await w.setBtc(7_600n * WAD);
    const value = await w.valueOf(alice);
    const unpaid = value < 0n ? (await w.bidFor(w.carol, alice)).shortfall : 0n;
    return { first, second, unpaid };
  };

  it("CLR-02: what is over the cap is refused, and what is under it carries no such position", async () => {
    expect(await attack()).to.deep.equal({
      first: "ClearingHouse_AssetCapExceeded",
      second: "ClearingHouse_BelowInitialMargin",
      unpaid: 0n,
    });
  });

  it("without the cap 39,400 of her loss are left to the others", async () => {
    await house.takeOut(world(), "cap");
    expect(await attack()).to.deep.equal({ first: undefined, second: undefined, unpaid: 39_400n * DOLLAR });
  });
});

describe("attack: fills of a few wei", () => {
  const FILLS = 30n;
  const world = useWorld(async (w) => {
    await w.cash(w.alice, 10_000n);
    await w.cash(w.bob, 10_000n);
    await w.trade(w.id(w.alice), w.id(w.bob), ETH_MARKET, 10n * WAD, 200n * WAD);
    // A price at which no small size has a whole quote.
    await w.setEth(200n * WAD + 10n ** 10n);
  });
  /** Between two accounts of one person; what the house owes then beyond what it has. */
  const attack = async () => {
    const w = world();
    const before = await w.surplus();
    for (let fill = 0n; fill < FILLS; ++fill) {
      await w.trade(w.id(w.alice), w.id(w.bob), ETH_MARKET, 3n, 200n * WAD);
    }
    return before - (await w.surplus());
  };

  it("CLR-08, R2: the quote is rounded once for both sides: not a wei comes into being", async () => {
    expect(await attack()).to.equal(0n);
  });

  it("where each side rounds its own, every fill makes a wei that nobody has paid in", async () => {
    await house.takeOut(world(), "oneRounding");
    expect(await attack()).to.equal(FILLS);
  });
});

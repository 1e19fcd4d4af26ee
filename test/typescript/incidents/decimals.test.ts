import { expect } from "chai";
import { network } from "hardhat";

import { moduleOf } from "../../../scripts/crashes/module.ts";
import { accountId, CASH, WAD } from "../support/deployment.ts";
import type { Signer } from "../support/deployment.ts";
import { MAX } from "../support/world.ts";

/*
 * The loss path of a whole house whose settlement token, and whose collateral, has 0, 2, 6, 8 or 18 decimals: deposit, fill, loss, draw from
 * reserve, bid, penalty, settlement, withdrawal. Everything is WAD inside, and what a token cannot express stays where it is safe (spec 1).
 */

const DECIMALS = [0, 2, 6, 8, 18] as const;
const PRICE = 200n;
const FEED = 10n ** 8n;
const EXTRA = 2;

describe("assets with 0, 2, 6, 8 and 18 decimals, from deposit to withdrawal", () => {
  for (const decimals of DECIMALS) {
    it(`CLR-02, CLR-08, INV-01, INV-03, FND-11: ${decimals} decimals`, async () => {
      const { ethers, ignition, networkHelpers, provider } = await network.create();
      const module = moduleOf("major", decimals);
      const deployed = await ignition.deploy(module, { parameters: { [module.id]: { ethPrice: PRICE * FEED } } });
      const [administrator, alice, bob, carol, dave] = await ethers.getSigners();
      if (!administrator || !alice || !bob || !carol || !dave) throw new Error("too few accounts");
      const house = await ethers.getContractAt("IClearingHouse", await deployed.clearingHouse.getAddress());
      const engine = await ethers.getContractAt("LiquidationEngine", await deployed.engine.getAddress());
      const fund = await ethers.getContractAt("InsuranceFund", await deployed.fund.getAddress());
      const usd = await ethers.getContractAt("MockToken", await deployed.usd.getAddress());
      const feeds = await Promise.all(
        [deployed.ethFeed0, deployed.ethFeed1, deployed.ethFeed2].map(async (feed) =>
          ethers.getContractAt("MockAggregator", await feed.getAddress()),
        ),
      );
      const houseAddress = await house.getAddress();
      const orders = await deployed.orders.getAddress();
      await provider.request({ method: "hardhat_impersonateAccount", params: [orders] });
      await networkHelpers.setBalance(orders, WAD);
      const book = house.connect(await ethers.getSigner(orders));
      const segment = await engine.segment();
      const one = 10n ** BigInt(decimals);
      const toWad = 10n ** BigInt(18 - decimals);

      // Collateral of the same decimals, priced by the same feed, haircut 10%.
      const extra = await ethers.deployContract("MockToken", ["Extra", "XTR", decimals]);
      await house.listAsset(EXTRA, await extra.getAddress(), 0, 1_000, 1_000_000);

      const deposit = async (who: Signer, asset: number, amount: bigint) => {
        const token = asset === CASH ? usd : extra;
        await token.mint(who.address, amount);
        await token.connect(who).approve(houseAddress, MAX);
        await house.connect(who).deposit(accountId(who.address), asset, amount);
        return accountId(who.address);
      };
      const [a, b, c, d] = [
        await deposit(alice, CASH, 2_500n * one),
        await deposit(bob, CASH, 100_000n * one),
        await deposit(carol, CASH, 100_000n * one),
        await deposit(dave, EXTRA, 10n * one),
      ];
      expect((await house.headerOf(a)).cash, "to the wei").to.equal(2_500n * WAD);
      expect(await house.collateralOf(d, EXTRA)).to.equal(10n * WAD);
      await usd.mint(administrator.address, 2_000n * one);
      await usd.approve(await fund.getAddress(), MAX);
      await fund.donate(segment, 2_000n * one);
      // An odd size, so that fees and losses do not fall on whole units of the token.
      const size = 100n * WAD + 1n;
      await book.trade({ taker: a, maker: b, market: 0, size, price: PRICE * WAD });
      await book.trade({ taker: d, maker: b, market: 0, size: 50n * WAD + 3n, price: PRICE * WAD });

      const oracle = await ethers.getContractAt("PriceOracle", await deployed.oracle.getAddress());
      /** Tokens held less everything that the books claim, WAD. */
      const surplus = async () => {
        const [price] = await oracle.quote(0);
        let claimed = (await house.totals()).fees + (await house.fundAccount()) - (await house.unallocatedLoss());
        for (const account of [a, b, c, d, await house.clearingAccount()]) {
          const { base, quoteValue } = await house.positionOf(account, 0);
          claimed += (await house.headerOf(account)).cash + (base * price) / WAD + quoteValue;
        }
        return (await usd.balanceOf(houseAddress)) * toWad - claimed;
      };
      const expectConserved = async () => expect(await surplus(), "CLR-08").to.be.within(-100n, 100n);
      await expectConserved();

      // Alice is bankrupt at 160, Dave is below maintenance margin and pays a penalty.
      await networkHelpers.time.increase(60);
      for (const feed of feeds) await feed.setAnswer(160n * FEED);
      const bid = (account: string) =>
        engine.connect(carol).bid({ account, bidder: c, fraction: WAD, minFraction: 0n, maxPrice: MAX, minIncome: 0n });
      await bid(a);
      await bid(d);
      const { reserve, owed } = await fund.segmentOf(segment);
      expect(owed > 0n, "a draw").to.equal(true);
      expect(reserve + owed, "INV-01: nothing lost in booking").to.equal(2_000n * WAD);
      await expectConserved();
      await fund.settle(segment);
      const settled = await fund.segmentOf(segment);
      expect((await usd.balanceOf(await fund.getAddress())) * toWad).to.equal(settled.reserve + settled.owed);
      expect(settled.owed < toWad, "less than a unit of the token is left").to.equal(true);
      await expectConserved();
      expect((await extra.balanceOf(houseAddress)) * toWad, "INV-01: collateral held >= booked").to.equal(
        (await house.collateralOf(c, EXTRA)) + (await house.collateralOf(d, EXTRA)),
      );

      // What is withdrawn is what is debited, never more; a wei below a unit is nothing.
      const before = (await house.headerOf(c)).cash;
      const amount = 1_000n * one + (decimals === 0 ? 0n : 1n);
      await house.connect(carol).withdraw(c, CASH, amount);
      expect(await usd.balanceOf(carol.address)).to.equal(amount);
      expect(before - (await house.headerOf(c)).cash).to.equal(amount * toWad);
      const held = await house.collateralOf(c, EXTRA);
      if (held >= toWad) {
        await house.connect(carol).withdraw(c, EXTRA, held / toWad);
        expect(await extra.balanceOf(carol.address)).to.equal(held / toWad);
        expect(await house.collateralOf(c, EXTRA)).to.equal(held % toWad);
      }
      await expectConserved();
    });
  }
});

import { expect } from "chai";

import { accountId, USD, WAD } from "../support/deployment.ts";
import { deployHostile, Mode } from "../support/hostile.ts";
import type { HostileDeployment } from "../support/hostile.ts";
import { vaultsOf } from "../support/underwriting.ts";
import { MAX, Scope, useWorld } from "../support/world.ts";
import { dollars, leftovers, permitOf, planOf, signedFill, stage, trust } from "./support/plans.ts";
import type { Plan } from "./support/plans.ts";

const NOTHING = [0n, 0n, 0n, 0n];
const UNITS = 20n * WAD;

describe("Router under attack (PER-01): alice has lent it everything, erin wants it", () => {
  let series: bigint;
  const world = useWorld(async (w) => {
    series = await stage(w);
    await trust(w, w.alice, Scope.All);
    await trust(w, w.erin, Scope.All);
  });
  const attack = (plan: Partial<Plan>) => world().router.connect(world().erin).run(planOf(plan));

  it("Router_NotOwner: nobody trades, bids or deposits for somebody else's account, whatever was lent", async () => {
    const w = world();
    await w.usd.mint(w.erin.address, 1_000n * USD);
    for (const sub of [0n, 1n]) {
      const alice = w.id(w.alice, sub);
      const plans: Partial<Plan>[] = [
        { deposits: [dollars(alice, 10n)] },
        { fills: [await signedFill(w, w.bob, alice, WAD)] },
        { bids: [w.request(w.alice, w.id(w.dave), { bidder: alice })] },
      ];
      for (const plan of plans) {
        await expect(attack(plan))
          .to.be.revertedWithCustomError(w.router, "Router_NotOwner")
          .withArgs(alice, w.erin.address);
      }
    }
  });

  it("PER-01 tokens come from the caller only: a victim's approval pays for nobody else", async () => {
    const w = world();
    const router = await w.router.getAddress();
    const usd = await w.usd.getAddress();
    await expect(attack({ deposits: [dollars(w.id(w.erin), 10n)] }))
      .to.be.revertedWithCustomError(w.router, "Router_TransferFailed")
      .withArgs(usd, w.erin.address, router, 10n * USD);
    await expect(attack({ covers: [{ series, units: UNITS, maxPremium: 77n }] }))
      .to.be.revertedWithCustomError(w.router, "Router_TransferFailed")
      .withArgs(usd, w.erin.address, router, 77n);
    expect(await w.usd.balanceOf(w.alice.address)).to.equal(10_000n * USD);
  });

  it("PER-01 a permit seen in the pool: worth nothing in the thief's plan, and its owner's plan goes on after it was used", async () => {
    const w = world();
    const router = await w.router.getAddress();
    await w.usd.connect(w.alice).approve(router, 0n);
    const permit = await permitOf(w, w.alice, 500n * USD);
    await expect(attack({ permits: [permit], deposits: [dollars(w.id(w.erin), 500n)] }))
      .to.be.revertedWithCustomError(w.router, "Router_TransferFailed")
      .withArgs(await w.usd.getAddress(), w.erin.address, router, 500n * USD);
    // The thief's next move: to use it up at the token.
    await w.usd.connect(w.erin).permit(w.alice.address, router, 500n * USD, MAX, permit.v, permit.r, permit.s);
    await expect(attack({ deposits: [dollars(w.id(w.erin), 500n)] })).to.be.revertedWithCustomError(
      w.router,
      "Router_TransferFailed",
    );
    const account = w.id(w.alice, 1n);
    await w.router.connect(w.alice).run(planOf({ permits: [permit], deposits: [dollars(account, 500n)] }));
    expect(await w.cashOf(account)).to.equal(500n * WAD);
    // Once: neither in the same plan nor in a later one does it give anything more.
    await expect(
      w.router.connect(w.alice).run(planOf({ permits: [permit, permit], deposits: [dollars(account, 1n)] })),
    ).to.be.revertedWithCustomError(w.router, "Router_TransferFailed");
  });

  it("PER-01 two users in one block: each gets his own, in either order", async () => {
    const w = world();
    const { vault } = await vaultsOf(w);
    await w.usd.mint(w.erin.address, 10_000n * USD);
    for (const order of [
      [w.alice, w.erin],
      [w.erin, w.alice],
    ]) {
      const block = await w.ethers.provider.getBlockNumber();
      const [balances, cash] = [await all(w.usd.balanceOf), await all((who) => w.cashOf(accountId(who)))];
      const escrowed = (await vault.books()).escrowed;
      await w.provider.request({ method: "evm_setAutomine", params: [false] });
      for (const who of order) {
        const plan = planOf({
          deposits: [dollars(w.id(who), who === w.alice ? 100n : 200n)],
          covers: [{ series, units: UNITS, maxPremium: 50n * USD }],
        });
        await w.router.connect(who).run(plan, { gasLimit: 5_000_000 });
      }
      await w.provider.request({ method: "evm_setAutomine", params: [true] });
      await w.provider.request({ method: "evm_mine", params: [] });
      expect(await w.ethers.provider.getBlockNumber(), "one block").to.equal(block + 1);
      const spent = (await all(w.usd.balanceOf)).map((left, i) => (balances[i] ?? 0n) - left);
      const added = (await all((who) => w.cashOf(accountId(who)))).map((now, i) => now - (cash[i] ?? 0n));
      expect(added).to.deep.equal([100n * WAD, 200n * WAD]);
      const premiums = (spent[0] ?? 0n) - 100n * USD + ((spent[1] ?? 0n) - 200n * USD);
      expect((await vault.books()).escrowed - escrowed, "what both paid is what the vault has").to.equal(
        premiums * 10n ** 12n,
      );
      expect(await leftovers(w)).to.deep.equal(NOTHING);
    }

    async function all(read: (who: string) => Promise<bigint>) {
      return [await read(w.alice.address), await read(w.erin.address)];
    }
  });

  it("PER-01 tokens that lie here belong to nobody: no plan pays with them, none takes them out", async () => {
    const w = world();
    const router = await w.router.getAddress();
    await w.usd.mint(router, 77n * USD);
    await expect(attack({ deposits: [dollars(w.id(w.erin), 77n)] })).to.be.revertedWithCustomError(
      w.router,
      "Router_TransferFailed",
    );
    const plan = planOf({
      deposits: [dollars(w.id(w.alice), 10n)],
      covers: [{ series, units: UNITS, maxPremium: 50n * USD }],
    });
    await w.nextIn(5n);
    const { covers } = await w.router.connect(w.alice).run.staticCall(plan, { blockTag: "pending" });
    await w.router.connect(w.alice).run(plan);
    expect(await w.usd.balanceOf(w.alice.address)).to.equal(9_990n * USD - (covers[0]?.premium ?? 0n));
    expect(await leftovers(w)).to.deep.equal([77n * USD, 0n, 0n, 0n]);
  });

  it("PER-01 one function changes state and takes native value; none takes an address or raw data to call", async () => {
    const w = world();
    const router = await w.router.getAddress();
    const functions = w.router.interface.fragments.filter((fragment) => fragment.type === "function");
    const changing = functions.filter(
      (fragment) => "stateMutability" in fragment && fragment.stateMutability !== "view",
    );
    expect(changing.map((fragment) => fragment.format("minimal"))).to.have.length(1);
    const [run] = changing;
    expect(run?.inputs[0]?.format("sighash")).to.equal(
      "(uint256,uint8[],(uint8,uint256,uint256,uint8,bytes32,bytes32)[],(bytes32,uint8,uint256,uint256)[],uint256[]," +
        "((address,bytes32,uint8,int256,uint256,uint40,uint256,uint8,bytes32),bytes,bytes32,uint256)[]," +
        "(bytes32,bytes32,uint256,uint256,uint256,uint256)[],(uint64,uint96,uint256)[]," +
        "(bytes[],uint256)[],(bytes32[],bytes)[])",
    );
    const data = w.router.interface.encodeFunctionData("run", [planOf({ refreshes: [1n] })]);
    await w.alice.sendTransaction({ to: router, data });
    await w.alice.sendTransaction({ to: router, data, value: 1n });
    expect(await w.ethers.provider.getBalance(router), "value that nothing has cost goes back").to.equal(0n);
    for (const transaction of [
      { to: router, value: 1n },
      { to: router, data: "0x12345678" },
      { to: router, data: w.router.interface.encodeFunctionData("house"), value: 1n },
    ]) {
      await expect(w.alice.sendTransaction(transaction)).to.revert(w.ethers);
    }
    expect(await w.ethers.provider.getBalance(router)).to.equal(0n);
  });
});

describe("Router and tokens that misbehave (PER-01)", () => {
  let h: HostileDeployment;
  let router: string;
  let alice: string;
  const WEI = 1_000n;
  beforeEach(async () => {
    h = await deployHostile();
    router = await h.router.getAddress();
    alice = accountId(h.alice.address);
    await h.house.connect(h.alice).setDelegate(router, Scope.Trade | Scope.Deposit, 2n ** 40n - 1n);
    for (const token of [h.usd, h.weth]) {
      await token.mint(h.alice.address, 10n * WEI);
      await token.connect(h.alice).approve(router, MAX);
    }
  });
  const deposit = (minCredited = 0n, asset = 1) =>
    h.router.connect(h.alice).run(planOf({ deposits: [{ account: alice, asset, amount: WEI, minCredited }] }));
  const expectEmpty = async (held = 0n) => {
    expect(await h.weth.balanceOf(router)).to.equal(held);
    expect(await h.weth.allowance(router, h.houseAddress)).to.equal(0n);
  };

  it("Router_CreditedBelowLimit: a fee is taken twice, what arrives is credited, and the caller's limit holds", async () => {
    await h.weth.setMode(Mode.Fee);
    // 1% of 1,000, then 1% of 990, rounded down by the token.
    await expect(deposit(982n))
      .to.be.revertedWithCustomError(h.router, "Router_CreditedBelowLimit")
      .withArgs(alice, 1, 981n, 982n);
    await deposit(981n);
    expect(await h.house.collateralOf(alice, 1)).to.equal(981n);
    await expectEmpty();
  });

  it("CLR-02 a settlement token with a fee is refused by the house on the second way", async () => {
    await h.usd.setMode(Mode.Fee);
    await expect(deposit(0n, 0))
      .to.be.revertedWithCustomError(h.house, "ClearingHouse_UnexpectedTransfer")
      .withArgs(h.usdAddress, 990n, 981n);
  });

  it("Router_BalanceChanged: a token that takes more than it was told does not eat what lies here", async () => {
    await h.weth.setMode(Mode.FeeOnTop);
    await h.weth.mint(router, 500n);
    await expect(deposit())
      .to.be.revertedWithCustomError(h.router, "Router_BalanceChanged")
      .withArgs(h.wethAddress, 500n, 490n);
    await expectEmpty(500n);
  });

  it("Router_UnreadableBalance and Router_TransferFailed: a token that does not answer, refuses, lies or burns gas", async () => {
    await h.weth.setMode(Mode.BlindBalance);
    await expect(deposit()).to.be.revertedWithCustomError(h.router, "Router_UnreadableBalance").withArgs(h.wethAddress);
    for (const mode of [
      Mode.ReturnsFalse,
      Mode.Reverts,
      Mode.Paused,
      Mode.ReturnsGarbage,
      Mode.BurnsGas,
      Mode.ReturnBomb,
    ]) {
      await h.weth.setMode(mode);
      await expect(deposit())
        .to.be.revertedWithCustomError(h.router, "Router_TransferFailed")
        .withArgs(h.wethAddress, h.alice.address, router, WEI);
    }
    // It says yes and moves nothing: nothing has arrived, and the house takes no deposit of nothing.
    await h.weth.setMode(Mode.Lies);
    await expect(deposit()).to.be.revertedWithCustomError(h.house, "ClearingHouse_InvalidAmount");
    await h.weth.setMode(Mode.ReturnsNothing);
    await deposit(WEI);
    expect(await h.house.collateralOf(alice, 1)).to.equal(WEI);
    await expectEmpty();
  });

  it("PER-01 a token's hook finds the Router closed, also for plans of the token's own", async () => {
    const plan = planOf({ refreshes: [1n] });
    await h.weth.setReentry(router, h.router.interface.encodeFunctionData("run", [plan]));
    await deposit(WEI);
    expect(await h.weth.reentries()).to.equal(2n);
    expect(await h.weth.reentrySucceeded()).to.equal(false);
    expect(await h.weth.reentryResult()).to.equal(h.ethers.id("ReentrancyGuardReentrantCall()").slice(0, 10));
    expect(await h.house.collateralOf(alice, 1)).to.equal(WEI);
    // Open again afterwards.
    await h.router.connect(h.bob).run(plan);
  });

  it("PER-01 what a hook leaves here goes back to the caller; if he cannot take it, nothing happens", async () => {
    const script = await h.ethers.deployContract("SameTransaction");
    const call = h.weth.interface.encodeFunctionData.bind(h.weth.interface);
    const mint = call("mint", [router, 5n]);
    const hook = (...calls: string[]) =>
      h.weth.setReentry(
        script,
        script.interface.encodeFunctionData("run", [calls.map((data) => ({ target: h.wethAddress, data }))]),
      );
    const once = call("setMode", [Mode.Honest]);
    await hook(mint, once);
    const before = await h.weth.balanceOf(h.alice.address);
    await deposit(WEI);
    expect(await h.house.collateralOf(alice, 1), "what was asked for").to.equal(WEI);
    expect(before - (await h.weth.balanceOf(h.alice.address))).to.equal(WEI - 5n);
    await expectEmpty();
    await hook(mint, once, call("setBlocked", [h.alice.address, true]));
    await expect(deposit(WEI))
      .to.be.revertedWithCustomError(h.router, "Router_TransferFailed")
      .withArgs(h.wethAddress, router, h.alice.address, 5n);
    // A hook that leaves something at the refund, too.
    await hook(mint);
    await expect(deposit(WEI))
      .to.be.revertedWithCustomError(h.router, "Router_BalanceChanged")
      .withArgs(h.wethAddress, 0n, 5n);
  });
});

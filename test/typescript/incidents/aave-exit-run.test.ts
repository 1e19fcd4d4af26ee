import { expect } from "chai";

import { BUDGETS } from "../../../deploy/modules/defaults.ts";
import { USD, WAD } from "../support/deployment.ts";
import { SENIOR, standBehind, underwrite } from "../support/underwriting.ts";
import { DOLLAR, useWorld } from "../support/world.ts";

/*
 * Aave Umbrella, 2026-04-18 (T7). After rsETH was minted out of nothing, 18,922 of about 23,400 staked WETH (43.7M of 54M USD) asked to leave
 * within hours, before the bad debt was recognised. The module was paused, which stopped the slashing too.
 * Figures: peers.md, T7. And Perp v1, 2022-05-15 (T11): the fund was empty, a promised backstop did not exist, and four competing ways to
 * split what was left were put to a vote.
 */

const MARKET = 2;
const ENTRY = 200n * WAD;
const AFTER = 100n * WAD;
const SIZE = 10_000n * WAD;
const DEPOSIT = 300_000n;
/** What the fund has in the second test, and the part of it that a market of class major may draw in a day, basis points (FND-02). */
const RESERVE = 100_000n;
const MAJOR_BUDGET = BigInt(BUDGETS.major);
const DAY = 86_400;

describe("incidents T7 and T11: everybody leaves between event and recognition (Aave, 2026-04-18; Perp v1, 2022-05-15)", () => {
  let feeds: Awaited<ReturnType<ReturnType<typeof world>["listMarket"]>>;
  let vaultAddress: string;
  /** 540,000 of senior capital: Dave has 81% of it, Erin the rest; 1,000 junior, all committed but the floor. Alice is long. */
  const world = useWorld(async (w) => {
    const capital = { junior: 1_000n, senior: 1_000n, committed: 500_000n, reinsurance: 50_000n, reinsured: 40_000n };
    const vaults = await standBehind(w, w.administrator, { ...capital, committed: 500n });
    vaultAddress = await vaults.vault.getAddress();
    await underwrite(w, vaultAddress, w.dave, SENIOR, 437_000n);
    await underwrite(w, vaultAddress, w.erin, SENIOR, 103_000n);
    await vaults.vault.connect(w.administrator).announceCommitment(w.segment, 500_000n * WAD);
    await w.networkHelpers.time.increase(35 * DAY + 1);
    await w.setEth(200n * WAD, 0);
    await w.setBtc(8_000n * WAD, 0);
    await vaults.vault.activateCommitment(w.segment);
    feeds = await w.listMarket(MARKET, ENTRY);
    await w.cash(w.alice, DEPOSIT);
    await w.cash(w.bob, 2_000_000n);
    await w.cash(w.carol, 5_000_000n);
    await w.trade(w.id(w.alice), w.id(w.bob), MARKET, SIZE, ENTRY);
  });
  const share = async () => {
    const w = world();
    const vault = await w.ethers.getContractAt("ICoverageVault", vaultAddress);
    return { vault, share: await w.ethers.getContractAt("TrancheShare", await vault.shareOf(SENIOR)) };
  };
  const run = async () => {
    const w = world();
    const { share: token } = await share();
    const shares = await token.balanceOf(w.dave.address);
    await token.connect(w.dave).requestRedeem(shares, w.dave.address, w.dave.address);
    return shares;
  };
  const lose = async () => {
    const w = world();
    await w.networkHelpers.time.increase(60);
    await w.setFeeds(feeds, AFTER);
    return w.bidFor(w.carol, w.id(w.alice));
  };

  it("INV-10, R4: shares that asked to leave before the loss was booked bear it like all others, and cannot leave before 28 days", async () => {
    const w = world();
    const { share: token, vault } = await share();
    const queued = await run();
    const before = await vault.books();
    const { covered } = await lose();
    expect(covered).to.be.greaterThan(490_000n * DOLLAR);
    const after = await vault.books();
    expect(after.senior).to.be.lessThan(before.senior / 5n);
    const [mine, all] = [await token.convertToAssets(queued), await token.totalSupply()];
    // The same part of what is left as of what was there.
    expect(mine * 10n ** 12n).to.be.within(
      (after.senior * queued) / all - 10n ** 13n,
      (after.senior * queued) / all + 10n ** 13n,
    );
    await expect(token.connect(w.dave).getFunction("claimExit(address)")(w.dave.address)).to.be.revertedWithCustomError(
      vault,
      "CoverageVault_OutsideWindow",
    );
  });

  it("R1, LIQ-04: no one decides who pays (T11): reserve, junior, senior, reinsurance, then the side that gained, in one transaction", async () => {
    const w = world();
    await w.fundReserve(RESERVE * USD);
    await run();
    const { vault } = await share();
    const before = await vault.books();
    const filled = (await w.fund.segmentOf(w.segment)).reserve;
    const { shortfall, covered, socialized } = await lose();
    const after = await vault.books();
    const [junior, senior] = [before.junior - after.junior, before.senior - after.senior];
    const { layers, reserve: left } = await w.fund.segmentOf(w.segment);
    const second = await w.ethers.getContractAt("ICoverageVault", layers.reinsurance);
    const reinsurance = (await second.books()).owedToFund;
    expect(covered).to.equal(filled - left + junior + senior + reinsurance);
    // First of all the reserve, up to what its class may draw in a day.
    expect(filled).to.equal(RESERVE * DOLLAR);
    expect(filled - left).to.equal((filled * MAJOR_BUDGET) / 10_000n);
    expect(socialized).to.be.greaterThan(0n);
    // Senior has paid, so junior is at nothing; the reinsurer has paid, so the first vault has paid all it had committed.
    expect(after.junior).to.be.lessThan(10n ** 12n);
    expect(junior + senior).to.equal(500_000n * DOLLAR);
    expect(reinsurance).to.equal(40_000n * DOLLAR);
    expect(shortfall - covered - socialized).to.equal(0n);
    expect(await w.house.unallocatedLoss()).to.equal(0n);
  });

  it("R5, GOV-03: nobody can pause what the vault owes: a draw asks no one but the fund, and the fund no one", async () => {
    const w = world();
    const { vault } = await share();
    const named = (type: string) =>
      vault.interface.fragments
        .filter((fragment) => fragment.type === type)
        .flatMap((fragment) => ("name" in fragment ? [String(fragment.name)] : []))
        .filter((name) => /pause|freeze|rescue|sweep|skim/i.test(name));
    expect(named("function")).to.deep.equal([]);
    // New promises only: the guardian's pause of sales is asked when cover is bought, and never else.
    expect(named("error")).to.deep.equal(["CoverageVault_SalesPaused"]);
    await expect(vault.connect(w.administrator).draw(w.segment, 1n)).to.be.revertedWithCustomError(
      vault,
      "CoverageVault_NotLinked",
    );
  });
});

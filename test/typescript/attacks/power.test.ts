import { expect } from "chai";

import { MarketClass } from "../../../deploy/modules/defaults.ts";
import { SUPPLY } from "../governance/support/governed.ts";
import { createHouse, HOUR, UNIT } from "../governance/support/whole-house.ts";
import type { House } from "../governance/support/whole-house.ts";
import { linkControl } from "../risk/support/control.ts";
import { withDefences } from "../support/defences.ts";
import { ETH_MARKET, USD, WAD } from "../support/deployment.ts";
import { refusalOf } from "../support/refusal.ts";
import { useWorld } from "../support/world.ts";

/*
 * Attacks with power that has not waited or that was stolen: staked votes, the guardian's pause, and the parameters of risk. For votes that are
 * borrowed for a block see borrowed-votes.deep.test.ts.
 */

const GUARDIAN = "contracts/governance/Guardian.sol";
const copies = withDefences({
  waitingStake: {
    contracts: ["SurplusStake"],
    edits: [["contracts/fund/SurplusStake.sol", "block.timestamp + COOLDOWN", "block.timestamp"]],
  },
  budgetOfPauses: {
    contracts: ["Guardian"],
    edits: [
      [GUARDIAN, "history.thirdEnd != 0 && block.timestamp < nextFrom", "false"],
      [GUARDIAN, "paused > BUDGET", "false"],
    ],
  },
  steps: {
    contracts: ["RiskController"],
    edits: [["contracts/risk/RiskParameters.sol", "step * STEP_PARTS > current[i]", "false"]],
  },
});

const DAY = 86_400n;

describe("attacks with votes that have not waited", () => {
  describe("on surplus that is about to be paid", function () {
    this.timeout(120_000);
    const MILLION = 1_000_000n;
    const VOTES = 40n * MILLION * WAD;
    let h: House;
    let restore: () => Promise<void>;
    /** One who has staked 10 million votes for long enough, on the day on which 90 days are known. */
    before(async () => {
      h = await createHouse(MILLION);
      for (const who of [h.long, h.short]) await h.deposit(who, 100n * MILLION);
      await h.holdMore(50_000n);
      await h.syncAt((await h.now()) + HOUR);
      const { deployer, surplusStake, token } = h;
      await token.approve(await surplusStake.getAddress(), SUPPLY);
      await surplusStake.stake(10n * MILLION * WAD);
      const [, since] = await h.riskController.peakTarget();
      await h.networkHelpers.time.increaseTo(since + 90n * DAY);
      await surplusStake.activate(deployer.address);
      await token.transfer(h.stranger.address, VOTES);
      await token.connect(h.stranger).approve(await surplusStake.getAddress(), VOTES);
      ({ restore } = await h.networkHelpers.takeSnapshot());
    });
    beforeEach(() => restore());
    /** Stakes, is paid and takes the stake back, one after the other. */
    const attack = async () => {
      const { fund, segment, stranger, surplusStake, usd } = h;
      const stake = surplusStake.connect(stranger);
      await stake.stake(VOTES);
      const refusal = await refusalOf(stake.activate(stranger.address), stake);
      const { reserve } = await fund.segmentOf(segment);
      await stake.share();
      const paid = (reserve - (await fund.segmentOf(segment)).reserve) / UNIT;
      if (refusal === undefined) await stake.claim(stranger.address);
      await stake.unstake(VOTES);
      return { refusal, paid, taken: await usd.balanceOf(stranger.address) };
    };

    it("FND-07: votes that have not waited 28 days get nothing of it", async () => {
      const { refusal, paid, taken } = await attack();
      expect([refusal, taken]).to.deep.equal(["SurplusStake_NotYet", 0n]);
      expect(paid > 5_000n * USD).to.equal(true);
    });

    it("where they need not wait, four fifths of it are his within a minute", async () => {
      await copies.takeOut({ ...h, administrator: h.deployer }, "waitingStake");
      const { refusal, paid, taken } = await attack();
      expect(refusal).to.equal(undefined);
      expect((paid * 4n) / 5n - taken).to.be.within(0n, 1n);
      expect(paid > 5_000n * USD).to.equal(true);
    });
  });
});

describe("attacks with keys that were stolen", () => {
  const world = useWorld();

  describe("the guardian's, to keep a market closed", () => {
    const deployGuardian = async () => {
      const w = world();
      const manager = await (await w.ethers.getContractAt("ClearingHouse", w.houseAddress)).authority();
      return w.ethers.deployContract("Guardian", [manager, w.houseAddress]);
    };
    /** A week is asked for every week; of 13 weeks, the days for which it was granted. */
    const attack = async (guardian: Awaited<ReturnType<typeof deployGuardian>>) => {
      const w = world();
      await w.house.linkGuardian(await guardian.getAddress());
      const start = await w.now();
      let days = 0n;
      for (let week = 0n; week < 13n; ++week) {
        await w.networkHelpers.time.setNextBlockTimestamp(start + 10n + week * 7n * DAY);
        const refusal = await refusalOf(guardian.pause(1n << BigInt(ETH_MARKET), 7n * DAY), guardian);
        if (refusal === undefined) days += 7n;
      }
      return days;
    };

    it("GOV-03: seven days of 91, whatever he asks for", async () => {
      expect(await attack(await deployGuardian())).to.equal(7n);
    });

    it("without the budget it is closed for all 91 days", async () => {
      const guardian = await deployGuardian();
      await copies.takeOut(world(), "budgetOfPauses");
      expect(await attack(guardian)).to.equal(91n);
    });
  });

  describe("governance's, to let a market outgrow what stands behind it", () => {
    const SHARE = 4;
    /** The market may rely on all resources instead of 35% of them; what may be open a day later. */
    const attack = async (takeOut?: () => Promise<void>) => {
      const w = world();
      const control = await linkControl(w);
      await takeOut?.();
      // Nothing is loosened within a week of the deployment.
      await w.networkHelpers.time.increase(7n * DAY);
      await w.setEth(200n * WAD, 0);
      await w.cash(w.alice, 50_000n);
      await w.cash(w.bob, 50_000n);
      await w.trade(w.id(w.alice), w.id(w.bob), ETH_MARKET, 1_000n * WAD, 200n * WAD);
      // 60% of it may be drawn in a day: 12,000.
      await w.fundReserve(20_000n * USD);
      await control.sync(ETH_MARKET);
      const parameters = [...(await control.classParameters(MarketClass.Major)).parameters];
      parameters[SHARE] = 10_000n;
      const refusal = await refusalOf(control.setClassParameters(MarketClass.Major, parameters as never), control);
      for (let hour = 0; hour < 24; ++hour) {
        await w.setEth(200n * WAD, Number(HOUR));
        await control.sync(ETH_MARKET);
      }
      const [, { cap }] = await w.house.marketOf(ETH_MARKET);
      return { refusal, cap };
    };

    it("RSK-01, INV-16: a tenth at a time, a week apart: what may be open is what 35% stand for", async () => {
      expect(await attack()).to.deep.equal({ refusal: "RiskController_StepTooLarge", cap: 1_400n * WAD });
    });

    it("where a step has no size, it is what all of them stand for, within a day", async () => {
      const expected = { refusal: undefined, cap: 4_000n * WAD };
      expect(await attack(() => copies.takeOut(world(), "steps"))).to.deep.equal(expected);
    });
  });
});

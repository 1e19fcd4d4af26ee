import { anyValue } from "@nomicfoundation/hardhat-ethers-chai-matchers/withArgs";
import { expect } from "chai";

import { MarketClass } from "../../../deploy/modules/defaults.ts";
import { ROLES } from "../../../deploy/modules/privileges.ts";
import { inOneBlock } from "../support/blocks.ts";
import { DAY, deployGoverned, SUPPLY } from "./support/governed.ts";
import type { Governed } from "./support/governed.ts";

/** Position of `deviations` in ClassParameters. */
const DEVIATIONS = 2;
const [AGAINST, FOR] = [0, 1];
/** Nothing is estimated where several transactions share a block. */
const GAS = { gasLimit: 500_000n };

describe("Governor (GOV-01): a vote, a delay, an execution", () => {
  let system: Governed;
  let start: Awaited<ReturnType<Governed["networkHelpers"]["takeSnapshot"]>>;
  before(async () => {
    system = await deployGoverned();
    start = await system.networkHelpers.takeSnapshot();
  });
  beforeEach(() => start.restore());

  const parametersOf = async () => {
    const { parameters } = await system.riskController.classParameters(MarketClass.Major);
    return [...parameters];
  };
  const setClass = (parameters: readonly bigint[]) => ({
    target: system.riskController,
    data: system.riskController.interface.encodeFunctionData("setClassParameters", [
      MarketClass.Major,
      [...parameters] as never,
    ]),
  });
  const changed = async (by: bigint) => {
    const parameters = await parametersOf();
    parameters[DEVIATIONS] = (parameters[DEVIATIONS] ?? 0n) + by;
    return parameters;
  };

  it("GOV-01: proposal, vote, queue and execution change a parameter", async () => {
    const safer = await changed(40n);
    const decision = await system.decide(setClass(safer));
    await system.networkHelpers.time.increaseTo(decision.eta);
    await expect(decision.execute()).to.emit(system.riskController, "ClassParametersSet");
    expect(await parametersOf()).to.deep.equal(safer);
  });

  it("GOV-01: not a second before its delay, which the access manager counts", async () => {
    const decision = await system.decide(setClass(await changed(40n)));
    expect(decision.eta - (await system.now()) >= 2n * DAY - 5n).to.equal(true);
    await system.networkHelpers.time.setNextBlockTimestamp(decision.eta - 1n);
    await expect(decision.execute())
      .to.be.revertedWithCustomError(system.governor, "GovernorUnmetDelay")
      .withArgs(decision.id, decision.eta);
    await system.networkHelpers.time.setNextBlockTimestamp(decision.eta);
    await decision.execute();
  });

  it("GOV-01, INV-16: out of bounds or faster than its step, it fails with the contract's own error, and stays undecided", async () => {
    const loose = await changed(-41n);
    const decision = await system.decide(setClass(loose));
    await system.networkHelpers.time.increaseTo(decision.eta);
    await expect(decision.execute())
      .to.be.revertedWithCustomError(system.riskController, "RiskController_StepTooLarge")
      .withArgs(MarketClass.Major, DEVIATIONS, 400n, 359n);
    const wild = await system.decide(setClass(await changed(60_000n)));
    await system.networkHelpers.time.increaseTo(wild.eta);
    await expect(wild.execute())
      .to.be.revertedWithCustomError(system.riskController, "RiskController_OutOfBounds")
      .withArgs(MarketClass.Major, DEVIATIONS, 60_400n, anyValue, anyValue);
  });

  it("INV-16: idling builds no cliff: after a year without a step away from safety, one step is a step", async () => {
    await system.networkHelpers.time.increase(365n * DAY);
    const first = await system.decide(setClass(await changed(-40n)));
    await system.networkHelpers.time.increaseTo(first.eta);
    await first.execute();
    const [, allowedFrom] = await system.riskController.classParameters(MarketClass.Major);
    expect(allowedFrom, "and the next one waits a week").to.equal((await system.now()) + 7n * DAY);
    const far = await system.decide(setClass(await changed(-37n)));
    await system.networkHelpers.time.increaseTo(far.eta);
    await expect(far.execute()).to.be.revertedWithCustomError(system.riskController, "RiskController_StepTooLarge");
  });

  it("FND-09, R5: a listing waits 36 days, longer than an exit takes", async () => {
    const { house, networkHelpers } = system;
    const terms = { class: 0, maintenanceRate: 4_000, addOn: 0, cap: 1 };
    const listing = house.interface.encodeFunctionData("listMarket", [1, terms]);
    const slow = await system.decide({ target: house, data: listing });
    const now = await system.now();
    expect(slow.eta - now).to.equal(BigInt(ROLES.listing.delay));
    await networkHelpers.time.increaseTo(slow.eta - 10n);
    await expect(slow.execute()).to.be.revertedWithCustomError(system.governor, "GovernorUnmetDelay");
    await networkHelpers.time.increaseTo(slow.eta);
    await expect(slow.execute()).to.be.revertedWithCustomError(house, "ClearingHouse_MarketAlreadyListed").withArgs(1);
  });

  it("GOV-01: the canceller takes back what is scheduled, and can do nothing else", async () => {
    const { canceller, governor, house, manager, riskController } = system;
    const step = setClass(await changed(40n));
    const decision = await system.decide(step);
    const [target] = decision.targets;
    await manager.connect(canceller).cancel(await governor.getAddress(), target!, step.data);
    await system.networkHelpers.time.increaseTo(decision.eta);
    await expect(decision.execute()).to.be.revertedWithCustomError(manager, "AccessManagerNotScheduled");
    await expect(
      riskController.connect(canceller).setClassParameters(MarketClass.Major, (await parametersOf()) as never),
    )
      .to.be.revertedWithCustomError(riskController, "AccessManagedUnauthorized")
      .withArgs(canceller.address);
    await expect(house.connect(canceller).lowerCap(0, 1))
      .to.be.revertedWithCustomError(riskController, "AccessManagedUnauthorized")
      .withArgs(canceller.address);
  });

  it("GOV-01: who has proposed takes it back before the vote, and nobody else does", async () => {
    const { deployer, governor, stranger } = system;
    const step = setClass(await changed(40n));
    const targets = [await step.target.getAddress()];
    const hash = system.ethers.id("a slip");
    await governor.connect(deployer).propose(targets, [0n], [step.data], "a slip");
    const id = await governor.hashProposal(targets, [0n], [step.data], hash);
    await expect(governor.connect(stranger).cancel(targets, [0n], [step.data], hash))
      .to.be.revertedWithCustomError(governor, "GovernorUnableToCancel")
      .withArgs(id, stranger.address);
    await expect(governor.connect(deployer).cancel(targets, [0n], [step.data], hash))
      .to.emit(governor, "ProposalCanceled")
      .withArgs(id);
    await system.networkHelpers.time.increaseTo((await governor.proposalSnapshot(id)) + 1n);
    await expect(governor.castVote(id, FOR)).to.be.revertedWithCustomError(governor, "GovernorUnexpectedProposalState");
  });

  it("GOV-01: what nobody has voted for is not scheduled", async () => {
    const { deployer, governor, stranger } = system;
    const step = setClass(await changed(40n));
    const targets = [await step.target.getAddress()];
    await expect(governor.connect(stranger).propose(targets, [0n], [step.data], "mine"))
      .to.be.revertedWithCustomError(governor, "GovernorInsufficientProposerVotes")
      .withArgs(stranger.address, 0n, 500_000n * 10n ** 18n);
    await governor.connect(deployer).propose(targets, [0n], [step.data], "unvoted");
    const hash = system.ethers.id("unvoted");
    const id = await governor.hashProposal(targets, [0n], [step.data], hash);
    await system.networkHelpers.time.increaseTo((await governor.proposalDeadline(id)) + 1n);
    await expect(governor.queue(targets, [0n], [step.data], hash)).to.be.revertedWithCustomError(
      governor,
      "GovernorUnexpectedProposalState",
    );
  });

  it("GOV-01: a quorum that is reached in the last hour leaves two days to answer", async () => {
    const { deployer, governor, networkHelpers } = system;
    const step = setClass(await changed(40n));
    const targets = [await step.target.getAddress()];
    await governor.connect(deployer).propose(targets, [0n], [step.data], "late");
    const id = await governor.hashProposal(targets, [0n], [step.data], system.ethers.id("late"));
    const votedAt = (await governor.proposalDeadline(id)) - 3_600n;
    await networkHelpers.time.setNextBlockTimestamp(votedAt);
    await expect(governor.connect(deployer).castVote(id, FOR))
      .to.emit(governor, "ProposalExtended")
      .withArgs(id, votedAt + 2n * DAY);
    expect(await governor.proposalDeadline(id)).to.equal(votedAt + 2n * DAY);
  });

  describe("votes that are borrowed", () => {
    const lend = async (from: "deployer" | "stranger", to: "deployer" | "stranger") =>
      system.token.connect(system[from]).transfer(system[to].address, SUPPLY, GAS);
    const propose = async (who: "deployer" | "stranger", description: string) => {
      const { data, target } = setClass(await changed(40n));
      const targets = [await target.getAddress()];
      const id = await system.governor.hashProposal(targets, [0n], [data], system.ethers.id(description));
      const send = () => system.governor.connect(system[who]).propose(targets, [0n], [data], description, GAS);
      return { id, send };
    };
    beforeEach(async () => {
      await system.token.connect(system.stranger).delegate(system.stranger.address);
    });

    it("GOV-01: all tokens for a block propose nothing; for a second longer they propose", async () => {
      const { deployer, ethers, token } = system;
      const { send } = await propose("stranger", "borrowed");
      const tried = await inOneBlock(system, async () => {
        await lend("deployer", "stranger");
        const sent = await send();
        await lend("stranger", "deployer");
        return sent;
      });
      expect((await ethers.provider.getTransactionReceipt(tried.hash))?.status).to.equal(0);
      expect(await token.balanceOf(deployer.address)).to.equal(SUPPLY);
      await lend("deployer", "stranger");
      await expect(send()).to.emit(system.governor, "ProposalCreated");
    });

    it("GOV-01: all tokens after the snapshot do not vote, and whoever had them then votes though he has none", async () => {
      const { deployer, governor, networkHelpers, stranger, token } = system;
      const { id, send } = await propose("deployer", "own");
      await send();
      await networkHelpers.time.increaseTo((await governor.proposalSnapshot(id)) + 1n);
      await lend("deployer", "stranger");
      expect(await token.getVotes(stranger.address), "he has them all now").to.equal(SUPPLY);
      await expect(governor.connect(stranger).castVote(id, AGAINST))
        .to.emit(governor, "VoteCast")
        .withArgs(stranger.address, id, AGAINST, 0n, "");
      await expect(governor.connect(deployer).castVote(id, FOR))
        .to.emit(governor, "VoteCast")
        .withArgs(deployer.address, id, FOR, SUPPLY, "");
      expect([...(await governor.proposalVotes(id))]).to.deep.equal([0n, SUPPLY, 0n]);
    });
  });
});

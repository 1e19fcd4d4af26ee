import { expect } from "chai";

import { deployGoverned, SUPPLY } from "../governance/support/governed.ts";
import type { Governed } from "../governance/support/governed.ts";
import { inOneBlock } from "../support/blocks.ts";
import { withDefences } from "../support/defences.ts";

/*
 * Votes that are borrowed for a block. Only `npm run test:deep` runs this: the Governor takes as long to compile as four other contracts.
 */

const copies = withDefences({
  snapshot: {
    contracts: ["BulwarkGovernor"],
    edits: [
      [
        "@openzeppelin/contracts/governance/extensions/GovernorVotes.sol",
        "token().getPastVotes(account, timepoint)",
        "token().getVotes(account)",
      ],
    ],
  },
});

const GAS = { gasLimit: 500_000n };

describe("attacks with votes of a block", () => {
  describe("on a proposal for which nobody has voted", () => {
    const [FOR, DEFEATED, SUCCEEDED] = [1, 3n, 4n];
    let g: Governed;
    let restore: () => Promise<void>;
    before(async () => {
      g = await deployGoverned();
      ({ restore } = await g.networkHelpers.takeSnapshot());
    });
    beforeEach(() => restore());
    /** All tokens are lent and given back in one block, in which the borrower votes. */
    const attack = async () => {
      const { governor, networkHelpers, stranger, deployer, token } = g;
      await token.connect(stranger).delegate(stranger.address);
      const call = [[await token.getAddress()], [0n], ["0x"]] as const;
      await governor.propose(...(call.map((list) => [...list]) as never), "borrowed" as never);
      const id = await governor.hashProposal([...call[0]], [...call[1]], [...call[2]], g.ethers.id("borrowed"));
      await networkHelpers.time.increaseTo((await governor.proposalSnapshot(id)) + 1n);
      await inOneBlock(g, async () => {
        await token.transfer(stranger.address, SUPPLY, GAS);
        await governor.connect(stranger).castVote(id, FOR, GAS);
        await token.connect(stranger).transfer(deployer.address, SUPPLY, GAS);
      });
      expect(await token.balanceOf(deployer.address), "given back").to.equal(SUPPLY);
      const [, votes] = await governor.proposalVotes(id);
      await networkHelpers.time.increaseTo((await governor.proposalDeadline(id)) + 1n);
      return { votes, state: await governor.state(id) };
    };

    it("GOV-01: what counts is who had them before: no votes, and it is defeated", async () => {
      expect(await attack()).to.deep.equal({ votes: 0n, state: DEFEATED });
    });

    it("where what one has now counts, it succeeds by the whole supply, of which he owns nothing", async () => {
      await copies.takeOut({ ...g, administrator: g.deployer }, "snapshot");
      expect(await attack()).to.deep.equal({ votes: SUPPLY, state: SUCCEEDED });
    });
  });
});

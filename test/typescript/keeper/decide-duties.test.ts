import { expect } from "chai";

import { keyOf } from "../../../scripts/keeper/decide/actions.ts";
import { decide } from "../../../scripts/keeper/decide/decide.ts";
import type { KeeperState } from "../../../scripts/keeper/decide/state.ts";
import { accountOf, NOW, QUIET, RULES } from "./support/state.ts";

const account = accountOf(3);
const keys = (state: Partial<KeeperState>) => decide({ ...QUIET, bidder: undefined, ...state }).map(keyOf);

describe("keeper: decide what has to be ended (KPR-01)", () => {
  const ending = { market: 0, isBlind: true, isMarked: false, isClosable: false };
  const feeds = (age: bigint) => [{ feed: 0, readAt: NOW - age, maxGap: 300n }];

  it("ORC-07: a market is marked when its price is older than its feed's longest gap, and nobody has", () => {
    expect(keys({ endings: [ending], feeds: feeds(300n) })).to.deep.equal([]);
    expect(keys({ endings: [ending], feeds: feeds(301n) })).to.deep.equal(["markBlind 0"]);
    expect(keys({ endings: [{ ...ending, isMarked: true }], feeds: feeds(301n) })).to.deep.equal([]);
    expect(keys({ endings: [{ ...ending, isBlind: false }], feeds: feeds(301n) })).to.deep.equal([]);
    expect(keys({ endings: [{ ...ending, market: 1 }], feeds: feeds(301n) }), "another feed's age").to.deep.equal([]);
  });

  it("ORC-07, CLR-11: what the house would close is closed; what fails waits like everything else", () => {
    const blindLegs = [{ account, market: 2 }];
    const endings = [{ ...ending, isBlind: false, isClosable: true }];
    const due = [`closeBlindLeg ${account} 2`, "closeMarket 0"];
    expect(keys({ blindLegs, endings })).to.deep.equal(due);
    const waits = new Map(due.map((key) => [key, NOW + 1n]));
    expect(keys({ blindLegs, endings, waits })).to.deep.equal([]);
  });

  it("CLR-10: a withdrawal is paid from the least amount on that is worth it", () => {
    const at = (payable: bigint) => keys({ waiting: [{ account, payable }] });
    expect(at(RULES.payAbove)).to.deep.equal([`payWithdrawal ${account}`]);
    expect(at(RULES.payAbove - 1n)).to.deep.equal([]);
  });
});

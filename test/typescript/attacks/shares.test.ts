import { expect } from "chai";

import { ETH_MARKET, USD, WAD } from "../support/deployment.ts";
import type { Signer } from "../support/deployment.ts";
import { withDefences } from "../support/defences.ts";
import { refusalOf } from "../support/refusal.ts";
import { JUNIOR, SENIOR, standBehind, underwrite, vaultsOf } from "../support/underwriting.ts";
import { useWorld } from "../support/world.ts";

/*
 * Attacks on those who stand in a tranche: on the price of shares, by premium or by tokens that are given away; on what premium has been earned
 * for; on a tranche of which a loss has left next to nothing; and by leaving between the loss and its booking. Amounts are what people have in
 * their wallets, in token units.
 */

const MATH = "contracts/libraries/TrancheMath.sol";
const TRANCHES = "contracts/coverage/Tranches.sol";
const EXITS = "contracts/coverage/Exits.sol";
const NO_VIRTUAL_SHARES = [
  [
    MATH,
    "WadMath.mulDivDown(wad, supply + VIRTUAL, value + VIRTUAL)",
    "(supply == 0 || value == 0 ? wad : WadMath.mulDivDown(wad, supply, value))",
  ],
  [
    MATH,
    "WadMath.min(WadMath.mulDivDown(shares, value + VIRTUAL, supply + VIRTUAL), value)",
    "(supply == 0 ? 0 : WadMath.mulDivDown(shares, value, supply))",
  ],
] as const;
const VAULT = ["CoverageVault"];
const copies = withDefences({
  virtualShares: { contracts: VAULT, edits: NO_VIRTUAL_SHARES },
  ledger: {
    contracts: VAULT,
    edits: [
      ...NO_VIRTUAL_SHARES,
      // All tokens that are there, but for those of this deposit, are taken for the tranche's value.
      [
        TRANCHES,
        "if (_isFrozen(capital, tranche, supply)) revert CoverageVault_TrancheFrozen(tranche);",
        `(, bytes memory held) = TOKEN.staticcall(abi.encodeWithSignature("balanceOf(address)", address(this)));
         capital = capital.withValue(tranche, uint96(TokenUnits.toWad(abi.decode(held, (uint256)) - assets, DECIMALS)));`,
      ],
    ],
  },
  accruedFirst: { contracts: VAULT, edits: [[TRANCHES, "_accrue()", "_capitalWord()"]] },
  endOfEpoch: {
    contracts: VAULT,
    edits: [
      [TRANCHES, "liquid >= TRANCHE_DUST", "true"],
      [MATH, "value < DUST && value < supply / MAX_SHARES", "false"],
    ],
  },
  withholding: {
    contracts: VAULT,
    edits: [
      [EXITS, "WadMath.min(committed, deficit)", "0"],
      [EXITS, "deficit > committed || lastChargeAt + FRESH > block.timestamp", "false"],
    ],
  },
});

const DAY = 86_400;
const WEEK = 7 * DAY;
const COOLDOWN = 28 * DAY;
/** The vault behind, which no attack here reaches. */
const NEXT_LAYER = { reinsurance: 300n, reinsured: 100n };

const world = useWorld();
const shareOf = async (tranche: number) => {
  const { vault } = await vaultsOf(world());
  return world().ethers.getContractAt("TrancheShare", await vault.shareOf(tranche));
};
const deposit = async (who: Signer, tranche: number, dollars: bigint) => {
  const { vault } = await vaultsOf(world());
  await underwrite(world(), await vault.getAddress(), who, tranche, dollars);
};
const request = async (who: Signer, tranche: number, left = 0n) => {
  const share = await shareOf(tranche);
  const shares = (await share.balanceOf(who.address)) - left;
  if (shares > 0n) await share.connect(who).requestRedeem(shares, who.address, who.address);
};
/** What an exit pays, after the cooldown of whoever asked last. */
const leave = async (who: Signer, tranche: number) => {
  const before = await world().usd.balanceOf(who.address);
  await (await shareOf(tranche)).connect(who).getFunction("claimExit(address)")(who.address);
  return (await world().usd.balanceOf(who.address)) - before;
};
/** Carol pays premium that is earned until the week after next begins; the clock goes there. */
const earnPremium = async (dollars: bigint) => {
  const w = world();
  const { vault } = await vaultsOf(w);
  await w.usd.mint(w.carol.address, dollars * USD);
  await w.usd.connect(w.carol).approve(await vault.getAddress(), dollars * USD);
  const week = Math.floor(Number(await w.now()) / WEEK) + 2;
  await vault.connect(w.carol).payPremium(dollars * USD, week);
  await w.networkHelpers.time.increaseTo(week * WEEK);
};

describe("attacks on the first depositor: one wei of shares, and a thousand for each of them", () => {
  const GIVEN = 1_000n;
  const VICTIM = 1_999n;
  /** Alice leaves all but a wei of a dollar's shares, has `give` make it dear, and waits for Bob. What both lose in the end. */
  const attack = async (give: () => Promise<unknown>) => {
    const w = world();
    await deposit(w.alice, JUNIOR, 1n);
    await request(w.alice, JUNIOR, 1n);
    await w.networkHelpers.time.increase(COOLDOWN);
    let back = await leave(w.alice, JUNIOR);
    await give();
    await deposit(w.bob, JUNIOR, VICTIM);
    await request(w.alice, JUNIOR);
    await request(w.bob, JUNIOR);
    await w.networkHelpers.time.increase(COOLDOWN);
    back += await leave(w.alice, JUNIOR);
    const bob = await leave(w.bob, JUNIOR);
    return { attacker: (1n + GIVEN) * USD - back, victim: VICTIM * USD - bob };
  };
  const givePremium = () => earnPremium(GIVEN);
  const giveTokens = async () => {
    const w = world();
    const { vault } = await vaultsOf(w);
    await w.usd.mint(w.carol.address, GIVEN * USD);
    await w.usd.connect(w.carol).transfer(await vault.getAddress(), GIVEN * USD);
  };
  /** Two shares for 2,999.000001: half for each, and the millionth for who is last. */
  const HALF = 1_499_500_000n;
  const STOLEN = { attacker: 1_000_000_001n - HALF, victim: 1_998_999_999n - HALF };

  it("CVR-01: by premium: it costs her a thousand, and him less than a tenth of a cent", async () => {
    const { attacker, victim } = await attack(givePremium);
    expect(attacker).to.be.within(999_000_000n, 1_001_000_000n);
    expect(victim).to.be.within(0n, 1_000n);
  });

  it("by premium, without virtual shares he gets one share for 1,999 and she has 499.5 of it", async () => {
    await copies.takeOut(world(), "virtualShares");
    expect(await attack(givePremium)).to.deep.equal(STOLEN);
  });

  it("CVR-01: by tokens sent to the vault: they are nobody's, and he loses nothing", async () => {
    const { attacker, victim } = await attack(giveTokens);
    expect(attacker).to.be.within(999_999_999n, 1_001_000_000n);
    expect(victim).to.be.within(0n, 1n);
  });

  it("CVR-01: the ledger alone withstands tokens that are sent, also without virtual shares", async () => {
    await copies.takeOut(world(), "virtualShares");
    expect((await attack(giveTokens)).victim).to.be.within(0n, 1n);
  });

  it("by tokens sent to the vault, where its balance is what it is worth, she has the same 499.5 of his", async () => {
    await copies.takeOut(world(), "ledger");
    expect(await attack(giveTokens)).to.deep.equal(STOLEN);
  });
});

describe("attack: a deposit when the premium has been earned by others", () => {
  /** Frank has stood with 1,000 for all the time of a premium of 100; Erin comes in its last second with 9,000 and asks to leave. */
  const attack = async () => {
    const w = world();
    await deposit(w.frank, SENIOR, 1_000n);
    await earnPremium(100n);
    await deposit(w.erin, SENIOR, 9_000n);
    await request(w.erin, SENIOR);
    await request(w.frank, SENIOR);
    await w.networkHelpers.time.increase(COOLDOWN);
    return { erin: await leave(w.erin, SENIOR), frank: await leave(w.frank, SENIOR) };
  };

  it("CVR-04, INV-11: she gets what she has brought, he has his 100", async () => {
    const { erin, frank } = await attack();
    expect(9_000n * USD - erin).to.be.within(0n, 1n);
    expect(1_100n * USD - frank).to.be.within(0n, 1n);
  });

  it("where a deposit comes in before what is earned is booked, 90 of his 100 are hers", async () => {
    await copies.takeOut(world(), "accruedFirst");
    const { erin, frank } = await attack();
    expect(9_090n * USD - erin).to.be.within(0n, 1n);
    expect(1_010n * USD - frank).to.be.within(0n, 1n);
  });
});

describe("attack: a loss that leaves one wei of a tranche", () => {
  /** A draw whose size someone has chosen; then Carol brings new capital. */
  const attack = async () => {
    const w = world();
    const capital = { junior: 1_000_000n, senior: 2_000_000n, committed: 1_500_000n, ...NEXT_LAYER };
    const { vault } = await standBehind(w, w.frank, capital);
    await w.networkHelpers.impersonateAccount(w.fundAddress);
    await w.networkHelpers.setBalance(w.fundAddress, WAD);
    await vault.connect(await w.ethers.getSigner(w.fundAddress)).draw(w.segment, 1_000_000n * WAD - 1n);
    const refusal = await refusalOf(deposit(w.carol, JUNIOR, 500_000n), vault);
    return { refusal, shares: await (await shareOf(JUNIOR)).balanceOf(w.carol.address) };
  };

  it("CVR-05, CVR-01: the epoch ends, and new capital comes in one for one", async () => {
    expect(await attack()).to.deep.equal({ refusal: undefined, shares: 500_000n * WAD });
  });

  it("where old shares live on at next to nothing, 500,000 would be more shares than a number holds: nobody comes in again", async () => {
    await copies.takeOut(world(), "endOfEpoch");
    expect(await attack()).to.deep.equal({ refusal: "CoverageVault_InvalidAmount", shares: 0n });
  });
});

describe("attack: leaving between a loss and its booking", () => {
  /** Frank and Erin stand with 1,000 each. She asked 28 days ago; Alice owes 510, which is measured; Erin goes first, then it is booked. */
  const attack = async () => {
    const w = world();
    const capital = { junior: 1_000n, senior: 0n, committed: 900n, ...NEXT_LAYER };
    await standBehind(w, w.frank, capital);
    await deposit(w.erin, JUNIOR, 1_000n);
    await request(w.erin, JUNIOR);
    await w.networkHelpers.time.increase(COOLDOWN);
    await w.setEth(200n * WAD, 0);
    const [alice, bob] = [await w.cash(w.alice, 2_500n), await w.cash(w.bob, 100_000n)];
    await w.cash(w.carol, 1_000_000n);
    await w.trade(alice, bob, ETH_MARKET, 100n * WAD, 200n * WAD);
    await w.setEth(170n * WAD);
    await w.engine.flag(alice);
    const first = await leave(w.erin, JUNIOR);
    expect((await w.bidFor(w.carol, alice)).covered).to.equal(510n * WAD);
    const { vault } = await vaultsOf(w);
    const { shares } = await vault.exitRequestOf(JUNIOR, w.erin.address);
    const then = shares > 0n ? await leave(w.erin, JUNIOR) : 0n;
    return { first, then, left: (await vault.books()).junior };
  };

  it("R4, CVR-06: she is paid what survives it, and bears her half of 510 as he does", async () => {
    const { first, then, left } = await attack();
    expect(745n * USD - first - then).to.be.within(0n, 1n);
    expect(left - 745n * WAD).to.be.within(0n, 2n * 10n ** 12n);
  });

  it("where nothing is withheld for what is measured, she has her 1,000 and he bears all of it", async () => {
    await copies.takeOut(world(), "withholding");
    expect(await attack()).to.deep.equal({ first: 1_000n * USD, then: 0n, left: 490n * WAD });
  });
});

import { expect } from "chai";
import { toBeHex, zeroPadValue } from "ethers";

import { CLAIM_BOND, SOCIALIZED_LOSS } from "../../../deploy/modules/defaults.ts";
import { ETH_MARKET, USD, WAD } from "../support/deployment.ts";
import type { Signer } from "../support/deployment.ts";
import { withDefences } from "../support/defences.ts";
import { refusalOf } from "../support/refusal.ts";
import { ETH_SHORTS_PRODUCT, standBehind, vaultsOf } from "../support/underwriting.ts";
import { useWorld } from "../support/world.ts";

/*
 * Attacks on those who have sold cover, by whoever knows of a loss a block ahead, exchanges the code that decides, or moves a price for seconds;
 * and on the bond, by claims that are not true and by who comes before the one who made a claim.
 */

const VERIFIER = "contracts/claims/ClaimVerifier.sol";
const copies = withDefences({
  waiting: {
    contracts: ["CoverageVaultExtension"],
    edits: [
      [
        "contracts/coverage/Purchases.sol",
        "if (block.timestamp < bought.mintsAt && (!isDecided || isClear)) revert CoverageVault_TooEarly(bought.mintsAt);",
        "",
      ],
    ],
  },
  codeHash: {
    contracts: ["ClaimVerifier"],
    edits: [[VERIFIER, "subject.trigger.codehash != subject.codeHash", "false"]],
  },
  forfeit: {
    contracts: ["ClaimVerifier"],
    edits: [[VERIFIER, "_forfeitBond();", "_returnBond(entry.incident.opener);"]],
  },
  openersBond: {
    contracts: ["ClaimVerifier"],
    edits: [[VERIFIER, "_returnBond(incident.opener);", "_returnBond(msg.sender);"]],
  },
  spacing: {
    contracts: ["PriceTouchTrigger"],
    edits: [["contracts/claims/Streaks.sol", "time - state.countedAt >= SPACING", "true"]],
  },
});

const MAX = (1n << 255n) - 1n;
const WEEK = 7 * 86_400;
const WAITING = 72 * 3_600 + 1;
const UNITS = 40n * WAD;
const LIMIT = 20n * WAD;
const BOND = CLAIM_BOND.bond * USD;
/** What the mock is asked about. */
const TERMS = zeroPadValue(toBeHex(7n), 32);
const LEVEL = 150n * WAD;

describe("attacks on cover and on the bonds of claims", () => {
  /** A product of a trigger that says what the test wants. */
  let mockProduct: bigint;
  let trigger: Awaited<ReturnType<typeof deployMock>>;
  const deployMock = () => world().ethers.deployContract("MockTrigger");

  const world = useWorld(async (w) => {
    trigger = await deployMock();
    const { vault } = await vaultsOf(w);
    mockProduct = await announce(await trigger.getAddress(), TERMS);
    const capital = { junior: 2_000n, senior: 4_000n, committed: 500n, reinsurance: 300n, reinsured: 100n };
    await standBehind(w, w.frank, capital);
    await w.setEth(200n * WAD, 0);
    await w.setBtc(8_000n * WAD, 0);
    const verifier = await verifierOf();
    for (const who of [w.erin, w.dave]) {
      await w.usd.mint(who.address, 5_000n * USD);
      await w.usd.connect(who).approve(await vault.getAddress(), MAX);
      await w.usd.connect(who).approve(await verifier.getAddress(), MAX);
    }
  });
  const announce = async (address: string, terms: string) => {
    const { vault } = await vaultsOf(world());
    const product = { ...SOCIALIZED_LOSS, trigger: address, terms, sides: 0n };
    const id = await vault.announceProduct.staticCall(product);
    await vault.announceProduct(product);
    return id;
  };
  const verifierOf = async () => {
    const { vault } = await vaultsOf(world());
    return world().ethers.getContractAt("ClaimVerifier", await vault.verifier());
  };
  /** A series of a product, Erin's purchase in it, and its premium. */
  const buy = async (product: bigint, limit = LIMIT) => {
    const w = world();
    const { vault } = await vaultsOf(w);
    const week = Math.floor(Number(await w.now()) / WEEK) + 8;
    const series = await vault.openSeries.staticCall(product, limit, week);
    await vault.openSeries(product, limit, week);
    const before = await w.usd.balanceOf(w.erin.address);
    await vault.connect(w.erin).buy(series, UNITS, MAX, w.erin.address);
    return { vault, series, premium: before - (await w.usd.balanceOf(w.erin.address)) };
  };
  /** Who opens an incident and has it resolved; the error with which that ended. */
  const claim = async (who: Signer, series: bigint) => {
    const { vault } = await vaultsOf(world());
    const verifier = await verifierOf();
    const place = await vault.getAddress();
    const opened = await refusalOf(verifier.connect(who).open(place, series), verifier);
    return opened ?? refusalOf(verifier.connect(who).resolve(place, series), verifier);
  };
  /** What Erin's wallet has grown by since `before`, once she has redeemed what she can. */
  const redeem = async (series: bigint, before: bigint) => {
    const w = world();
    const { vault } = await vaultsOf(w);
    const cover = await w.ethers.getContractAt("CoverToken", await vault.coverToken());
    const held = await cover.balanceOf(w.erin.address, series);
    const { settled } = await vault.seriesOf(series);
    const refusal =
      held > 0n ? await refusalOf(vault.connect(w.erin).redeem(series, held, w.erin.address), vault) : undefined;
    if (refusal !== undefined) expect([refusal, settled]).to.deep.equal(["CoverageVault_InvalidAmount", 0n]);
    return (await w.usd.balanceOf(w.erin.address)) - before;
  };

  describe("cover is bought a block before a loss", () => {
    /** Alice, long 100, owes 1,260 at 167: the vaults pay the 600 that they have committed, and the shorts bear 6.6 a unit. */
    const attack = async () => {
      const w = world();
      const [alice, bob] = [await w.cash(w.alice, 2_050n), await w.cash(w.bob, 100_000n)];
      await w.cash(w.carol, 1_000_000n);
      await w.trade(alice, bob, ETH_MARKET, 100n * WAD, 200n * WAD);
      const before = await w.usd.balanceOf(w.erin.address);
      const { vault, series, premium } = await buy(BigInt(ETH_SHORTS_PRODUCT));
      const early = await refusalOf(vault.connect(w.erin).complete(1n), vault);
      await w.setEth(167n * WAD);
      const { socialized } = await w.bidFor(w.carol, alice);
      const claimed = await claim(w.erin, series);
      if (early !== undefined) await vault.connect(w.erin).complete(1n);
      return { early, claimed, socialized, premium, gain: await redeem(series, before) };
    };

    it("CVR-07: it is minted after 72 hours, so that the loss comes first and the premium goes back", async () => {
      const { early, claimed, gain } = await attack();
      expect([early, claimed, gain]).to.deep.equal(["CoverageVault_TooEarly", undefined, 0n]);
    });

    it("where it is minted at once, underwriters pay her what the shorts bear, on 40 units that she has not", async () => {
      await copies.takeOut(world(), "waiting");
      const { early, claimed, socialized, premium, gain } = await attack();
      expect([early, claimed]).to.deep.equal([undefined, undefined]);
      // On 40 of 100 units, rounded down to a token unit.
      expect(gain).to.equal((socialized * 40n) / 100n / 10n ** 12n - premium);
      expect(gain > 150n * USD).to.equal(true);
    });
  });

  describe("the code that decides is exchanged for another", () => {
    const attack = async () => {
      const w = world();
      const { vault, series } = await buy(BigInt(ETH_SHORTS_PRODUCT));
      await w.networkHelpers.time.increase(WAITING);
      await vault.complete(1n);
      const before = await w.usd.balanceOf(w.erin.address);
      const verifier = await verifierOf();
      const { trigger: place, terms, mark } = await verifier.subjectOf(await vault.getAddress(), series);
      const code = await w.ethers.provider.getCode(await trigger.getAddress());
      await w.networkHelpers.setCode(place, code);
      const exchanged = await w.ethers.getContractAt("MockTrigger", place);
      await exchanged.setFact(terms, mark + LIMIT, await w.now(), 1n);
      const claimed = await claim(w.erin, series);
      return { claimed, gain: await redeem(series, before) };
    };

    it("CVR-03, CLM-06: other code decides nothing", async () => {
      expect(await attack()).to.deep.equal({ claimed: "ClaimVerifier_NotDecided", gain: 0n });
    });

    it("where nobody looks at the code, she is paid the limit of 20 on each of 40 tokens", async () => {
      await copies.takeOut(world(), "codeHash");
      expect(await attack()).to.deep.equal({ claimed: undefined, gain: 800n * USD });
    });
  });

  describe("a price is moved for a few seconds", () => {
    /** To 140 for three observations in a row, then back to 200. */
    const attack = async (touch: Awaited<ReturnType<typeof deployTouch>>) => {
      const w = world();
      const definition = { feed: ETH_MARKET, level: LEVEL, fromAbove: true };
      const written = await touch.defineTerms.staticCall(definition);
      await touch.defineTerms(definition);
      const product = await announce(await touch.getAddress(), written);
      await w.networkHelpers.time.increase(35 * 86_400 + 1);
      await w.setEth(200n * WAD, 0);
      const { vault, series } = await buy(product, WAD);
      await w.networkHelpers.time.increase(WAITING);
      await w.setEth(200n * WAD, 0);
      await vault.complete(1n);
      const before = await w.usd.balanceOf(w.erin.address);
      const { terms, mark } = await (await verifierOf()).subjectOf(await vault.getAddress(), series);
      await w.setEth(140n * WAD, 0);
      for (let seen = 0; seen < 3; ++seen) await touch.observe(terms, mark);
      await w.setEth(200n * WAD, 0);
      const claimed = await claim(w.erin, series);
      return { claimed, gain: await redeem(series, before) };
    };
    const deployTouch = async () =>
      world().ethers.deployContract("PriceTouchTrigger", [await world().oracle.getAddress()]);

    it("CLM-02: three observations within seconds count as one, and nothing is decided", async () => {
      const expected = { claimed: "ClaimVerifier_NotDecided", gain: 0n };
      expect(await attack(await deployTouch())).to.deep.equal(expected);
    });

    it("where each counts, the touch is confirmed and 40 are paid", async () => {
      // Before a product names it: its code is fixed then.
      const touch = await deployTouch();
      await copies.takeOut(world(), "spacing");
      expect(await attack(touch)).to.deep.equal({ claimed: undefined, gain: 40n * USD });
    });
  });

  /** An incident of the mock's product, of a fact that is there when Erin opens it. */
  const opened = async () => {
    const w = world();
    const { vault, series } = await buy(mockProduct);
    await w.networkHelpers.time.increase(WAITING);
    await vault.complete(1n);
    return { place: await vault.getAddress(), series, verifier: await verifierOf() };
  };

  describe("claims that are not true", () => {
    /** The fact is there while she opens, and gone when it is decided; as often as a pause of an hour allows. */
    const attack = async () => {
      const w = world();
      const { place, series, verifier } = await opened();
      const before = await w.usd.balanceOf(w.erin.address);
      for (let time = 0; time < 3; ++time) {
        await trigger.setFact(TERMS, LIMIT, await w.now(), 1n);
        await verifier.connect(w.erin).open(place, series);
        await trigger.setFact(TERMS, 0n, 0n, 0n);
        await verifier.connect(w.erin).resolve(place, series);
        await w.networkHelpers.time.increase(3_600);
      }
      return before - (await w.usd.balanceOf(w.erin.address));
    };

    it("CLM-01: each costs the bond", async () => {
      expect(await attack()).to.equal(3n * BOND);
    });

    it("where the bond goes back, they cost nothing, and hold up sales and exits for as long as she likes", async () => {
      await copies.takeOut(world(), "forfeit");
      expect(await attack()).to.equal(0n);
    });
  });

  describe("someone comes before the one who made the claim", () => {
    /** Erin has opened, with her bond; Dave sees her transaction that resolves, and sends his own first. */
    const attack = async () => {
      const w = world();
      const { place, series, verifier } = await opened();
      const [erin, dave] = await Promise.all([w.erin, w.dave].map(({ address }) => w.usd.balanceOf(address)));
      await trigger.setFact(TERMS, LIMIT, await w.now(), 1n);
      await verifier.connect(w.erin).open(place, series);
      await verifier.connect(w.dave).resolve(place, series);
      return {
        erin: (await w.usd.balanceOf(w.erin.address)) - (erin ?? 0n),
        dave: (await w.usd.balanceOf(w.dave.address)) - (dave ?? 0n),
      };
    };

    it("CLM-01, R3: he wins nothing by it: the bond is hers", async () => {
      expect(await attack()).to.deep.equal({ erin: 0n, dave: 0n });
    });

    it("where the bond goes to whoever has it resolved, he has hers", async () => {
      await copies.takeOut(world(), "openersBond");
      expect(await attack()).to.deep.equal({ erin: -BOND, dave: BOND });
    });
  });
});

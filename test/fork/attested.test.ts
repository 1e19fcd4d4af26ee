import { expect } from "chai";

import { SOCIALIZED_LOSS } from "../../deploy/modules/defaults.ts";
import { openTrigger, STAKE } from "./support/attestors.ts";
import type { Attestation } from "./support/attestors.ts";
import { onNetwork, USDC, WAD } from "./support/fork.ts";
import type { Signer } from "./support/fork.ts";
import { SafeWallet } from "./support/safe.ts";
import { useWorld } from "./support/world.ts";

const DAY = 86_400;
const WEEK = 7 * DAY;
/** Cooldown + window + 1 s: what an announcement waits. */
const ANNOUNCEMENT = 35 * DAY + 1;
const WAITING = 3 * DAY;
const CAPITAL = 20_000n * USDC;
const UNITS = 1_000n * WAD;
/** Of each token's limit of one unit. */
const PAYOUT = (6n * WAD) / 10n;
const EVIDENCE = `0x${"e1".repeat(32)}`;

onNetwork("A real Safe as attestor, and cover in real USDC (CLM-05)", ["safe", "usdc", "weth", "chainlink"], () => {
  let safe: SafeWallet;
  let quorum: Awaited<ReturnType<typeof openTrigger>>;
  let series: bigint;
  let mark: bigint;
  const person = (index: number): Signer => world().signers[index]!;
  /** Alice, Bob and Carol own the wallet; Frank has the capital; Erin has cover of 1,000 units. */
  const world = useWorld(async (w) => {
    safe = await SafeWallet.create(w, [w.alice, w.bob, w.carol]);
    const people = { safe, owners: [w.alice, w.bob], key: person(13), second: [person(14), person(15)] };
    quorum = await openTrigger(w, people);
    const product = {
      trigger: quorum.at,
      terms: quorum.terms,
      sides: 0n,
      minLimit: WAD,
      maxLimit: WAD,
      maxTermWeeks: 10,
      capacityShareBps: 5_000,
      model: SOCIALIZED_LOSS.model,
      waiting: WAITING,
    };
    const number = await w.vault.announceProduct.staticCall(product);
    await w.vault.announceProduct(product);
    await w.underwrite(w.frank, 0, CAPITAL);
    await w.underwrite(w.frank, 1, CAPITAL);
    await w.networkHelpers.time.increase(ANNOUNCEMENT);
    const week = BigInt(Math.floor(Number(await w.now()) / WEEK) + 6);
    series = await w.vault.openSeries.staticCall(number, WAD, week);
    await w.vault.openSeries(number, WAD, week);
    const vault = await w.vault.getAddress();
    mark = await quorum.trigger.bind.staticCall(vault, series);
    await quorum.trigger.bind(vault, series);
    const most = 1_000n * USDC;
    await w.mint(w.erin.address, most);
    await w.usdc.send("approve", [vault, most], w.erin.address);
    const { purchase } = await w.vault.connect(w.erin).buy.staticCall(series, UNITS, most, w.erin.address);
    await w.vault.connect(w.erin).buy(series, UNITS, most, w.erin.address);
    await w.networkHelpers.time.increase(WAITING);
    await w.vault.complete(purchase);
  });
  const attestationOf = async (): Promise<Attestation> => ({
    terms: quorum.terms,
    vault: await world().vault.getAddress(),
    series,
    incident: 1,
    round: 1,
    payoutPerUnit: PAYOUT,
    eventAt: await world().now(),
    evidence: EVIDENCE,
    deadline: (await world().now()) + BigInt(DAY),
  });
  /** Dave asserts, with the bond: 5% of what would be paid. */
  const attest = async (attestation: Attestation, signers: bigint, signatures: readonly string[]) => {
    const w = world();
    const bond = (PAYOUT * UNITS) / WAD / 20n / 10n ** 12n;
    await w.mint(w.dave.address, bond);
    await w.usdc.send("approve", [quorum.at, bond], w.dave.address);
    return quorum.trigger.connect(w.dave).attest(attestation, signers, [...signatures]);
  };
  const signedBy = async (attestation: Attestation, owners: readonly Signer[]) => {
    const digest = await quorum.trigger.attestationDigest(attestation);
    const ofKey = await quorum.signAttestation(person(13), attestation);
    return { digest, signatures: quorum.inOrder(await safe.signHash(digest, owners), ofKey) };
  };
  const both = () => quorum.bits.safe | quorum.bits.key;

  it("CLM-05, CLM-08: two owners of the wallet and a key of another group attest; the holder is paid to the unit", async () => {
    const w = world();
    const attestation = await attestationOf();
    const { signatures } = await signedBy(attestation, [w.alice, w.carol]);
    await attest(attestation, both(), signatures);
    const { claim } = await quorum.trigger.claimOf(mark);
    await w.networkHelpers.time.increaseTo(claim.decidedAt);
    await quorum.trigger.finish(mark);

    const { bond } = await w.verifier.bondTerms();
    await w.mint(w.bob.address, bond);
    await w.usdc.send("approve", [await w.verifier.getAddress(), bond], w.bob.address);
    await w.verifier.connect(w.bob).open(attestation.vault, series);
    await w.verifier.resolve(attestation.vault, series);
    expect(await w.balanceOf(w.bob.address), "the bond returns").to.equal(bond);
    await w.vault.sync(series);
    const before = await w.balanceOf(w.erin.address);
    await w.vault.connect(w.erin).redeem(series, UNITS, w.erin.address);
    expect((await w.balanceOf(w.erin.address)) - before).to.equal(600n * USDC);
  });

  it("CLM-05: one owner is not the wallet, the wallet alone is no quorum, and what it signed is good for nothing else", async () => {
    const w = world();
    const attestation = await attestationOf();
    const one = await signedBy(attestation, [w.alice]);
    await expect(attest(attestation, both(), one.signatures))
      .to.be.revertedWithCustomError(quorum.trigger, "AttestedTrigger_InvalidSignature")
      .withArgs(safe.address, one.digest);
    const two = await signedBy(attestation, [w.alice, w.bob]);
    const ofSafe = await safe.signHash(two.digest, [w.alice, w.bob]);
    await expect(attest(attestation, quorum.bits.safe, [ofSafe]))
      .to.be.revertedWithCustomError(quorum.trigger, "AttestedTrigger_QuorumMissed")
      .withArgs(1, 1, 2);
    const more = { ...attestation, payoutPerUnit: PAYOUT + 1n };
    const ofKey = await quorum.signAttestation(person(13), more);
    await expect(attest(more, both(), quorum.inOrder(ofSafe, ofKey)))
      .to.be.revertedWithCustomError(quorum.trigger, "AttestedTrigger_InvalidSignature")
      .withArgs(safe.address, await quorum.trigger.attestationDigest(more));
    await attest(attestation, both(), two.signatures);
  });

  it("CLM-05: overturned by the second quorum, the wallet loses its stake with the key", async () => {
    const w = world();
    const attestation = await attestationOf();
    const { digest, signatures } = await signedBy(attestation, [w.bob, w.carol]);
    await attest(attestation, both(), signatures);
    const { claim } = await quorum.trigger.claimOf(mark);
    await w.mint(w.frank.address, claim.bond);
    await w.usdc.send("approve", [quorum.at, claim.bond], w.frank.address);
    await quorum.trigger.connect(w.frank).challenge(mark);
    const deadline = (await w.now()) + BigInt(DAY);
    const { signers, signatures: ruling } = await quorum.ruling(digest, false, deadline);
    await quorum.trigger.rule(mark, false, deadline, signers, ruling);
    expect(await quorum.trigger.stakeOf(quorum.terms, safe.address)).to.equal(0n);
    expect(await quorum.trigger.creditOf(w.administrator.address)).to.equal(2n * STAKE);
    expect(await quorum.trigger.creditOf(w.frank.address)).to.equal(2n * claim.bond);
    const before = await w.balanceOf(w.frank.address);
    await quorum.trigger.connect(w.frank).withdraw();
    expect((await w.balanceOf(w.frank.address)) - before).to.equal(2n * claim.bond);
  });
});

import { SOCIALIZED_LOSS } from "../../../deploy/modules/defaults.ts";
import { BenchError } from "../errors.ts";
import { OPENING_PRICE, UNLIMITED, USD, WAD } from "../world.ts";
import type { World } from "../world.ts";
import { WEEK, capitalise } from "./capital.ts";
import type { Scenario } from "./scenario.ts";
import { DEEP_FALL, move, reopen, setStage } from "./stage.ts";

/** The product that the deployment announces: shorts of market 0. */
const PRODUCT = 1;
/** More than both losses take from a unit. */
const LIMIT = 1_000n * WAD;
const WEEKS = 10;
/** Cooldown + window + 1 s: what an announcement waits. */
const ANNOUNCEMENT = 35 * 86_400 + 1;
/** Creation code of a contract that takes every call and does nothing: what is measured is what telling it costs us. */
const SILENT = "0x60016000f3";

async function openSeries(world: World, product: number, limit: bigint, series: number, weeks = WEEKS): Promise<void> {
  const { vault, now } = world.chain;
  await world.call(vault, "openSeries", [product, limit, Math.floor(now() / WEEK) + weeks]);
  if ((await vault.seriesOf(series)).limit !== limit) throw new BenchError(`series ${series} was not opened`);
}

/** Losses are charged to shorts twice. The second time an incident of the same series is opened, told of, and resolved. */
const incidents: Scenario = {
  keys: ["claim-open", "claim-resolve", "notify"],
  run: async (world, record) => {
    const { chain } = world;
    const { verifier, usd, at, ethers } = chain;
    chain.pass(ANNOUNCEMENT);
    await openSeries(world, PRODUCT, LIMIT, 1);
    await openSeries(world, PRODUCT, LIMIT, 2, WEEKS - 1);
    const [opener, other] = [world.person(), world.person()];
    for (const person of [opener, other]) await world.call(usd, "approve", [at.verifier, UNLIMITED], { from: person });

    const { data } = await (await ethers.getContractFactory("IncidentNotifier")).getDeployTransaction(at.verifier);
    const notifier = await ethers.getContractAt("IncidentNotifier", await chain.deploy(data));
    chain.names.set((await notifier.getAddress()).toLowerCase(), "IncidentNotifier");
    const subscriber = await chain.deploy(SILENT);
    await chain.impersonate(subscriber);
    await world.call(notifier, "subscribe", [at.vault, 1], { from: subscriber });

    const open = (series: number, from = opener) => world.call(verifier, "open", [at.vault, series], { from });
    const resolve = () => world.call(verifier, "resolve", [at.vault, 1], { from: opener });
    const tell = () => world.call(notifier, "notify", [at.vault, 1, subscriber]);
    const lose = async (stage: Awaited<ReturnType<typeof setStage>>) => {
      await move(world, stage, DEEP_FALL);
      await world.deleverage(stage.account, { seconds: 0 });
    };

    await move(world, { markets: [0] }, OPENING_PRICE);
    const stage = await setStage(world, 1);
    await lose(stage);
    await open(1);
    // Someone else's incident stays open: bonds lie in the verifier before and after.
    await open(2, other);
    await tell();
    await resolve();
    await reopen(world, stage);
    await lose(stage);
    await record("claim-open", await open(1));
    await record("notify", await tell());
    await record("claim-resolve", await resolve());
  },
};

const STAKE = 5_000n * USD;
const UNITS = 1_000n * WAD;
const PAYOUT = WAD / 2n;
const EVIDENCE = `0x${"e1".repeat(32)}`;
const DAY = 86_400;
const ATTESTATION = [
  "bytes32 terms",
  "address vault",
  "uint64 series",
  "uint32 incident",
  "uint32 round",
  "uint128 payoutPerUnit",
  "uint40 eventAt",
  "bytes32 evidence",
  "uint40 deadline",
].map((field) => ({ type: field.split(" ")[0] ?? "", name: field.split(" ")[1] ?? "" }));

/** Two of two keys attest, somebody challenges, nobody rules, and the claim lapses; the second time both are measured. */
const attested: Scenario = {
  keys: ["claim-attest", "claim-challenge"],
  run: async (world, record) => {
    const { chain } = world;
    const { vault, usd, at, ethers, signers } = chain;
    await capitalise(world);
    const { data } = await (
      await ethers.getContractFactory("AttestedTrigger")
    ).getDeployTransaction(at.verifier, at.usd);
    const trigger = await ethers.getContractAt("AttestedTrigger", await chain.deploy(data));
    const address = (await trigger.getAddress()).toLowerCase();
    chain.names.set(address, "AttestedTrigger");

    // People who are used for nothing else.
    const ascending = signers.slice(-4).sort((a, b) => (BigInt(a.address) < BigInt(b.address) ? -1 : 1));
    const [first, second] = [ascending.slice(0, 2), ascending.slice(2)];
    const quorumOf = (members: typeof ascending, group: number) => ({
      attestors: members.map((member) => member.address),
      groups: members.map((_, index) => group + index),
      threshold: 2,
    });
    const definition = {
      statement: EVIDENCE,
      vault: at.vault,
      first: quorumOf(first, 0),
      second: quorumOf(second, 2),
      stake: STAKE,
      slashRecipient: chain.administrator,
    };
    const terms = await trigger.defineTerms.staticCall(definition);
    await world.call(trigger, "defineTerms", [definition]);
    const [asserter, challenger] = [world.person(), world.person()];
    for (const person of [asserter, challenger, ...first.map((member) => member.address.toLowerCase())])
      await world.call(usd, "approve", [address, UNLIMITED], { from: person });
    for (const member of first) await world.call(trigger, "stake", [terms], { from: member.address.toLowerCase() });

    const product = { ...SOCIALIZED_LOSS, trigger: address, terms, sides: 0n, minLimit: WAD, maxLimit: WAD };
    await world.call(vault, "announceProduct", [product]);
    chain.pass(ANNOUNCEMENT);
    await openSeries(world, 2, WAD, 1);
    await world.call(trigger, "bind", [at.vault, 1]);
    await world.call(vault, "buy", [1, UNITS, UNLIMITED, asserter], { from: asserter });
    const mark = await trigger.markOf(at.vault, 1);

    const domain = {
      name: "Bulwark AttestedTrigger",
      version: "1",
      chainId: chain.chainId,
      verifyingContract: address,
    };
    const attest = async (round: number) => {
      const [eventAt, deadline] = [chain.now(), chain.now() + DAY];
      const subject = { terms, vault: at.vault, series: 1, incident: 1, round };
      const attestation = { ...subject, payoutPerUnit: PAYOUT, eventAt, evidence: EVIDENCE, deadline };
      const types = { Attestation: ATTESTATION };
      const signatures = await Promise.all(first.map((member) => member.signTypedData(domain, types, attestation)));
      return world.call(trigger, "attest", [attestation, 3n, signatures], { from: asserter });
    };
    const challenge = () => world.call(trigger, "challenge", [mark], { from: challenger });
    await attest(1);
    await challenge();
    chain.pass(3 * DAY);
    await world.call(trigger, "finish", [mark]);
    await record("claim-attest", await attest(2));
    await record("claim-challenge", await challenge());
  },
};

export const claims: readonly Scenario[] = [incidents, attested];

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect } from "chai";
import { Wallet } from "ethers";

import { Store } from "../../../scripts/keeper/store.ts";
import type { Pending } from "../../../scripts/keeper/store.ts";
import { ETH_MARKET, WAD } from "../support/deployment.ts";
import { useWorld } from "../support/world.ts";
import { keeperEnded, runKeeper } from "./support/command.ts";
import type { Running } from "./support/command.ts";
import { fundKeeper, KEY, manifestWithNotifier } from "./support/desk.ts";
import { openDeafNode, openEndpoint } from "./support/endpoint.ts";
import type { Endpoint } from "./support/endpoint.ts";
import { BadNode } from "./support/node.ts";

const DEAD_URL = "http://127.0.0.1:1";
const BUDGET = ["--budget", "100000", "--grace", "0"];

/** Every test against the same chain as another process sees it. */
describe("npm run keeper (KPR-01)", () => {
  let folder: string;
  let manifest: string;
  let node: BadNode;
  let endpoint: Endpoint;
  let running: Running[] = [];
  let dead: Running;
  let deaf: Running;
  let deafNode: { url: string; close: () => void };
  let house: string;
  let firstNonce: number;
  const world = useWorld(async (w) => {
    await w.cash(w.bob, 1_000_000n);
    await w.cash(w.alice, 2_100n);
    await fundKeeper(w, 200_000n);
    await w.trade(w.id(w.alice), w.id(w.bob), ETH_MARKET, 100n * WAD, 200n * WAD);
    await w.setEth(186n * WAD);
  });
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "bulwark-keeper-"));
    manifest = join(folder, "manifest.json");
    writeFileSync(manifest, JSON.stringify(await manifestWithNotifier(world())));
    // Six tries take eight seconds: meanwhile the first tests run.
    const args = ["--manifest", manifest, "--store", join(folder, "deaf.sqlite"), "--send", "--once"];
    dead = runKeeper(DEAD_URL, args);
    deafNode = await openDeafNode();
    deaf = runKeeper(deafNode.url, args);
  });
  beforeEach(async () => {
    const w = world();
    house = w.houseAddress;
    firstNonce = await nonceOfKeeper();
    node = new BadNode(w, 1);
    endpoint = await openEndpoint(node);
  });
  afterEach(async () => {
    for (const one of running.filter((each) => !keeperEnded(each))) {
      one.child.kill("SIGKILL");
      await one.ended;
    }
    running = [];
    if (node.looksBeforeBlock !== undefined) await node.letGo();
    await endpoint.close();
    rmSync(storeFile(), { force: true });
  });
  after(() => {
    for (const one of [dead, deaf].filter((each) => !keeperEnded(each))) one.child.kill("SIGKILL");
    deafNode.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const storeFile = () => join(folder, "keeper-31337.sqlite");
  const run = (args: readonly string[], url = endpoint.url, key?: string) => {
    const started = runKeeper(url, ["--manifest", manifest, ...args], key);
    running.push(started);
    return started;
  };
  const once = (args: readonly string[], url?: string) => run(["--once", ...args], url).ended;

  /** What the store holds, when nobody works with it. */
  const stored = (): { pending: Pending[]; laidOut: bigint } => {
    const store = new Store(storeFile(), `chain 31337, house ${house}`);
    try {
      return { pending: store.pending(), laidOut: store.laidOutSince(0n) };
    } finally {
      store.close();
    }
  };
  const nonceOfKeeper = async () => world().ethers.provider.getTransactionCount(new Wallet(KEY).address);
  const bidsFilled = async () => (await world().engine.queryFilter(world().engine.filters.BidFilled())).length;

  /** A keeper with its bid on the way, which no block takes. */
  async function withBidOnItsWay(): Promise<Running> {
    await node.hold(1_000_000);
    const sent = new Promise<void>((resolve) => (node.onSent = resolve));
    const started = run(["--send", ...BUDGET, "--patience", "600"]);
    await sent;
    node.onSent = undefined;
    return started;
  }

  it("KPR-01: --help says what there is, and that it is a dry run without --send", async () => {
    const { code, words } = await run(["--help"]).ended;
    expect(code).to.equal(0);
    expect(words).to.match(/Usage: npm run keeper --/);
    expect(words.replaceAll(/\s+/g, " ")).to.include("A dry run unless --send is given");
    expect(words).to.include("--min-profit <units>");
  });

  it("KPR-01: what it refuses ends with one plain line and an exit code, before anything is asked or sent", async () => {
    const noJson = join(folder, "no.json");
    const noManifest = join(folder, "other.json");
    const noStore = join(folder, "text.sqlite");
    writeFileSync(noJson, "{");
    writeFileSync(noManifest, '{ "format": 1 }');
    writeFileSync(noStore, "a text that is long enough to be told from a database".repeat(30));
    const cases: [args: string[], code: number, words: RegExp][] = [
      [["--poll", "0"], 2, /^keeper: --poll "0": it must be a whole number from 1 to 86400\n$/],
      [["--sned"], 2, /^keeper: error: unknown option '--sned'\n\(Did you mean --send\?\)\n$/],
      [["--manifest", noJson], 2, /^keeper: --manifest "\S+no\.json": it is no JSON\n$/],
      [["--manifest", noManifest], 1, /^keeper: Manifest field chainId is missing.*\n$/],
      [["--store", noStore], 1, /^keeper: \S+text\.sqlite cannot be used: file is not a database\n$/],
      [["--store", join(folder, "none", "a")], 1, /^keeper: \S+ cannot be used: unable to open database file\n$/],
    ];
    const ends = await Promise.all(cases.map(async ([args]) => once(args)));
    for (const [index, [args, code, words]] of cases.entries()) {
      expect(ends[index]!.words, args.join(" ")).to.match(words);
      expect(ends[index]!.code, args.join(" ")).to.equal(code);
    }
    expect(endpoint.raw).to.deep.equal([]);
  });

  it("KPR-01: --send without a key, and with one that is none, which is not shown", async () => {
    const [none, wrong] = await Promise.all([
      run(["--send", "--once"], endpoint.url, "").ended,
      run(["--send", "--once"], endpoint.url, "0xsecret").ended,
    ]);
    expect(none.words).to.equal("keeper: --send: localhost has no key; set KEEPER_PRIVATE_KEY\n");
    expect(wrong.words).to.equal("keeper: --send: the key of localhost is none\n");
    expect([none.code, wrong.code]).to.deep.equal([1, 1]);
  });

  it("KPR-01: another network than the manifest's, and a node that does not answer, at the start", async () => {
    const other = join(folder, "chain-1.json");
    writeFileSync(other, JSON.stringify({ ...(await manifestWithNotifier(world())), chainId: 1 }));
    const [wrong, silent] = await Promise.all([once(["--manifest", other]), dead.ended]);
    expect(wrong.words).to.match(/^keeper: The provider is on chain 31337, the manifest is of chain 1 \(local\)/);
    expect(silent.words, "and no address").to.equal("keeper: the node of localhost does not answer\n");
    expect(silent.lines.map(({ msg }) => msg)).to.deep.equal(Array(6).fill("the node did not answer"));
    const later = await deaf.ended;
    expect(later.words, "one that answers no more").to.equal("keeper: the node of localhost does not answer\n");
    expect([wrong.code, silent.code, later.code]).to.deep.equal([1, 1, 1]);
  });

  it("KPR-01: a dry run by default: it says what it would do, sends nothing, shows health and metrics, and ends by SIGTERM", async () => {
    const address = new Wallet(KEY).address;
    const started = run([...BUDGET, "--address", address, "--poll", "1"], endpoint.url, "");
    const { url, isSending } = await started.line("keeper started");
    expect(isSending).to.equal(false);
    const { action } = await started.line("would send");
    expect(action).to.equal(`bid ${world().id(world().alice)}`);
    const health = async () => (await fetch(`${String(url)}/health`)).status;
    const metric = async (name: string) =>
      new RegExp(`^bulwark_keeper_${name} (\\S+)$`, "m").exec(
        await (await fetch(`${String(url)}/metrics`)).text(),
      )?.[1];
    while ((await health()) !== 200) expect(keeperEnded(started)).to.equal(false);
    expect(await metric("liquidatable_accounts")).to.equal("1");
    expect(await metric("accounts")).to.equal("3");
    expect(await metric('actions_total{kind="bid",outcome="dry"}')).to.match(/^[1-9]/);

    // A second one must not work with the same store; one with a store of its own may, but not at the same port.
    const [second, third] = await Promise.all([
      once([]),
      once(["--store", join(folder, "third.sqlite"), "--port", String(url).split(":").at(-1)!]),
    ]);
    expect(second.words).to.match(
      /^keeper: \S+keeper-31337\.sqlite cannot be used: another keeper works with it; each needs a store of its own \(--store\)\n$/,
    );
    expect(third.words).to.match(/^keeper: port \d+ cannot be listened on: listen EADDRINUSE/);
    expect([second.code, third.code]).to.deep.equal([1, 1]);

    started.child.kill("SIGTERM");
    const { code, lines, words } = await started.ended;
    expect(words).to.equal("");
    expect(lines.at(-1)!.msg).to.equal("keeper ended");
    expect(code).to.equal(0);
    expect(endpoint.raw, "nothing was sent").to.deep.equal([]);
    expect(stored()).to.deep.equal({ pending: [], laidOut: 0n });
  });

  it("KPR-01: SIGTERM with a bid on its way: exit code 0, the bid is in the store, and the next run finds it done", async () => {
    const started = await withBidOnItsWay();
    started.child.kill("SIGTERM");
    const { code, lines } = await started.ended;
    expect(code).to.equal(0);
    expect(lines.find(({ msg }) => msg === "sent")).to.include({ outcome: "abandoned" });
    const { pending, laidOut } = stored();
    expect(pending.map(({ nonce, keys }) => [nonce, keys])).to.deep.equal([
      [firstNonce, [`bid ${world().id(world().alice)}`]],
    ]);
    expect(laidOut, "still counted").to.be.greaterThan(0n);
    await node.letGo();
    expect(await bidsFilled()).to.equal(1);

    const next = await once(["--send", ...BUDGET]);
    expect(next.code, next.words).to.equal(0);
    expect(next.lines.map(({ msg }) => msg)).to.include("going on with a transaction of the last run");
    expect(await bidsFilled(), "once").to.equal(1);
    expect(endpoint.raw.length, "nothing was sent again").to.equal(1);
    expect(stored()).to.deep.equal({ pending: [], laidOut });
    expect((await nonceOfKeeper()) - firstNonce).to.equal(1);
  });

  const ends: [how: string, signal: NodeJS.Signals, code: number | null][] = [
    ["ended by Ctrl-C", "SIGINT", 0],
    ["killed by the system", "SIGKILL", null],
  ];
  for (const [how, signal, code] of ends) {
    it(`KPR-01: ${how}, and the bid is still on its way at the next start: the same bytes again, and one bid`, async () => {
      const started = await withBidOnItsWay();
      started.child.kill(signal);
      expect((await started.ended).code).to.equal(code);
      expect(stored().laidOut, "counted before it was sent").to.be.greaterThan(0n);
      const next = run(["--send", "--once", ...BUDGET]);
      // The node has it already and says so; it is waited for.
      await next.line("going on with a transaction of the last run");
      await next.line("the node did not take a transaction");
      await node.letGo();
      const last = await next.ended;
      expect(last.code, last.words).to.equal(0);
      expect(new Set(endpoint.raw).size, "one transaction, however often it was sent").to.equal(1);
      expect(await bidsFilled()).to.equal(1);
      expect((await nonceOfKeeper()) - firstNonce).to.equal(1);
      expect(stored().pending).to.deep.equal([]);
    });
  }

  it("KPR-01: SIGTERM while the node takes questions and answers none: it ends all the same", async () => {
    const started = run(["--send", ...BUDGET, "--poll", "1"]);
    await started.line("sent");
    endpoint.isSilent = true;
    while (endpoint.unanswered === 0) await setTimeout(10);
    started.child.kill("SIGTERM");
    const { code, lines } = await started.ended;
    expect(code).to.equal(0);
    expect(lines.slice(-2).map(({ msg }) => msg)).to.deep.equal([
      "the node does not answer: not waited for any longer",
      "keeper ended",
    ]);
    endpoint.isSilent = false;
    expect(stored().pending).to.deep.equal([]);
    expect(await bidsFilled()).to.equal(1);
  });
});

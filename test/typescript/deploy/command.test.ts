import { spawn } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import hre from "hardhat";

import type { Manifest } from "../../../scripts/deploy/manifest.ts";
import { parseOptions } from "../../../scripts/deploy/options.ts";

const HOST = "127.0.0.1";
const DEPLOYMENT = `test-${process.pid}`;
const KILLED = `killed-${process.pid}`;

/** The command against a node of its own. */
describe("npm run deploy (DPL-01, GOV-02)", () => {
  let folder: string;
  let url: string;
  let close: () => Promise<void>;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "bulwark-deploy-"));
    const server = await hre.network.createServer({}, HOST);
    const { port } = await server.listen();
    url = `http://${HOST}:${port}`;
    close = () => server.close();
  });
  after(async () => {
    await close();
    rmSync(folder, { recursive: true, force: true });
    for (const name of [DEPLOYMENT, KILLED]) {
      rmSync(join(hre.config.paths.ignition, "deployments", name), { recursive: true, force: true });
    }
  });

  const run = (...args: string[]) =>
    new Promise<{ code: number | null; output: string }>((resolve, reject) => {
      const child = spawn(process.execPath, ["scripts/deploy/index.ts", "--deployment", DEPLOYMENT, ...args], {
        env: { ...process.env, LOCALHOST_RPC_URL: url },
      });
      let output = "";
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding("utf8").on("data", (part: string) => (output += part));
      }
      child.on("error", reject).on("close", (code) => resolve({ code, output }));
    });
  const manifestFile = () => join(folder, "manifest.json");
  const killedFile = () => join(folder, "killed.json");

  /** Runs the command through a proxy that ends it when its transaction with this number has been mined, before it hears of it. */
  const endAt = async (target: string, transaction: number, end: NodeJS.Signals) => {
    let [sent, kill] = [0, () => {}];
    const headers = { "content-type": "application/json" };
    const proxy = createServer((request, response) => {
      void text(request).then(async (body) => {
        const isTransaction = body.includes("eth_sendTransaction");
        // What comes beside it must not be mined.
        if (isTransaction && ++sent > transaction) return;
        const number = sent;
        const answer = await fetch(target, { method: "POST", headers, body });
        const words = await answer.text();
        if (isTransaction && number === transaction) kill();
        else response.end(words);
      });
    });
    await new Promise<void>((resolve) => proxy.listen(0, HOST, resolve));
    const { port } = proxy.address() as AddressInfo;
    const args = ["--network", "localhost", "--manifest", killedFile(), "--deployment", KILLED];
    const env = { ...process.env, LOCALHOST_RPC_URL: `http://${HOST}:${port}` };
    const child = spawn(process.execPath, ["scripts/deploy/index.ts", ...args], { env });
    let words = "";
    child.stderr.setEncoding("utf8").on("data", (part: string) => (words += part));
    child.stdout.resume();
    kill = () => child.kill(end);
    const ended = await new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve, reject) => {
      child.on("error", reject).on("close", (code, signal) => resolve({ code, signal }));
    });
    proxy.closeAllConnections();
    proxy.close();
    return { ...ended, words };
  };
  /** Sent by the deployer. */
  const transactions = async () => {
    const { provider } = await hre.network.create({ network: "localhost", override: { url } });
    const [deployer] = (await provider.request({ method: "eth_accounts", params: [] })) as string[];
    return Number(await provider.request({ method: "eth_getTransactionCount", params: [deployer, "latest"] }));
  };
  const local = (...args: string[]) => run("--network", "localhost", "--manifest", manifestFile(), ...args);
  const height = async () => {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_blockNumber", params: [] });
    const answer = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
    return Number(((await answer.json()) as { result: string }).result);
  };

  it("DPL-01: deploys, writes the manifest, reads everything back; the second run changes nothing", async () => {
    const first = await local();
    expect(first.output).to.match(/deploy: (\d+) of \1 things read back are as they should be\./);
    expect(first.code).to.equal(0);
    const manifest = JSON.parse(readFileSync(manifestFile(), "utf8")) as Manifest;
    expect(manifest.contracts.ClearingHouse?.contract).to.equal("ClearingHouse");
    const reached = await height();
    const second = await local();
    expect(second.code, second.output).to.equal(0);
    expect(await height()).to.equal(reached);
    expect(JSON.parse(readFileSync(manifestFile(), "utf8"))).to.deep.equal(manifest);
  });

  it("DPL-01: a run that is killed by the system as its transaction is mined, then one that is ended by Ctrl-C, goes on with the same command; no step is made twice", async () => {
    const nonce = await transactions();
    const killed = await endAt(url, 30, "SIGKILL");
    expect(killed.signal).to.equal("SIGKILL");
    expect((await transactions()) - nonce).to.equal(30);
    const interrupted = await endAt(url, 20, "SIGINT");
    expect(interrupted.code).to.equal(130);
    expect(interrupted.words).to.equal("deploy: interrupted; the same command goes on where it stopped.\n");
    expect((await transactions()) - nonce).to.equal(50);
    const resumed = await run("--network", "localhost", "--manifest", killedFile(), "--deployment", KILLED);
    expect(resumed.code, resumed.output).to.equal(0);
    expect(resumed.output).to.match(
      /, going on\.\ndeploy: LocalGoverned#\S+ was sent as 0x[0-9a-f]{64} by the last run\./,
    );
    expect((await transactions()) - nonce, "as many as an uninterrupted run has sent").to.equal(nonce);
    const [one, other] = [manifestFile(), killedFile()].map(
      (file) => JSON.parse(readFileSync(file, "utf8")) as Manifest,
    );
    expect(Object.keys(other!.contracts).sort()).to.deep.equal(Object.keys(one!.contracts).sort());
  });

  it("GOV-02: --check says which contract has other code than the manifest, and which has other code than the build", async () => {
    const manifest = JSON.parse(readFileSync(manifestFile(), "utf8")) as Manifest;
    const house = manifest.contracts.ClearingHouse!;
    const wrong = { ...manifest.contracts, ClearingHouse: { ...house, codeHash: `0x${"0".repeat(64)}` } };
    writeFileSync(manifestFile(), JSON.stringify({ ...manifest, contracts: wrong }));
    const { code, output } = await local("--check");
    writeFileSync(manifestFile(), JSON.stringify(manifest));
    expect(code).to.equal(1);
    expect(output).to.contain(`ClearingHouse: code hash: expected 0x${"0".repeat(64)}, found ${house.codeHash}`);
    const lens = manifest.contracts.Lens!;
    const body = (method: string, params: unknown[]) => JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
    const send = (method: string, params: unknown[]) =>
      fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: body(method, params) });
    await send("hardhat_setCode", [lens.address, "0x00"]);
    const changed = await local("--check");
    expect(changed.code).to.equal(1);
    expect(changed.output)
      .to.match(/Lens: code hash: expected/)
      .and.to.match(/Lens: code of the build: expected/);
  });

  it("DPL-01: a dry run sends nothing and prints gas and cost", async () => {
    const before = await height();
    const { code, output } = await local("--dry-run");
    expect(code, output).to.equal(0);
    expect(output)
      .to.match(/\d+ transactions, \d+ gas/)
      .and.to.contain("Nothing was sent");
    expect(await height()).to.equal(before);
  });

  const refused: [what: string, args: string[], words: RegExp][] = [
    ["no network", [], /--network is missing; there are localhost, testnet/],
    ["an unknown network", ["--network", "moon"], /--network "moon": there is no such network/],
    ["a public network without parameters", ["--network", "testnet"], /--parameters is missing/],
    ["a file that is not there", ["--network", "testnet", "--parameters", "none.json"], /there is no such file/],
    ["two things at once", ["--network", "localhost", "--check", "--dry-run"], /exclude each other/],
    ["sources of a local chain", ["--network", "localhost", "--verify"], /no explorer knows a local chain/],
    [
      "sources of a dry run",
      ["--network", "testnet", "--verify", "--dry-run"],
      /--verify excludes --dry-run and --check/,
    ],
    [
      "an explorer alone",
      ["--network", "localhost", "--explorer", "http://a"],
      /--explorer "http:\/\/a": it goes with/,
    ],
    ["sources of a check", ["--network", "testnet", "--verify", "--check"], /--verify excludes --dry-run and --check/],
    [
      "an explorer that is no URL",
      ["--network", "testnet", "--verify", "--explorer", "here"],
      /--explorer "here": it goes with --verify, and must be a URL/,
    ],
    ["an argument", ["--network", "localhost", "now"], /too many arguments/],
    ["an option that is none", ["--network", "localhost", "--force"], /unknown option '--force'/],
  ];
  for (const [what, args, words] of refused) {
    it(`refuses ${what}`, () => {
      expect(() => parseOptions(args, ["localhost", "testnet"])).to.throw(words);
    });
  }

  it("ends with exit code 2 for what it refuses", async () => {
    const { code, output } = await run("--network", "moon");
    expect(output).to.equal('deploy: --network "moon": there is no such network; there are localhost, testnet\n');
    expect(code).to.equal(2);
  });
});

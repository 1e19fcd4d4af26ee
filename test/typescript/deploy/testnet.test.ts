import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect } from "chai";
import { Contract, JsonRpcProvider, NonceManager, parseEther, parseUnits, Wallet } from "ethers";
import type { InterfaceAbi, Signer, TransactionResponse } from "ethers";
import hre from "hardhat";

import type { Manifest } from "../../../scripts/deploy/manifest.ts";
import { OptionError } from "../../../scripts/testnet/errors.ts";
import { parseOptions } from "../../../scripts/testnet/options.ts";
import { moves, startPrices } from "../../../scripts/testnet/prices.ts";
import { toAccountId } from "../../../sdk/identifiers.ts";
import { buildOrder, signOrder } from "../../../sdk/orders.ts";

const WAD = 10n ** 18n;
const FEED_TO_WAD = 10n ** 10n;

function runTestnet(...args: string[]) {
  const child = spawn(process.execPath, ["scripts/testnet/index.ts", ...args]);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  }
  const ended = new Promise<{ code: number | null; output: string }>((resolve, reject) => {
    child.on("error", reject).on("close", (code) => resolve({ code, output }));
  });
  return { child, ended, read: () => output };
}

describe("npm run testnet (DPL-01)", () => {
  let folder: string;
  let running: ChildProcess | undefined;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "bulwark-testnet-"));
  });
  after(() => {
    running?.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });

  it("DPL-01: a dApp developer connects by the manifest, gets tokens, sees prices move, trades, and ends it by Ctrl-C", async function () {
    this.timeout(300_000);
    const file = join(folder, "manifest.json");
    const { child, ended, read } = runTestnet("--port", "0", "--every", "1", "--manifest", file);
    running = child;
    while (!read().includes("ready:")) {
      expect(child.exitCode, read()).to.equal(null);
      await setTimeout(100);
    }
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(read())![0];
    const manifest = JSON.parse(readFileSync(file, "utf8")) as Manifest;
    const provider = new JsonRpcProvider(url, undefined, { cacheTimeout: -1, pollingInterval: 100 });
    const bind = async (name: string, face: string, runner: Signer) => {
      const { abi } = await hre.artifacts.readArtifact(face);
      return new Contract(manifest.contracts[name]!.address, abi as InterfaceAbi, runner);
    };

    const sent = async (call: Promise<unknown>) => ((await call) as TransactionResponse).wait();

    // Tokens and gas for a key that the node does not know.
    const wallet = Wallet.createRandom(provider);
    const maker = new NonceManager(wallet);
    const gift = await runTestnet(
      "faucet",
      wallet.address,
      "--usd",
      "5000",
      "--eth",
      "2",
      "--url",
      url,
      "--manifest",
      file,
    ).ended;
    expect(gift.code, gift.output).to.equal(0);
    expect(await provider.getBalance(wallet.address)).to.equal(parseEther("2"));
    const taker = await provider.getSigner(2);
    const usd = await bind("Usd", "MockToken", maker);
    expect(await usd.getFunction("balanceOf")(wallet.address)).to.equal(parseUnits("5000", 6));

    // The chain's clock is the machine's, so that dates of a dApp hold.
    const now = async () => (await provider.getBlock("latest"))!.timestamp;
    expect(Math.abs((await now()) - Date.now() / 1_000)).to.be.lessThan(60);

    const oracle = await bind("PriceOracle", "PriceOracle", maker);
    const price = async () => ((await oracle.getFunction("lastPrice")(0)) as [bigint])[0];
    const seen = new Set<bigint>([await price()]);
    for (let wait = 0; seen.size < 3 && wait < 300; wait++) {
      await setTimeout(100);
      seen.add(await price());
    }
    expect(seen.size, "prices that were seen").to.be.at.least(3);
    const walk = moves(1, false);
    const first = Array.from({ length: 60 }, () => walk.next().value.ether * FEED_TO_WAD);
    for (const one of seen) expect([startPrices().ether * FEED_TO_WAD, ...first]).to.include(one);

    const house = await bind("ClearingHouse", "IClearingHouse", maker);
    const orders = await bind("SignedOrders", "SignedOrders", taker);
    const accounts = { maker: toAccountId(wallet.address, 0n), taker: toAccountId(taker.address, 0n) };
    const amount = parseUnits("4000", 6);
    for (const [who, account] of [
      [maker, accounts.maker],
      [taker, accounts.taker],
    ] as const) {
      await sent((usd.connect(who) as Contract).getFunction("approve")(await house.getAddress(), amount));
      await sent((house.connect(who) as Contract).getFunction("deposit")(account, 0, amount));
    }
    const book = { chainId: BigInt(manifest.chainId), address: await orders.getAddress() };
    const terms = { house: await house.getAddress(), account: accounts.maker, market: 0, size: 2n * WAD, nonce: 1n };
    const clock = BigInt(await now());
    const order = buildOrder({ ...terms, limitPrice: await price(), expiry: clock + 600n }, { now: clock });
    const { signature } = await signOrder(wallet, { book, order });
    await sent(orders.getFunction("fill")(order, signature, accounts.taker, 2n * WAD));
    const positionOf = house.getFunction("positionOf");
    expect(((await positionOf(accounts.maker, 0)) as [bigint])[0]).to.equal(2n * WAD);
    expect(((await positionOf(accounts.taker, 0)) as [bigint])[0]).to.equal(-2n * WAD);

    // Capital stands behind the fund, and cover is on sale.
    const vault = await bind("CoverageVault", "ICoverageVault", maker);
    expect(await vault.getFunction("previewPremium")(1, WAD)).to.be.greaterThan(0n);
    expect(((await vault.getFunction("commitmentOf")(1)) as [bigint])[0]).to.equal(100_000n * WAD);
    provider.destroy();

    child.kill("SIGINT");
    const { code, output } = await ended;
    running = undefined;
    expect(output).to.match(/testnet: ended\.\n$/);
    expect(code).to.equal(0);
    const late = await runTestnet("faucet", wallet.address, "--url", url, "--manifest", file).ended;
    expect(late.output).to.equal(`testnet: no node answers at ${url}; start one with \`npm run testnet\`\n`);
    expect(late.code).to.equal(1);
  });

  it("DPL-01: a port that is in use is named, and nothing is started", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const { code, output } = await runTestnet("--port", String(port)).ended;
    server.close();
    expect(output).to.equal(
      `testnet: port ${port} is in use; stop what listens there, or choose another one with --port\n`,
    );
    expect(code).to.equal(1);
  });

  it("a wrong option ends with exit code 2", async () => {
    const { code, output } = await runTestnet("--every", "0").ended;
    expect(output).to.equal('testnet: --every "0": it must be a whole number from 1 to 3600\n');
    expect(code).to.equal(2);
  });

  const refused: [what: string, args: string[], words: RegExp][] = [
    ["a port that is none", ["--port", "65536"], /--port "65536": it must be a whole number from 0 to 65535/],
    ["a seed that is none", ["--seed", "-1"], /--seed "-1": it must be/],
    ["too long between moves", ["--every", "3601"], /--every "3601": it must be a whole number from 1 to 3600/],
    ["no address", ["faucet", "0x12"], /"0x12" is not an address/],
    [
      "a URL that is none",
      ["faucet", Wallet.createRandom().address, "--url", "here"],
      /--url "here": it must be a URL/,
    ],
    ["half a token", ["faucet", Wallet.createRandom().address, "--usd", "0.5"], /--usd "0.5": it must be/],
  ];
  for (const [what, args, words] of refused) {
    it(`refuses ${what}`, () => {
      expect(() => parseOptions(args)).to.throw(OptionError, words);
    });
  }

  it("prices: the same seed gives the same walk, another one another; --crash plays the recorded fall first", () => {
    const take = (count: number, ...args: Parameters<typeof moves>) => {
      const walk = moves(...args);
      return Array.from({ length: count }, () => walk.next().value);
    };
    expect(take(50, 1, false)).to.deep.equal(take(50, 1, false));
    expect(take(50, 1, false)).not.to.deep.equal(take(50, 2, false));
    const crash = take(300, 1, true);
    const lowest = crash.reduce((low, { ether }) => (ether < low ? ether : low), startPrices().ether);
    expect(lowest).to.be.lessThan((startPrices().ether * 55n) / 100n);
    const isNear = (price: bigint, start: bigint) => price > start / 2n && price < start * 2n;
    const far = take(5_000, 3, false).filter(
      ({ ether, bitcoin }) => !isNear(ether, startPrices().ether) || !isNear(bitcoin, startPrices().bitcoin),
    );
    expect(far).to.deep.equal([]);
  });

  it("prices: they return, so that a testnet may run for weeks", () => {
    const walk = moves(4, false);
    const start = startPrices();
    const isNear = (price: bigint, from: bigint) => price * 5n > from * 4n && price * 5n < from * 6n;
    for (let move = 0; move < 200_000; move++) {
      const { ether, bitcoin } = walk.next().value;
      if (isNear(ether, start.ether) && isNear(bitcoin, start.bitcoin)) continue;
      expect.fail(`after ${move} moves ether costs ${ether} and bitcoin ${bitcoin}`);
    }
  });
});

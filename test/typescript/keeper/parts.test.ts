import { expect } from "chai";
import fc from "fast-check";

import { firstFees, replacementFees } from "../../../scripts/keeper/chain/fees.ts";
import { isNodeFault, patientProvider } from "../../../scripts/keeper/chain/transport.ts";
import { configured } from "../../../scripts/keeper/configured.ts";
import { GasTooDearError, OptionError } from "../../../scripts/keeper/errors.ts";
import { createLog } from "../../../scripts/keeper/log.ts";
import { createMetrics } from "../../../scripts/keeper/metrics.ts";
import { parseOptions } from "../../../scripts/keeper/options.ts";
import { serve } from "../../../scripts/keeper/server.ts";
import type { Health } from "../../../scripts/keeper/server.ts";
import { waitsOf } from "../../../scripts/keeper/watch/read.ts";

const GWEI = 10n ** 9n;
describe("keeper: parts (KPR-01)", () => {
  it("KPR-01: what Hardhat says of a variable that is missing is one line; anything else is thrown as it was", async () => {
    const said = Object.assign(new Error('HHE7: Configuration Variable "URL" not found.\n\nYou can'), {
      name: "HardhatError",
    });
    const errorOf = async (cause: unknown) =>
      configured(() => Promise.reject(cause as Error)).catch((error: unknown) => error);
    const error = await errorOf(said);
    expect(error).to.be.instanceOf(OptionError);
    expect((error as OptionError).message).to.equal('HHE7: Configuration Variable "URL" not found.');
    const other = new RangeError("a bug");
    expect(await errorOf(other)).to.equal(other);
  });

  it("KPR-01: two tries are free, then 15 seconds, twice as long each time, an hour at most", () => {
    const wait = (count: number) =>
      (waitsOf(new Map([["key", { count, triedAt: 1_000n }]])).get("key") ?? 1_000n) - 1_000n;
    expect([1, 2, 3, 4, 9, 10, 99].map(wait)).to.deep.equal([0n, 15n, 30n, 60n, 1_920n, 3_600n, 3_600n]);
  });

  describe("fees", () => {
    it("KPR-01: twice the base fee and the tip, and never above the most", () => {
      expect(firstFees(10n * GWEI, GWEI, 100n * GWEI)).to.deep.equal({ maxFee: 21n * GWEI, priorityFee: GWEI });
      expect(firstFees(10n * GWEI, GWEI, 15n * GWEI)).to.deep.equal({ maxFee: 15n * GWEI, priorityFee: GWEI });
      expect(() => firstFees(15n * GWEI, GWEI, 15n * GWEI)).to.throw(GasTooDearError, "--max-gas-price");
    });

    it("KPR-01: a replacement pays an eighth more of both, above the tenth that nodes ask for, or is not sent", () => {
      const fee = fc.bigInt({ min: 0n, max: 10n ** 12n });
      fc.assert(
        fc.property(fee, fee, fee, fee, (tip, room, baseFee, most) => {
          const last = { maxFee: tip + room, priorityFee: tip };
          const next = replacementFees(last, baseFee, most);
          const least = (last.maxFee * 9n) / 8n;
          if (next === undefined) {
            expect(most).to.be.at.most(least + 2n);
            return;
          }
          expect(next.maxFee).to.be.at.least(least).and.at.most(most);
          expect(next.priorityFee)
            .to.be.at.least((tip * 9n) / 8n)
            .and.at.most(next.maxFee);
          expect(next.maxFee * 10n).to.be.greaterThan(last.maxFee * 11n - 10n);
        }),
        { numRuns: 500, seed: 3 },
      );
    });
  });

  describe("transport", () => {
    const provider = (answers: unknown[]) => {
      const asked: string[] = [];
      const faults: string[] = [];
      const ask = ({ method }: { method: string }) => {
        asked.push(method);
        const answer = method === "eth_chainId" ? "0x1" : answers.shift();
        return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
      };
      const options = { attempts: 3, firstWait: 0, onFault: (method: string) => void faults.push(method) };
      return { faults, asked, node: patientProvider(ask, options) };
    };

    it("KPR-01: faults are asked again, and given up in the end", async () => {
      const good = provider([new Error("socket hang up"), new Error("503"), "0x10"]);
      expect(await good.node.send("eth_gasPrice", [])).to.equal("0x10");
      expect(good.faults).to.deep.equal(["eth_gasPrice", "eth_gasPrice"]);
      const dead = provider([1, 2, 3].map(() => new Error("ECONNREFUSED")));
      const error: unknown = await dead.node.send("eth_gasPrice", []).catch((reason: unknown) => reason);
      // ethers puts what a provider throws into an error of its own.
      expect((error as { error: Error }).error.message).to.match(/^The node failed 3 times in a row/);
      expect([isNodeFault(error), isNodeFault(new RangeError("a bug"))]).to.deep.equal([true, false]);
    });

    it("KPR-01: a revert, a used nonce and a range that is too large are answers", async () => {
      const revert = Object.assign(new Error("execution failed"), { data: `0x08c379a0${"00".repeat(64)}` });
      for (const [method, answer] of [
        ["eth_call", revert],
        ["eth_sendRawTransaction", new Error("nonce too low")],
        ["eth_getLogs", new Error("query returned more than 10000 results")],
      ] as const) {
        const { node, faults, asked } = provider([answer, "late"]);
        const error: unknown = await node.send(method, []).catch((reason: unknown) => reason);
        expect(error, method).to.be.instanceOf(Error);
        expect(
          asked.filter((one) => one === method),
          method,
        ).to.deep.equal([method]);
        expect(faults, method).to.deep.equal([]);
      }
    });
  });

  it("KPR-01: health and metrics on 127.0.0.1, and nothing else", async () => {
    const metrics = createMetrics();
    metrics.replacements.inc(2);
    let health: Health = { isHealthy: true, block: 5, secondsSinceRound: 1, isSending: false };
    const server = await serve(0, metrics, () => health);
    try {
      expect(server.url).to.match(/^http:\/\/127\.0\.0\.1:\d+$/);
      const get = async (path: string, method = "GET") => {
        const response = await fetch(`${server.url}${path}`, { method });
        return [response.status, await response.text()] as const;
      };
      expect(await get("/health")).to.deep.equal([200, `${JSON.stringify(health)}\n`]);
      health = { ...health, isHealthy: false };
      expect((await get("/health"))[0]).to.equal(503);
      expect((await get("/metrics"))[1]).to.match(/^bulwark_keeper_replacements_total 2$/m);
      expect((await get("/other"))[0]).to.equal(404);
      expect((await get("/metrics", "POST"))[0]).to.equal(404);
    } finally {
      await server.close();
    }
  });

  it("KPR-01: the address of a node, which may carry a key, is in no line", () => {
    const lines: string[] = [];
    const error = new Error('server response 429 (info={ "requestUrl": "https://node.example/v2/secret" })');
    const to = { write: (line: string) => void lines.push(line) };
    createLog("info", to).warn(
      { error, deep: [{ at: "wss://node.example/secret" }], url: "http://127.0.0.1:9464" },
      "x",
    );
    expect(lines[0]).not.to.match(/secret|example/);
    expect(lines[0]).to.include("server response 429").and.to.include("http://127.0.0.1:9464");
  });

  it("KPR-01: a log line is JSON with whole numbers as text and errors without their insides", () => {
    const lines: string[] = [];
    const error = Object.assign(new OptionError("no such thing"), { request: { url: "with a secret" } });
    createLog("info", { write: (line: string) => void lines.push(line) }).warn(
      { amount: 2n ** 200n, error },
      "not sent",
    );
    const { time, ...rest } = JSON.parse(lines[0]!) as Record<string, unknown>;
    expect(rest).to.deep.equal({
      level: "warn",
      amount: (2n ** 200n).toString(),
      error: { type: "OptionError", message: "no such thing" },
      msg: "not sent",
    });
    expect(time).to.match(/^\d{4}-\d\d-\d\dT/);
  });

  describe("options", () => {
    const networks = ["localhost", "testnet"];
    it("KPR-01: a dry run without budget, unless one says otherwise", () => {
      const options = parseOptions([], networks);
      expect(options.send).to.equal(false);
      expect(options.rules.budget).to.equal(0n);
      expect(options.rules.bonds).to.equal(0);
      expect(options.network).to.equal("localhost");
      const sending = parseOptions(["--send", "--budget", "20000.5", "--max-gas-price", "0.25"], networks);
      expect(sending.send).to.equal(true);
      expect(sending.rules.budget).to.equal(200_005n * 10n ** 17n);
      expect(sending.maxGasPrice).to.equal(GWEI / 4n);
    });

    const refused: [what: string, args: string[], words: RegExp][] = [
      [
        "an unknown network",
        ["--network", "moon"],
        /--network "moon": there is no such network; there are localhost, testnet/,
      ],
      [
        "a manifest that is not there",
        ["--manifest", "nowhere.json"],
        /--manifest "nowhere.json": there is no such file/,
      ],
      ["an address that is none", ["--address", "0x12"], /--address "0x12": it is no address/],
      [
        "an address with --send",
        ["--send", "--address", `0x${"11".repeat(20)}`],
        /--address is for a dry run: with --send the key says who bids/,
      ],
      ["a budget below zero", ["--budget", "-1"], /--budget "-1": it must be a number, with at most six decimals/],
      [
        "a tolerance above a tenth",
        ["--tolerance", "1001"],
        /--tolerance "1001": it must be a whole number from 0 to 1000/,
      ],
      ["no time between rounds", ["--poll", "0"], /--poll "0": it must be a whole number from 1 to 86400/],
      ["a level that is none", ["--log-level", "loud"], /--log-level "loud": it must be one of trace/],
      ["a sub-account of 97 bits", ["--account", (2n ** 96n).toString()], /it must be a whole number below 2\^96/],
    ];
    for (const [what, args, words] of refused) {
      it(`refuses ${what}`, () => expect(() => parseOptions(args, networks)).to.throw(OptionError, words));
    }
  });
});

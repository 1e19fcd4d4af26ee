import { readFileSync } from "node:fs";
import { expect } from "chai";
import type { JsonRpcApiProvider } from "ethers";
import { Interface } from "ethers";
import type { InterfaceAbi } from "ethers";
import hre from "hardhat";

import { fragments } from "../../../app/src/chain/abi.ts";
import { AppError, SettingsError } from "../../../app/src/chain/errors.ts";
import { CLASS_FIELDS } from "../../../app/src/chain/classFields.ts";
import { follow, Journal } from "../../../app/src/chain/journal.ts";
import type { TextStore } from "../../../app/src/chain/journal.ts";
import { parseNetworks } from "../../../app/src/chain/networks.ts";
import { inWords, readable } from "../../../app/src/chain/words.ts";
import { parseOptions } from "../../../scripts/app/options.ts";
import { errorInterface } from "../../../sdk/index.ts";
import { BPS_ONE, RATE_ONE } from "../../../sdk/math/constants.ts";

class Memory implements TextStore {
  readonly texts = new Map<string, string>();
  getItem(key: string): string | null {
    return this.texts.get(key) ?? null;
  }
  setItem(key: string, text: string): void {
    this.texts.set(key, text);
  }
}

const HASH = `0x${"ab".repeat(32)}`;

/** A bound as the contract writes it: names and numbers, multiplied and divided from left to right. */
function valueOf(text: string, factor: bigint): bigint {
  const names: Readonly<Record<string, bigint>> = { RATE_ONE, BPS_ONE, factor };
  const words = text
    .replace(/[()\s]+/g, " ")
    .trim()
    .split(" ");
  const number = (word = ""): bigint => names[word] ?? BigInt(word.replaceAll("_", ""));
  return words.reduce((value, word, index) => {
    if (index % 2 === 0) return value;
    return word === "*" ? value * number(words[index + 1]) : value / number(words[index + 1]);
  }, number(words[0]));
}

describe("What the page knows of contracts", () => {
  it("every line of its own ABI is one that the compiler wrote", async () => {
    for (const [name, lines] of Object.entries(fragments)) {
      const { abi } = await hre.artifacts.readArtifact(name);
      // With what is indexed and what is answered, without names.
      const compiled = new Set(new Interface(abi as InterfaceAbi).format(true));
      for (const line of new Interface(lines).format(true))
        expect(compiled.has(line), `${name}: ${line}`).to.equal(true);
    }
  });

  it("RSK-01: bounds of risk parameters are those in the contract", () => {
    const source = readFileSync("contracts/risk/RiskParameters.sol", "utf8");
    const lists = [...source.matchAll(/return\s*\[([^\]]+)\];/g)].map(([, list = ""]) => list.split(","));
    const [lowest = [], highest = []] = lists;
    expect(lowest).to.have.length(CLASS_FIELDS.length);
    expect(highest).to.have.length(CLASS_FIELDS.length);
    for (const [index, { key, low, high }] of CLASS_FIELDS.entries()) {
      expect(low, key).to.deep.equal([1n, 2n, 4n].map((factor) => valueOf(lowest[index] ?? "", factor)));
      expect(high, key).to.equal(valueOf(highest[index] ?? "", 1n));
    }
  });
});

describe("Errors in words", () => {
  it("a refusal in the wallet is no error, however it is wrapped", () => {
    for (const error of [
      { code: 4001 },
      { code: "ACTION_REJECTED" },
      new Error("x", { cause: { info: { error: { code: 4001 } } } }),
    ]) {
      expect(inWords(error)).to.deep.equal({ text: "You said no in the wallet: nothing was sent.", isRefusal: true });
    }
  });

  it("a revert is its advice, with numbers as people write them, and the raw ones in the details", () => {
    const data = errorInterface.encodeErrorResult("ClearingHouse_BelowInitialMargin", [
      `0x${"01".repeat(32)}`,
      1_250n * 10n ** 18n,
      3n * 10n ** 21n,
    ]);
    const words = inWords({ code: "CALL_EXCEPTION", data });
    expect(words.text).to.equal("Deposit more or trade less: 1,250 counts for margin and 3,000 is needed.");
    expect(words.details).to.contain("1250000000000000000000");
  });

  it("keeps small numbers, shows times and cuts hashes", () => {
    expect(readable("at most 40 of 1795336895")).to.equal("at most 40 of 2026-11-22 08:41 UTC");
    expect(readable("1234567890123456789")).to.equal("1.234567");
    expect(readable(`hash ${HASH}`)).to.equal("hash 0xabab…abab");
  });

  it("knows what wallets and nodes say, and never shows nothing", () => {
    expect(inWords({ code: -32002 }).text).to.contain("question open already");
    expect(inWords({ code: "INSUFFICIENT_FUNDS" }).text).to.contain("too little ether");
    expect(inWords(new AppError("In our own words.")).text).to.equal("In our own words.");
    expect(inWords(new Error("odd"))).to.include({ details: "odd" });
    expect(inWords(undefined).text).to.match(/no words for/);
  });
});

describe("The journal of transactions", () => {
  const entry = { hash: HASH, label: "Deposit", from: "0x1" };
  const provider = (receipt: unknown, sent: unknown) =>
    ({
      getTransactionReceipt: () => Promise.resolve(receipt),
      getTransaction: () => Promise.resolve(sent),
    }) as unknown as JsonRpcApiProvider;

  it("is there again after a reload, for its own chain only, and ignores what it did not write", () => {
    const memory = new Memory();
    new Journal("a", memory).add(entry);
    expect(new Journal("a", memory).entries()).to.have.length(1);
    expect(new Journal("b", memory).entries()).to.deep.equal([]);
    memory.setItem("bulwark:transactions:c", '[{"hash":1},"x",null]');
    memory.setItem("bulwark:transactions:d", "{");
    expect([new Journal("c", memory).entries(), new Journal("d", memory).entries()]).to.deep.equal([[], []]);
  });

  it("follows a transaction to its end: in a block, failed with its reason, or lost", async () => {
    const journal = new Journal("a", new Memory());
    const status = () => journal.entries()[0];
    journal.add(entry);
    expect(await follow(journal, journal.entries()[0]!, provider(null, {}))).to.equal(false);
    expect(status()?.status).to.equal("pending");
    expect(await follow(journal, journal.entries()[0]!, provider({ status: 1, blockNumber: 7 }, {}))).to.equal(true);
    expect(status()).to.include({ status: "confirmed", block: 7 });
    journal.add(entry);
    const data = errorInterface.encodeErrorResult("ClearingHouse_SelfTrade", [HASH]);
    const failed = {
      hash: HASH,
      wait: () => Promise.reject(Object.assign(new Error(), { code: "CALL_EXCEPTION", data })),
    };
    await follow(journal, journal.entries()[0]!, provider({ status: 0, blockNumber: 8 }, failed));
    expect(status()).to.include({ status: "failed", reason: "Name two different accounts." });
    journal.add(entry);
    journal.update(HASH, { sentAt: 0 });
    await follow(journal, journal.entries()[0]!, provider(null, null));
    expect(status()?.status).to.equal("lost");
  });
});

describe("Settings of the page and of its command", () => {
  const network = { name: "Somewhere", manifest: "m.json", explorer: "https://explorer.example/", markets: ["ETH"] };

  it("networks.json is checked field by field", () => {
    expect(parseNetworks([network])[0]).to.deep.equal({
      name: "Somewhere",
      manifest: "m.json",
      explorer: "https://explorer.example",
      fromBlock: 0,
      markets: ["ETH"],
      isTest: false,
    });
    for (const wrong of [
      [],
      {},
      [1],
      [{ ...network, name: "" }],
      [{ name: "x" }],
      [{ ...network, fromBlock: -1 }],
      [{ ...network, markets: [1] }],
    ]) {
      expect(() => parseNetworks(wrong), JSON.stringify(wrong)).to.throw(SettingsError);
    }
  });

  it("`npm run app` refuses what cannot be", () => {
    expect(parseOptions([])).to.include({ kind: "local", port: 4_173, chainPort: 8_545, keeper: true, maker: true });
    expect(parseOptions(["--no-keeper", "--crash"])).to.include({ keeper: false, crash: true });
    expect(() => parseOptions(["--port", "70000"])).to.throw("from 0 to 65535");
    expect(() => parseOptions(["--rpc", "http://localhost:1"])).to.throw("belong together");
    expect(() => parseOptions(["--manifest", "no-such-file", "--rpc", "http://localhost:1"])).to.throw("no such file");
    expect(() => parseOptions(["--manifest", "package.json", "--rpc", "ftp://localhost"])).to.throw("http://");
    const remote = parseOptions(["--manifest", "package.json", "--rpc", "https://node.example", "--markets", "A,B"]);
    expect(remote).to.deep.include({ kind: "remote", markets: ["A", "B"] });
  });
});

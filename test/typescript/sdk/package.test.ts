import { execFile } from "node:child_process";
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { createContext, Script } from "node:vm";
import { expect } from "chai";
import ts from "typescript";

import { findBrowser } from "../../../scripts/sdk/browser.ts";
import { buildPackage } from "../../../scripts/sdk/build.ts";
import { BuildError, NoBrowserError, OptionError } from "../../../scripts/sdk/errors.ts";
import { parseOptions } from "../../../scripts/sdk/options.ts";
import { blocksOf, bundleProgram, programOf, writeProgram } from "../../../scripts/sdk/program.ts";
import { ETH_MARKET, USD, WAD } from "../support/deployment.ts";
import { openSeries, standBehind } from "../support/underwriting.ts";
import { useWorld } from "../support/world.ts";
import { clientsOf } from "./support/client.ts";
import { serveNode } from "./support/node.ts";
import type { LocalNode } from "./support/node.ts";

const run = promisify(execFile);
const SDK = join(import.meta.dirname, "../../../sdk");
const MODULES = join(import.meta.dirname, "../../../node_modules");
/** What a page has, and nothing of Node's own. */
const OF_A_PAGE = {
  fetch,
  crypto,
  TextEncoder,
  TextDecoder,
  URL,
  Headers,
  AbortController,
  AbortSignal,
  setTimeout,
  clearTimeout,
  setInterval,
  clearInterval,
  queueMicrotask,
  atob,
  btoa,
};

describe("SDK: the package (SDK-01)", function () {
  this.timeout(120_000);
  let folder: string;
  let node: LocalNode;
  const world = useWorld(async (w) => {
    const capital = { junior: 20_000n, senior: 40_000n, committed: 2_000n, reinsurance: 1_000n, reinsured: 500n };
    await standBehind(w, w.erin, capital);
    await openSeries(w, 40n * WAD, 9);
    await w.setEth(200n * WAD);
    await w.fundReserve(1_000n * USD);
    for (const who of [w.bob, w.carol]) await w.usd.mint(who.address, 10_000n * USD);
  });

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "bulwark-package-"));
    const installed = join(folder, "node_modules", "bulwark-sdk");
    mkdirSync(installed, { recursive: true });
    // What npm would pack of it, from a build that is nobody else's.
    writeFileSync(join(installed, "package.json"), readFileSync(join(SDK, "package.json")));
    await buildPackage(join(installed, "dist"));
    symlinkSync(join(MODULES, "ethers"), join(folder, "node_modules", "ethers"));
    node = await serveNode(world());
  });
  after(async () => {
    await node.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The program of the README against the world as it is now. */
  const write = async () => {
    writeProgram(folder, { url: node.url, manifest: (await clientsOf(world())).manifest });
  };
  const expectStory = (printed: string) => {
    // Node writes a bigint with an n, a page without.
    const output = printed.replace(/(\d)n\b/g, "$1");
    expect(output).to.match(/^worth 4000000000000000000000 free 4000000000000000000000 withdrawable 4000000000$/m);
    expect(output).to.match(/^fee 10000000000000000000 margin 2000800000000000000000 of 3990000000000000000000 true$/m);
    expect(output).to.match(/^long 100000000000000000000 at 200000000000000000000 liquidatable at \d+$/m);
    expect(output).to.match(/^of a charge of 100 to its side it bears 100000000000000000000$/m);
    expect(output).to.match(/^reserve 1000000000000000000000 would lose \d+ of which it pays \d+$/m);
    expect(output).to.match(/^Deposit more or trade less: \d+ counts for margin and 200\d+ is needed\. 200\d+$/m);
    expect(output).to.match(/^true$/m);
    expect(output).to.match(/^event house Traded 0$/m);
    expect(output).to.match(/^event vault CoverBought 1$/m);
    expect(output).to.match(/^read to block \d+$/m);
  };

  it("SDK-01: the README's program runs in a process of its own, with the package as it is installed", async () => {
    await write();
    const { stdout, stderr } = await run(process.execPath, ["main.mjs"], { cwd: folder });
    expectStory(stdout);
    expect(stderr).to.equal("");
    const purchase = await (await clientsOf(world())).as(world().bob).then(({ covers }) => covers.purchase(1n));
    expect(purchase).to.include({ buyer: world().bob.address, units: 5n * WAD });
  });

  it("SDK-01: the same program, bundled for a browser, runs with what a page has and nothing of Node's", async () => {
    await write();
    const bundle = await bundleProgram(folder);
    const page = createContext({ ...OF_A_PAGE });
    new Script(`globalThis.self = globalThis; ${bundle}`).runInContext(page);
    const lines: string[] = [];
    page.output = { log: (...items: unknown[]) => lines.push(items.map(String).join(" ")) };
    await (new Script("bulwarkProgram.default(output)").runInContext(page) as Promise<void>);
    expectStory(lines.join("\n"));
    expect(bundle.length, "with ethers and all ABIs").to.be.lessThan(3_000_000);
  });

  it("SDK-01: the program buys a part of an account that can be liquidated", async () => {
    const w = world();
    await w.cash(w.carol, 2_100n, 0n);
    await w.cash(w.dave, 50_000n);
    await w.trade(w.id(w.carol), w.id(w.dave), ETH_MARKET, 100n * WAD, 200n * WAD);
    await w.setEth(180n * WAD);
    await write();
    // The README's maker is the third account: its deposit and its order would save it.
    const program = readFileSync(join(folder, "program.mjs"), "utf8");
    const [before = "", rest = ""] = program.split("const maker = await connect");
    const loop = rest.slice(rest.indexOf("for (const target of"), rest.indexOf("const { reserve }"));
    const story = `${before}const makerAccount = client.accounts.idOf("${w.carol.address}");\n${loop}\nprovider.destroy();\n}\n`;
    writeFileSync(join(folder, "program.mjs"), story.replace("getSigner(2)", "getSigner(2)"));
    const { stdout } = await run(process.execPath, ["main.mjs"], { cwd: folder });
    expect(stdout, readFileSync(join(folder, "program.mjs"), "utf8")).to.match(/^income [1-9]\d*n for \d+n$/m);
    expect(await w.baseOf(w.id(w.bob))).to.be.greaterThan(0n);
  });

  it("SDK-01: types of the package are found by a reader who has only the package, and are those of the contracts", () => {
    const reader = `
      import { connect, ContractError, contractErrors, type BulwarkClient } from "bulwark-sdk";
      import { incomeRate } from "bulwark-sdk/math/AuctionMath";
      import lens from "bulwark-sdk/abi/ILens.json" with { type: "json" };
      declare const client: BulwarkClient;
      export const value: Promise<bigint> = client.contracts.house.unallocatedLoss();
      export const rate: bigint = incomeRate(0n);
      export const reserve: Promise<bigint> = client.fund.report().then(({ segment }) => segment.reserve);
      export const entries: number = lens.length;
      // @ts-expect-error: a bigint is no text
      export const wrong: Promise<string> = client.contracts.house.unallocatedLoss();
      // @ts-expect-error: there is no such field
      export const missing = client.fund.report().then(({ segment }) => segment.nothing);
      export const required = (error: unknown): bigint =>
        error instanceof contractErrors.ClearingHouse_BelowInitialMargin ? error.values.required : 0n;
      export const kind = (error: unknown): bigint =>
        error instanceof contractErrors.PremiumModel_InvalidTerms ? error.values.terms.kind : 0n;
      export const any = (error: unknown): unknown => (error instanceof ContractError ? error.values.anything : 0n);
      export const typo = (error: unknown): unknown =>
        // @ts-expect-error: the error has no such value
        error instanceof contractErrors.ClearingHouse_BelowInitialMargin ? error.values.reqired : 0n;
      export { connect };
    `;
    writeFileSync(join(folder, "reader.ts"), reader);
    symlinkSync(join(MODULES, "@types"), join(folder, "node_modules", "@types"));
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    const program = ts.createProgram([join(folder, "reader.ts")], {
      strict: true,
      noEmit: true,
      target: ts.ScriptTarget.ES2022,
      lib: ["lib.es2022.d.ts", "lib.dom.d.ts"],
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      resolveJsonModule: true,
      types: ["node"],
    });
    const found = ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => {
      return `${file?.fileName ?? ""}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
    });
    expect(found).to.deep.equal([]);
  });

  it("SDK-01: the package needs ethers and nothing else, and holds no sources", () => {
    const dist = join(folder, "node_modules", "bulwark-sdk", "dist");
    const imported = new Set<string>();
    for (const file of globSync("**/*.js", { cwd: dist })) {
      const text = readFileSync(join(dist, file), "utf8");
      for (const [, name = ""] of text.matchAll(/^(?:import|export)[^"';]*from "([^".][^"]*)"/gm)) imported.add(name);
      expect(text, file).not.to.match(/\.ts"|artifacts\//);
    }
    expect([...imported]).to.deep.equal(["ethers"]);
    for (const file of globSync("**/*.d.ts", { cwd: dist })) {
      expect(readFileSync(join(dist, file), "utf8"), file).not.to.match(/(?:from|import\() ?"\.[^"]*\.ts"/);
    }
    const sources = globSync("**/*.ts", { cwd: dist }).filter((file) => !file.endsWith(".d.ts"));
    expect(sources).to.deep.equal([]);
    const { exports } = JSON.parse(readFileSync(join(SDK, "package.json"), "utf8")) as {
      exports: Record<string, { default?: string }>;
    };
    expect(existsSync(join(dist, "..", exports["."]!.default!))).to.equal(true);
  });
});

describe("SDK: its commands (SDK-01)", () => {
  it("reads code blocks of one language in their order, and refuses a text without its node", () => {
    const text = "```sh\nno\n```\n```ts\na;\n```\ntext\n```ts\nb;\n```\n";
    expect(blocksOf(text)).to.deep.equal(["a;\n", "b;\n"]);
    expect(() => programOf(text, "http://127.0.0.1:1")).to.throw(BuildError, "names no node");
  });

  it("npm run sdk:check: options, and plain words where there is no browser", () => {
    expect(parseOptions([])).to.deep.equal({ hasBrowser: true, browser: undefined });
    expect(parseOptions(["--no-browser"])).to.deep.equal({ hasBrowser: false, browser: undefined });
    expect(parseOptions(["--browser", "/b"])).to.deep.equal({ hasBrowser: true, browser: "/b" });
    expect(() => parseOptions(["--browser", ""])).to.throw(OptionError, "must be a file");
    expect(() => parseOptions(["--nothing"])).to.throw("unknown option '--nothing'");
    expect(() => findBrowser("/nowhere/chromium")).to.throw(NoBrowserError, "no browser among /nowhere/chromium");
    expect(findBrowser(process.execPath)).to.equal(process.execPath);
  });
});

import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import { expect } from "chai";
import { AbiCoder } from "ethers";
import hre from "hardhat";
import type { HardhatUserConfig } from "hardhat/config";

import { recordedContracts } from "../../../scripts/deploy/manifest.ts";
import { ExplorerError, explorerEnvironment, verifyDeployment } from "../../../scripts/deploy/verify.ts";
import type { Verification } from "../../../scripts/deploy/verify.ts";
import { freshFolder } from "./support/governed.ts";
import { run } from "./support/runs.ts";

/** Hardhat publishes nothing of a chain with a local id. */
const CHAIN_ID = 777_001;
const HOST = "127.0.0.1";
const AGGREGATOR = "contracts/mocks/MockAggregator.sol:MockAggregator";
const READER = "contracts/mocks/MockKinds.sol:MockPullReader";
/** Hexadecimal digits of what the compiler appends about sources and settings; explorers compare without it. */
const METADATA = 2 * 53;
const ANSWER = 200n * 10n ** 8n;

const SmallModule = buildModule("Small", (m) => {
  const aggregator = m.contract("MockAggregator", [8, ANSWER]);
  return { aggregator, reader: m.contract("MockPullReader", [], { after: [aggregator] }) };
});

/** What an explorer was sent. */
interface Submission {
  readonly contractaddress: string;
  readonly contractname: string;
  readonly sourceCode: string;
  readonly constructorArguments: string;
  readonly compilerversion: string;
}

/** An explorer with the three calls of Etherscan's interface that verification needs. */
class Stub {
  readonly submissions: Submission[] = [];
  readonly known = new Set<string>();
  /** What it says of a contract, by name. */
  verdict: (name: string) => string = () => "Pass - Verified";
  /** Answers that are left before it fails with a status of its own. */
  answers = Number.POSITIVE_INFINITY;
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk) => (body += String(chunk)));
      request.on("end", () => {
        response.setHeader("content-type", "application/json");
        if (this.answers-- <= 0) response.statusCode = 502;
        response.end(JSON.stringify(this.#answer(new URL(request.url ?? "", "http://stub").searchParams, body)));
      });
    });
  }

  #answer(query: URLSearchParams, body: string): { status: string; message: string; result: unknown } {
    const ok = (result: unknown) => ({ status: "1", message: "OK", result });
    const form = Object.fromEntries(new URLSearchParams(body)) as unknown as Submission & { action?: string };
    const action = query.get("action") ?? form.action;
    expect(query.get("apikey"), "the key that was set").to.equal("key");
    expect(query.get("chainid")).to.equal(String(CHAIN_ID));
    if (action === "getsourcecode") {
      return ok([{ SourceCode: this.known.has(query.get("address")!.toLowerCase()) ? "contract" : "" }]);
    }
    if (action === "verifysourcecode") {
      this.submissions.push(form);
      return ok(form.contractname);
    }
    return ok(this.verdict(query.get("guid") ?? ""));
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, HOST, resolve));
    return `http://${HOST}:${(this.#server.address() as AddressInfo).port}/api`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

describe("publishing of sources (DPL-01)", () => {
  let close: () => Promise<void>;
  let config: HardhatUserConfig;
  let stub: Stub;
  let apiUrl: string;
  const folder = freshFolder();
  before(async () => {
    const server = await hre.network.createServer({ override: { chainId: CHAIN_ID } }, HOST);
    const { port } = await server.listen();
    close = () => server.close();
    const url = `http://${HOST}:${port}`;
    config = { networks: { localhost: { type: "http", chainType: "generic", url } } };
    const { provider } = await hre.network.create({ network: "localhost", override: { url } });
    await run({ provider, folder, module: SmallModule });
    process.env.ETHERSCAN_API_KEY = "key";
  });
  after(async () => {
    delete process.env.ETHERSCAN_API_KEY;
    await close();
  });
  beforeEach(async () => {
    stub = new Stub();
    apiUrl = await stub.listen();
  });
  afterEach(() => stub.close());

  /** With what is printed on the way kept back. */
  const verify = async (): Promise<Verification[]> => {
    const environment = await explorerEnvironment({
      network: "localhost",
      chainId: CHAIN_ID,
      apiUrl,
      buildProfile: "default",
      config,
    });
    const { log } = console;
    console.log = () => undefined;
    try {
      return await verifyDeployment(environment, folder, () => undefined);
    } finally {
      console.log = log;
    }
  };
  const outcomes = (results: readonly Verification[]) => results.map(({ contract, outcome }) => [contract, outcome]);

  it("DPL-01: every contract is sent with its sources and arguments; compiled again they give the code on the chain", async () => {
    expect(outcomes(await verify())).to.deep.equal([
      [AGGREGATOR, "verified"],
      [READER, "verified"],
    ]);
    const [sent, other] = stub.submissions;
    const deployed = recordedContracts(folder);
    expect([sent, other].map((one) => one!.contractaddress)).to.deep.equal(deployed.map(({ address }) => address));
    const args = AbiCoder.defaultAbiCoder().encode(["uint8", "int256"], [8, ANSWER]);
    expect(sent!.constructorArguments).to.equal(args.slice(2));
    expect(sent!.compilerversion).to.match(/^v0\.8\.37\+commit\.[0-9a-f]{8}$/);
    const { default: solc } = (await import("solc")) as unknown as { default: { compile(input: string): string } };
    const input = JSON.parse(sent!.sourceCode) as { settings: { outputSelection: unknown } };
    input.settings.outputSelection = { "*": { "*": ["evm.deployedBytecode.object"] } };
    const { contracts } = JSON.parse(solc.compile(JSON.stringify(input))) as {
      contracts: Record<string, Record<string, { evm: { deployedBytecode: { object: string } } }>>;
    };
    const [source, name] = sent!.contractname.split(/:(?=[^:]*$)/) as [string, string];
    const { provider } = await hre.network.create({ network: "localhost", override: { url: urlOf(config) } });
    const params = [deployed[0]!.address, "latest"];
    const code = String(await provider.request({ method: "eth_getCode", params }));
    const compiled = `0x${contracts[source]![name]!.evm.deployedBytecode.object}`;
    expect(compiled.length).to.equal(code.length);
    expect(compiled.slice(0, -METADATA)).to.equal(code.slice(0, -METADATA));
  });

  it("DPL-01: what the explorer has already is not sent again", async () => {
    for (const { address } of recordedContracts(folder)) stub.known.add(address.toLowerCase());
    expect(outcomes(await verify())).to.deep.equal([
      [AGGREGATOR, "known before"],
      [READER, "known before"],
    ]);
    expect(stub.submissions).to.deep.equal([]);
  });

  it("DPL-01: a contract that is refused is named with the explorer's words, and the others go on", async () => {
    stub.verdict = (name) => (name.endsWith("MockAggregator") ? "Fail - Unable to verify" : "Pass - Verified");
    const results = await verify();
    expect(outcomes(results)).to.deep.equal([
      [AGGREGATOR, "refused"],
      [READER, "verified"],
    ]);
    expect(results[0]!.reason).to.contain("Fail - Unable to verify");
  });

  it("DPL-01: an explorer that is down, or goes down on the way, is an error of its own; the deployment stands, and a second run finishes", async () => {
    const before = recordedContracts(folder);
    const down = async () => {
      const error = await verify().then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error).to.be.instanceOf(ExplorerError);
      return error as ExplorerError;
    };
    stub.answers = 4; // Twice whether it is known, the sources, and what came of them.
    const halfway = await down();
    expect(halfway.message).to.contain(READER);
    stub.answers = Number.POSITIVE_INFINITY;
    stub.known.add(before[0]!.address.toLowerCase());
    expect(outcomes(await verify())).to.deep.equal([
      [AGGREGATOR, "known before"],
      [READER, "verified"],
    ]);
    stub.close();
    const gone = await down();
    expect(gone.message).to.contain(`${AGGREGATOR} could not be published`);
    expect(gone.done).to.deep.equal([]);
    expect(recordedContracts(folder)).to.deep.equal(before);
  });
});

const urlOf = ({ networks }: HardhatUserConfig): string => String((networks?.localhost as { url: string }).url);

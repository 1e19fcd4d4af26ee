import { globSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { AbiCoder, Interface, JsonRpcProvider, parseUnits, Wallet } from "ethers";
import type { InterfaceAbi } from "ethers";
import hre from "hardhat";

import {
  confirmed,
  connect,
  contractError,
  ContractError,
  contractErrors,
  decodeError,
  decodeRevertData,
  EmptyRevertError,
  errorInterface,
  errorOfSelector,
  explained,
  PanicError,
  RevertTextError,
  toAccountId,
  UnknownRevertError,
  WrongChainError,
} from "../../../sdk/index.ts";
import { advice } from "../../../sdk/reverts/advice/index.ts";
import { errorFragments } from "../../../sdk/reverts/fragments.ts";
import { WAD } from "../support/deployment.ts";
import { useWorld } from "../support/world.ts";
import { clientsOf } from "./support/client.ts";

const ACCOUNT = toAccountId("0x000000000000000000000000000000000000dEaD", 7n);
const VALUES = [ACCOUNT, -5n, 12n];
const SELECTOR = "ClearingHouse_BelowInitialMargin";
const DATA = errorInterface.encodeErrorResult(SELECTOR, VALUES);

/** Every error of every artifact that is not a mock's. */
function declaredErrors(pattern: string): Map<string, Interface> {
  const found = new Map<string, Interface>();
  for (const file of globSync(pattern, { exclude: (path) => path.includes("mocks") })) {
    const { abi } = JSON.parse(readFileSync(file, "utf8")) as { abi?: InterfaceAbi };
    if (abi === undefined) continue;
    const face = new Interface(abi);
    face.forEachError((error) => found.set(error.format("sighash"), face));
  }
  return found;
}

describe("SDK: typed errors (SDK-01)", () => {
  const world = useWorld();

  it("SDK-01: every custom error of contracts/interfaces, and of every contract, is in the table and has advice", () => {
    const interfaces = declaredErrors("artifacts/contracts/interfaces/**/*.json");
    const all = declaredErrors("artifacts/{contracts,@openzeppelin}/**/*.json");
    expect(interfaces.size).to.be.greaterThan(280);
    expect(all.size).to.be.greaterThan(interfaces.size);
    const known = new Set<string>();
    errorInterface.forEachError((error) => known.add(error.format("sighash")));
    expect([...all.keys()].filter((signature) => !known.has(signature))).to.deep.equal([]);
    expect(
      [...known].filter((signature) => !all.has(signature)),
      "no longer there",
    ).to.deep.equal([]);
    const names = [...known].map((signature) => signature.split("(")[0] ?? "").sort();
    expect(Object.keys(advice).sort()).to.deep.equal(names);
    expect(errorFragments.length, "one fragment for each").to.equal(known.size);
  });

  it("SDK-01: advice is a sentence that names only values that the error has", () => {
    for (const [name, text] of Object.entries(advice)) {
      expect(text, name).to.match(/^[A-Z].*[^.]\.$/s);
      const inputs = errorInterface.getError(name)?.inputs.map((input) => input.name) ?? [];
      const used = [...text.matchAll(/\{(\w+)\}/g)].map(([, value]) => value);
      expect(inputs, `${name}: ${text}`).to.include.members(used);
    }
  });

  it("SDK-01: an error becomes an instance of its own class, with named values and a sentence with them", () => {
    const error = decodeRevertData(DATA);
    expect(error).to.be.instanceOf(ContractError).and.instanceOf(contractErrors.ClearingHouse_BelowInitialMargin);
    expect(error).not.to.be.instanceOf(contractErrors.ClearingHouse_BlindAccount);
    expect(error).to.deep.include({
      name: SELECTOR,
      signature: "ClearingHouse_BelowInitialMargin(bytes32,int256,uint256)",
      selector: DATA.slice(0, 10),
      values: { account: ACCOUNT, balance: -5n, required: 12n },
      advice: "Deposit more or trade less: -5 counts for margin and 12 is needed.",
    });
    expect(error.message).to.equal(
      `Deposit more or trade less: -5 counts for margin and 12 is needed. (${SELECTOR}: account = ${ACCOUNT}, balance = -5, required = 12)`,
    );
  });

  it("SDK-01: structs and lists in errors become objects and arrays", () => {
    const terms = { kind: 1n, feed: 2n, isBelow: true, hazardRate: 3n, volatilityFloor: 4n, level: 5n, lowerLevel: 6n };
    expect(contractError("PremiumModel_InvalidTerms", [terms]).values).to.deep.equal({ terms });
    const lengths = { targets: 1n, calldatas: 2n, values: 3n };
    expect(contractError("GovernorInvalidProposalLength", [1n, 2n, 3n]).values).to.deep.equal(lengths);
  });

  it("SDK-01: texts, panics, unknown data and no data have classes of their own", () => {
    const coder = AbiCoder.defaultAbiCoder();
    const text = decodeRevertData(`0x08c379a0${coder.encode(["string"], ["blocked"]).slice(2)}`);
    expect(text).to.be.instanceOf(RevertTextError).and.include({ text: "blocked" });
    const panic = decodeRevertData(`0x4e487b71${coder.encode(["uint256"], [0x11]).slice(2)}`);
    expect(panic).to.be.instanceOf(PanicError).and.include({ code: 17n });
    expect(decodeRevertData("0x12345678")).to.be.instanceOf(UnknownRevertError).and.include({ data: "0x12345678" });
    expect(decodeRevertData(DATA.slice(0, -64)), "too short for its selector").to.be.instanceOf(UnknownRevertError);
    expect(decodeRevertData("0x")).to.be.instanceOf(EmptyRevertError);
  });

  const call = { code: "CALL_EXCEPTION", message: "execution reverted (unknown custom error)" };
  const wrappers: [what: string, error: unknown][] = [
    ["ethers' own field", { ...call, data: DATA }],
    ["ethers around a wallet", { ...call, data: null, info: { error: { code: 3, data: DATA } } }],
    ["a JSON-RPC error with data in data", { error: { code: -32603, data: { originalError: { data: DATA } } } }],
    ["UNKNOWN_ERROR of ethers", { code: "UNKNOWN_ERROR", error: { code: -32000, data: { data: DATA, txHash: "0x" } } }],
    ["a body as text", { code: "SERVER_ERROR", info: { body: JSON.stringify({ error: { data: DATA } }) } }],
    ["a message of Parity", { error: { message: "VM execution error.", data: `Reverted ${DATA}` } }],
    ["a message alone", { message: `execution reverted: ${DATA}` }],
    [
      "causes",
      new Error("outer", { cause: new Error("middle", { cause: { data: DATA.toUpperCase().replace("0X", "0x") } }) }),
    ],
  ];
  for (const [what, error] of wrappers) {
    it(`SDK-01: finds revert data in ${what}`, () => {
      const decoded = decodeError(error);
      expect(decoded).to.be.instanceOf(contractErrors.ClearingHouse_BelowInitialMargin);
      expect((decoded as ContractError).values).to.deep.equal({ account: ACCOUNT, balance: -5n, required: 12n });
      expect(decoded?.cause).to.equal(error);
    });
  }

  it("SDK-01: leaves alone what is no revert, also calldata, hashes, addresses and objects that contain themselves", () => {
    const circle: Record<string, unknown> = { code: "NETWORK_ERROR", message: "no answer" };
    circle.error = circle;
    for (const error of [
      circle,
      new Error(`0x${"ab".repeat(32)}`),
      { transaction: { data: DATA } },
      "0x12",
      undefined,
      null,
    ]) {
      expect(decodeError(error)).to.equal(undefined);
    }
    expect(decodeError(call)).to.be.instanceOf(EmptyRevertError);
    const own = new WrongChainError(JSON.parse('{"chainId":1,"network":"x"}') as never, 2n);
    expect(decodeError(own)).to.equal(own);
  });

  it("SDK-01: what is no revert is thrown as it was", async () => {
    const fault = new Error("no answer");
    expect(await explained(Promise.reject(fault)).catch((error: unknown) => error)).to.equal(fault);
    expect(await explained(Promise.resolve(7))).to.equal(7);
  });

  it("LIQ-09: the first word of a failed bid of a batch has a name", () => {
    const selector = errorInterface.getError("LiquidationEngine_NotLiquidatable")!.selector;
    expect(errorOfSelector(selector)?.name).to.equal("LiquidationEngine_NotLiquidatable");
    expect(errorOfSelector("0x00000001")).to.equal(undefined);
  });

  it("SDK-01: decodes what a wallet's provider throws for a read, a gas estimate and a transaction that fails in its block", async () => {
    const w = world();
    const carol = await (await clientsOf(w)).as(w.carol);
    const [account, stranger] = [w.id(w.carol), w.id(w.bob)];
    const errorOf = async (promise: Promise<unknown>) => promise.then(() => undefined).catch((error: unknown) => error);
    expect(await errorOf(carol.covers.previewPremium(9n, 1n))).to.be.instanceOf(
      contractErrors.CoverageVault_UnknownSeries,
    );
    expect(await errorOf(carol.accounts.withdraw(stranger, { amount: 1n })))
      .to.be.instanceOf(contractErrors.ClearingHouse_NotAuthorized)
      .and.deep.include({ values: { account: stranger, caller: w.carol.address, scope: 8n } });
    await w.cash(w.carol, 100n);
    // Enough when it is sent, too late when it is included.
    await w.provider.request({ method: "evm_setAutomine", params: [false] });
    const signed = carol.contracts.house.withdraw(account, 0, 100n * 10n ** 6n, { gasLimit: 500_000n });
    const doubled = carol.contracts.house.withdraw(account, 0, 60n * 10n ** 6n, { gasLimit: 500_000n });
    const [first, second] = [await signed, await doubled];
    await w.provider.request({ method: "evm_mine", params: [] });
    await w.provider.request({ method: "evm_setAutomine", params: [true] });
    await confirmed(first);
    expect(await errorOf(confirmed(second)), "fine on the state before its block, not on the one after it")
      .to.be.instanceOf(contractErrors.ClearingHouse_InsufficientBalance)
      .and.deep.include({ values: { account, asset: 0n, asked: 60n * WAD, balance: 0n } });
  });

  it("SDK-01: decodes what ethers throws over HTTP", async function () {
    this.timeout(60_000);
    const server = await hre.network.createServer({}, "127.0.0.1", 0);
    const { port } = await server.listen();
    const provider = new JsonRpcProvider(`http://127.0.0.1:${port}`, undefined, { cacheTimeout: -1 });
    try {
      const { abi, bytecode } = await hre.artifacts.readArtifact("MockToken");
      const data = bytecode + new Interface(abi as InterfaceAbi).encodeDeploy(["Dollar", "USD", 6]).slice(2);
      const signer = await provider.getSigner(0);
      const receipt = await (await signer.sendTransaction({ data })).wait();
      const transfer = new Interface(abi as InterfaceAbi).encodeFunctionData("transfer", [
        Wallet.createRandom().address,
        5n,
      ]);
      const request = { to: receipt!.contractAddress!, data: transfer };
      for (const attempt of [provider.call({ ...request, from: signer.address }), signer.sendTransaction(request)]) {
        const error = decodeError(await attempt.catch((fault: unknown) => fault));
        expect(error).to.be.instanceOf(contractErrors.ERC20InsufficientBalance);
        expect((error as ContractError).values).to.deep.equal({ sender: signer.address, balance: 0n, needed: 5n });
      }
      const wrong = await connect({ format: 1, chainId: 1 }, provider).catch((error: unknown) => error);
      expect(decodeError(wrong)).to.equal(wrong);
      expect(parseUnits("1", 6)).to.equal(1_000_000n);
    } finally {
      provider.destroy();
      await server.close();
    }
  });
});

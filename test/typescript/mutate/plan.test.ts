import { expect } from "chai";
import hre from "hardhat";
import { Interface } from "ethers";
import solc from "solc";

import { AnalysisError } from "../../../scripts/instrument/errors.ts";
import {
  LISTENING,
  NOTHING,
  SWITCH_FILE,
  SWITCH_SOURCE,
  choose,
  hasSwitch,
} from "../../../scripts/instrument/switch.ts";
import { planMutants } from "../../../scripts/mutate/plan.ts";
import { TINY, TINY_SOURCES } from "./tiny.ts";

const EVERYTHING = { seed: 1, count: 1_000, files: [] };
const silent = () => undefined;

describe("mutate, all mutants in one copy", () => {
  it("draws the same mutants from the same seed, and others from another", () => {
    const drawn = (seed: number) =>
      planMutants(TINY_SOURCES, { seed, count: 8, files: [] }, silent).mutants.map(({ identity }) => identity);
    expect(drawn(1)).to.deep.equal(drawn(1)).and.have.length(8);
    expect(drawn(1)).not.to.have.members(drawn(2));
  });

  it("leaves out what the compiler refuses and counts it", () => {
    const source = `pragma solidity 0.8.37; type Kind is uint8; using {same as ==} for Kind global;
      function same(Kind a, Kind b) pure returns (bool) { return Kind.unwrap(a) == Kind.unwrap(b); }
      function ask(Kind a, Kind b) pure returns (bool) { return a == b; }`;
    const plan = planMutants({ [TINY]: { content: source } }, EVERYTHING, silent);
    expect(plan.mutants.map(({ before }) => before)).to.deep.equal(["Kind.unwrap(a) == Kind.unwrap(b)"]);
    expect(plan.refused).to.equal(1);
  });

  it("does not take what does not compile without a mutant", () => {
    const broken = { [TINY]: { content: "pragma solidity 0.8.37; contract Broken { uint256 x = ; }" } };
    expect(() => planMutants(broken, EVERYTHING, silent)).to.throw(AnalysisError, "Expected primary expression");
  });

  it("chooses one mutant in compiled code, where the optimiser has not decided already", async () => {
    const plan = planMutants(TINY_SOURCES, EVERYTHING, silent);
    const code = compile({ ...plan.changes, [SWITCH_FILE]: { content: SWITCH_SOURCE } });
    expect(hasSwitch(code)).to.equal(true);
    expect(hasSwitch(choose(code + code, NOTHING))).to.equal(false);
    const number = (operator: string, text: string) =>
      1 + plan.mutants.findIndex((mutant) => mutant.operator === operator && mutant.before === text);

    const { ethers } = await hre.network.create();
    const [signer] = await ethers.getSigners();
    const taken = new Interface(["function take(uint256) returns (uint256)", "function kept() view returns (uint256)"]);
    const play = async (chosen: number, amounts: readonly bigint[]) => {
      const data = choose(code, chosen);
      const receipt = await (await signer?.sendTransaction({ data }))?.wait();
      const to = receipt?.contractAddress ?? "";
      const outcomes: string[] = [];
      for (const amount of amounts) {
        const call = { to, data: taken.encodeFunctionData("take", [amount]), gasLimit: 1_000_000 };
        const isTaken = await ethers.provider.call(call).then(
          () => true,
          () => false,
        );
        if (isTaken) await (await signer?.sendTransaction(call))?.wait();
        const kept = await ethers.provider.call({ to, data: taken.encodeFunctionData("kept") });
        outcomes.push(isTaken ? `${BigInt(kept)}` : "refused");
      }
      return outcomes.join(" ");
    };
    const deployed = async (chosen: number) =>
      (await (await signer?.sendTransaction({ data: choose(code, chosen) }))?.wait())?.contractAddress ?? "";
    const estimate = async (chosen: number) =>
      ethers.provider.estimateGas({ to: await deployed(chosen), data: taken.encodeFunctionData("take", [4n]) });
    // Each report is a call.
    expect(await estimate(LISTENING)).to.be.above((await estimate(NOTHING)) + 2_000n);
    // 11 is above the limit; 4 leaves 4 = min(4, 1 * 4), 5 then leaves 4 = min(9, 1 * 4).
    expect(await play(NOTHING, [11n, 4n, 5n])).to.equal("refused 4 4");
    expect(await play(LISTENING, [11n, 4n, 5n])).to.equal("refused 4 4");
    expect(await play(number("guard", "amount > LIMIT"), [11n, 4n, 5n])).to.equal("11 refused refused");
    expect(await play(number("rounding", "Round.divDown(amount, 3)"), [4n, 5n])).to.equal("4 8");
    expect(await play(number("extreme", "Round.min(kept, part * 4)"), [5n, 1n])).to.equal("5 refused");
    // 10 leaves 10 = min(10, 3 * 4), from where nobody may take; without the modifier 12 = min(20, 3 * 4).
    expect(await play(NOTHING, [10n, 10n])).to.equal("10 refused");
    expect(await play(number("modifier", "below(LIMIT / 2)"), [10n, 10n])).to.equal("10 12");
  });
});

function compile(sources: object): string {
  const { compile: run } = solc as unknown as { compile: (input: string) => string };
  const settings = {
    evmVersion: "cancun",
    optimizer: { enabled: true, runs: 200 },
    outputSelection: { [TINY]: { Tiny: ["evm.bytecode.object"] } },
  };
  const output = JSON.parse(run(JSON.stringify({ language: "Solidity", sources, settings }))) as {
    contracts?: Record<string, Record<string, { evm: { bytecode: { object: string } } }>>;
  };
  return `0x${output.contracts?.[TINY]?.["Tiny"]?.evm.bytecode.object ?? ""}`;
}

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import type { EIP1193Provider } from "@nomicfoundation/ignition-core";
import { expect } from "chai";

import { DeployError } from "../../../scripts/deploy/errors.ts";
import { readJournal } from "../../../scripts/deploy/journal.ts";
import { recordedContracts } from "../../../scripts/deploy/manifest.ts";
import { resolveOpenSteps } from "../../../scripts/deploy/resume.ts";
import { createPlace, differences, freshFolder, MODULE, stateOf, useReference } from "./support/governed.ts";
import type { State } from "./support/governed.ts";
import { DEATHS, run } from "./support/runs.ts";

/** `BULWARK_DEATHS=all` has the whole deployment die at every transaction; else at every sixteenth. */
const STEP = process.env.BULWARK_DEATHS === "all" ? 1 : 16;
const AMOUNTS = [1n, 2n, 4n, 8n];

/** A token, and calls of which each must be made once: the supply says which were made, and how often. */
const MintingModule = buildModule("Minting", (m) => {
  const token = m.contract("MockToken", ["Token", "T", 6]);
  let after = token as Parameters<typeof m.call>[0] | ReturnType<typeof m.call>;
  for (const amount of AMOUNTS) {
    after = m.call(token, "mint", [m.getAccount(0), amount], { id: `mint${amount}`, after: [after] });
  }
  return { token };
});

/** Contracts that do not wait for each other. */
const ThreeModule = buildModule("Three", (m) => {
  const tokens = ["A", "B", "C"].map((name) => m.contract("MockToken", [name, name, 6], { id: name }));
  return { a: tokens[0]!, b: tokens[1]!, c: tokens[2]! };
});

describe("a deployment that is killed and started again (DPL-01)", () => {
  const reference = useReference();

  /**
   * A deployment by names: two that do not wait for each other may come in either order, and then have each other's address. Code with the
   * addresses in it is compared by a finding of its own.
   */
  const byName = ({ manifest, findings, transactions }: State) => {
    let text = JSON.stringify(findings.filter(({ what }) => !what.endsWith(": code hash")));
    for (const [name, { address }] of Object.entries(manifest.contracts)) {
      text = text.replaceAll(new RegExp(address.slice(2), "gi"), name);
    }
    const contracts = Object.entries(manifest.contracts).map(([name, { contract }]) => `${name}: ${contract}`);
    const all = JSON.parse(text) as unknown[];
    return { contracts: contracts.sort(), findings: all.map((one) => JSON.stringify(one)).sort(), transactions };
  };

  it(`DPL-01: all of it, killed in three manners in turn, ${STEP} transactions apart, ends as one that was not killed`, async function () {
    this.timeout(600_000);
    const place = await createPlace();
    let deaths = 0;
    for (;;) {
      const death = DEATHS[deaths % DEATHS.length]!;
      // A run that sends nothing brings the next one no nearer.
      const transaction = death === "unsent" ? 1 : STEP;
      if (await run(place.deploying, { transaction, death })) break;
      deaths++;
    }
    const state = await stateOf(place);
    expect(differences(state.findings)).to.deep.equal([]);
    expect(byName(state)).to.deep.equal(byName(reference().state));
    expect(deaths).to.be.at.least(state.transactions / STEP);
    expect(await run(place.deploying, { transaction: 1, death: "unsent" }), "the next run sends nothing").to.equal(
      true,
    );
  });

  it("DPL-01: killed at each transaction in each manner, every step is made once", async () => {
    const place = await createPlace();
    const { ethers, provider, deployer } = place;
    for (let transaction = 1; transaction <= AMOUNTS.length + 1; transaction++) {
      for (const death of DEATHS) {
        const before = await ethers.provider.getTransactionCount(deployer.address);
        const deploying = { provider, folder: freshFolder(), module: MintingModule };
        expect(await run(deploying, { transaction, death })).to.equal(false);
        expect(await run(deploying), `${death} at ${transaction}`).to.equal(true);
        const [token] = recordedContracts(deploying.folder);
        const supply = await (await ethers.getContractAt("MockToken", token!.address)).totalSupply();
        expect(supply, `${death} at ${transaction}`).to.equal(AMOUNTS.reduce((sum, amount) => sum + amount));
        const sent = (await ethers.provider.getTransactionCount(deployer.address)) - before;
        expect(sent).to.equal(AMOUNTS.length + 1);
      }
    }
  });

  it("DPL-01: what is on its way is waited for: no step is made again while its transaction may still be mined", async () => {
    const place = await createPlace();
    const { ethers, provider, deployer } = place;
    const deploying = { provider, folder: place.folder, module: ThreeModule };
    await provider.request({ method: "evm_setAutomine", params: [false] });
    expect(await run(deploying, { transaction: 3, death: "unnoticed" })).to.equal(false);
    const [open] = readJournal(place.folder).unconfirmed;
    await expectRefused(run(deploying), `${open!.step} waits to be mined: `, `with nonce ${open!.nonce}.`);
    await provider.request({ method: "hardhat_mine", params: [] });
    await provider.request({ method: "evm_setAutomine", params: [true] });
    expect(await run(deploying)).to.equal(true);
    expect(recordedContracts(place.folder).length).to.equal(3);
    expect(await ethers.provider.getTransactionCount(deployer.address)).to.equal(3);
  });

  it("DPL-01: a node that keeps no old state cannot find a lost transaction, and what to do is said", async () => {
    const place = await createPlace();
    const { provider } = place;
    const deploying = { provider, folder: place.folder, module: MintingModule };
    await run(deploying, { transaction: 2, death: "unnoticed" });
    for (let block = 0; block < 8; block++) await provider.request({ method: "evm_mine", params: [] });
    const forgetful: EIP1193Provider = {
      request: async (args) => {
        const [, block] = (args.params ?? []) as unknown[];
        if (args.method === "eth_getTransactionCount" && String(block).startsWith("0x")) throw new Error("pruned");
        return provider.request(args) as Promise<unknown>;
      },
    };
    const words = ["Minting#mint1 was sent by", "with nonce 1", "npx hardhat ignition track-tx HASH DEPLOYMENT"];
    await expectRefused(resolveOpenSteps(forgetful, place.folder), ...words);
    expect(await run(deploying)).to.equal(true);
  });

  it("DPL-01: the journal is what counts, not the list of addresses that a killed run leaves incomplete", () => {
    const { place, state } = reference();
    const file = join(place.folder, "deployed_addresses.json");
    const text = readFileSync(file, "utf8");
    const { [`${MODULE.id}#ClearingHouse`]: house, ...rest } = JSON.parse(text) as Record<string, string>;
    writeFileSync(file, JSON.stringify(rest));
    const found = recordedContracts(place.folder).find(({ name }) => name === "ClearingHouse");
    writeFileSync(file, text);
    expect(found?.address).to.equal(house);
    expect(house).to.equal(state.manifest.contracts.ClearingHouse?.address);
  });
});

async function expectRefused(promise: Promise<unknown>, ...words: string[]): Promise<void> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).to.be.instanceOf(DeployError);
  for (const word of words) expect((error as Error).message).to.contain(word);
}

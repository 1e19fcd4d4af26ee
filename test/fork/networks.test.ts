import { tmpdir } from "node:os";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { getAddress } from "ethers";

import { ForkError } from "../../scripts/fork/errors.ts";
import { addressesIn, NETWORKS, prepare } from "../../scripts/fork/networks.ts";
import { manifest } from "./support/fork.ts";

describe("The table of networks (DPL-01)", () => {
  const file = join(tmpdir(), `bulwark-manifest-${process.pid}.json`);
  afterEach(() => rmSync(file, { force: true }));
  const refusal = async (attempt: Promise<unknown>) => {
    const error = await attempt.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).to.be.instanceOf(ForkError);
    expect(existsSync(file), "no manifest").to.equal(false);
    return (error as ForkError).message;
  };

  it("DPL-01: every address carries its checksum, and stands there once", () => {
    for (const { parts } of Object.values(NETWORKS)) {
      const addresses = addressesIn(parts);
      for (const address of addresses) expect(getAddress(address)).to.equal(address);
      expect(new Set(addresses).size).to.equal(addresses.length);
    }
  });

  it("DPL-01: a node of another chain is refused", async () => {
    const other = manifest.network === "sepolia" ? "mainnet" : "sepolia";
    const { variable } = NETWORKS[other]!;
    expect(await refusal(prepare(NETWORKS[other]!, { name: other, url: manifest.url, file }))).to.equal(
      `${variable} leads to chain ${manifest.chainId}, not to ${other}`,
    );
  });

  it("DPL-01: an address without code is a mistake and not a missing part", async () => {
    const { chainId, url, blockNumber, parts } = manifest;
    const network = { chainId, variable: "TEST_RPC_URL", block: blockNumber, parts };
    const nowhere = "0x00000000000000000000000000000000DeaDBeef";
    const wrong = { ...network, parts: { ...parts, morpho: nowhere } };
    expect(await refusal(prepare(wrong, { name: "test", url, file }))).to.equal(
      `${nowhere} has no code at block ${blockNumber}`,
    );
    const { usdc, weth } = parts;
    const few = await prepare({ ...network, parts: { usdc: usdc!, weth: weth! } }, { name: "test", url, file });
    expect(few.blockNumber).to.equal(blockNumber);
    expect(few.missing).to.deep.equal([
      ...["chainlink", "uniswap", "aave", "morpho", "pyth", "mockPyth", "safe", "permit2"],
    ]);
    expect(existsSync(file)).to.equal(true);
  });
});

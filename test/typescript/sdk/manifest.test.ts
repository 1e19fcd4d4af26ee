import { expect } from "chai";
import { VoidSigner, ZeroAddress } from "ethers";

import {
  addressOf,
  CodeMismatchError,
  CodeMissingError,
  connect,
  ManifestContractMissingError,
  ManifestFieldError,
  ManifestFormatError,
  NoProviderError,
  NoSignerError,
  parseManifest,
  WrongChainError,
} from "../../../sdk/index.ts";
import type { Manifest } from "../../../sdk/index.ts";
import { readManifest, writeManifest } from "../../../scripts/deploy/manifest.ts";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { useWorld } from "../support/world.ts";
import { clientsOf } from "./support/client.ts";
import type { Clients } from "./support/client.ts";

type Fields = Record<string, unknown>;

describe("SDK: manifest and connection (SDK-01)", () => {
  const world = useWorld();
  let clients: Clients;
  let manifest: Manifest;
  before(async () => {
    clients = await clientsOf(world());
    manifest = clients.manifest;
  });

  const caught = async (call: () => unknown): Promise<unknown> => {
    try {
      return await call();
    } catch (error) {
      return error;
    }
  };
  /** The manifest with one field changed, as JSON would bring it. */
  const changed = (change: (fields: Fields, house: Fields) => void): unknown => {
    const copy = JSON.parse(JSON.stringify(manifest)) as Fields;
    change(copy, (copy.contracts as Record<string, Fields>).ClearingHouse!);
    return copy;
  };

  it("SDK-01: reads what the deployment writes, and freezes it", () => {
    const folder = mkdtempSync(join(tmpdir(), "bulwark-manifest-"));
    const file = join(folder, "manifest.json");
    writeManifest(file, manifest);
    const parsed = parseManifest(JSON.parse(readFileSync(file, "utf8")));
    expect(parsed).to.deep.equal(readManifest(file));
    expect(() => ((parsed.contracts as Record<string, unknown>).Lens = undefined)).to.throw(TypeError);
    rmSync(folder, { recursive: true });
  });

  for (const value of [undefined, null, [], "manifest", 1]) {
    it(`SDK-01: refuses ${JSON.stringify(value)} as a manifest`, async () => {
      expect(await caught(() => parseManifest(value)))
        .to.be.instanceOf(ManifestFieldError)
        .and.include({ field: "manifest" });
    });
  }

  for (const format of [undefined, 0, 2, "1"]) {
    it(`SDK-01: refuses format ${JSON.stringify(format)}`, async () => {
      const error = await caught(() => parseManifest(changed((fields) => (fields.format = format))));
      expect(error).to.be.instanceOf(ManifestFormatError).and.include({ format });
    });
  }

  const wrong: [field: string, change: (fields: Fields, house: Fields) => void][] = [
    ["chainId", (fields) => (fields.chainId = "1")],
    ["chainId", (fields) => (fields.chainId = 0)],
    ["chainId", (fields) => (fields.chainId = 1.5)],
    ["network", (fields) => (fields.network = "")],
    ["module", (fields) => delete fields.module],
    ["contracts", (fields) => (fields.contracts = [])],
    ["contracts.ClearingHouse", (fields) => ((fields.contracts as Fields).ClearingHouse = "0x12")],
    ["contracts.ClearingHouse.address", (_, house) => (house.address = "0x12")],
    ["contracts.ClearingHouse.address", (_, house) => (house.address = ZeroAddress)],
    ["contracts.ClearingHouse.address", (_, house) => (house.address = String(house.address).replace(/[a-f]/, "F"))],
    ["contracts.ClearingHouse.codeHash", (_, house) => (house.codeHash = "0x12")],
    ["contracts.ClearingHouse.contract", (_, house) => (house.contract = 7)],
  ];
  for (const [index, [field, change]] of wrong.entries()) {
    it(`SDK-01: names the field that is wrong: ${field} (${index})`, async () => {
      const error = await caught(() => parseManifest(changed(change)));
      expect(error).to.be.instanceOf(ManifestFieldError).and.include({ field });
    });
  }

  it("SDK-01: names a contract that is missing, one that every client needs and one that only some ask for", async () => {
    const without = changed((fields) => delete (fields.contracts as Fields).Solvency);
    const error = await caught(() => parseManifest(without));
    expect(error).to.be.instanceOf(ManifestContractMissingError).and.include({ contract: "Solvency" });
    expect(await caught(() => addressOf(manifest, "Recoveries"))).to.be.instanceOf(ManifestContractMissingError);
  });

  it("SDK-01: refuses another chain, a place without code, and other code than the manifest's", async () => {
    const signer = await clients.signer(world().alice);
    const elsewhere = await caught(() =>
      connect(
        changed((fields) => (fields.chainId = 1)),
        signer,
      ),
    );
    expect(elsewhere).to.be.instanceOf(WrongChainError).and.include({ expected: 1n, found: 31337n });
    const empty = changed((_, house) => (house.address = "0x000000000000000000000000000000000000dEaD"));
    expect(await caught(() => connect(empty, signer)))
      .to.be.instanceOf(CodeMissingError)
      .and.include({ contract: "ClearingHouse" });
    const lens = manifest.contracts.Lens!;
    const swapped = changed(
      (fields) => ((fields.contracts as Fields).Router = { ...lens, codeHash: `0x${"1".repeat(64)}` }),
    );
    expect(await caught(() => connect(swapped, signer, { verifyCode: true })))
      .to.be.instanceOf(CodeMismatchError)
      .and.include({ contract: "Router", found: lens.codeHash });
    await connect(swapped, signer); // Not asked: only the house is compared.
    await connect(manifest, signer, { verifyCode: true });
  });

  it("SDK-01: reads with a provider alone, and says what is missing to sign", async () => {
    const client = await connect(manifest, clients.provider);
    expect(await client.tokens.balanceOf(world().alice.address)).to.equal(0n);
    expect(
      await caught(() => client.tokens.permit(world().houseAddress, { value: 1n, deadline: 1n })),
    ).to.be.instanceOf(NoSignerError);
    expect(await caught(() => connect(manifest, new VoidSigner(world().alice.address)))).to.be.instanceOf(
      NoProviderError,
    );
  });
});

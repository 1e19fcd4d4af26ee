import { network } from "hardhat";

import { ForeignChain } from "../../../scripts/fork/foreign.ts";
import { MANIFEST_VARIABLE, readManifest } from "../../../scripts/fork/manifest.ts";
import type { Manifest, PartName, Parts } from "../../../scripts/fork/manifest.ts";

export const WAD = 10n ** 18n;
/** Smallest units of a dollar: USDC has six decimals. */
export const USDC = 10n ** 6n;
export const ETHER = 10n ** 18n;
export const MAX = 2n ** 256n - 1n;
const FORTUNE = `0x${(1_000_000n * ETHER).toString(16)}`;

const manifestFile = process.env[MANIFEST_VARIABLE];
if (manifestFile === undefined) throw new Error("run these suites by `npm run test:fork`, which says what to fork");
/** What the forked network has. */
export const manifest: Manifest = readManifest(manifestFile);

/** Thrown when a suite asks for a part that `onNetwork` should have asked for before. */
class MissingPartError extends Error {
  override name = "MissingPartError";
}

/** A part of the network. */
export function part<Name extends PartName>(name: Name): NonNullable<Parts[Name]> {
  const found = manifest.parts[name];
  if (found === undefined) throw new MissingPartError(`${manifest.network} has no ${name}`);
  return found;
}

/** A suite that needs parts. Where the network lacks one it is reported as such, and counted neither as passed nor as failed. */
export function onNetwork(title: string, needed: readonly PartName[], suite: () => void): void {
  const missing = needed.filter((name) => manifest.parts[name] === undefined);
  if (missing.length === 0) describe(title, suite);
  else describe(title, () => it(`not on this network (${manifest.network}): ${missing.join(", ")}`));
}

/** A fork of the network at the manifest's block. Its clock goes on from there, whatever the machine's says. */
export async function openFork() {
  const { chainId, url, blockNumber } = manifest;
  const connection = await network.create({
    override: {
      chainId,
      forking: { enabled: true, url, blockNumber },
      initialBaseFeePerGas: 0,
    },
  });
  const { ethers, networkHelpers, provider } = connection;
  await networkHelpers.time.setNextBlockTimestamp((await networkHelpers.time.latest()) + 12);
  await networkHelpers.mine();
  const signers = await ethers.getSigners();
  const [administrator] = signers;
  if (!administrator) throw new Error("no accounts");
  const chain = new ForeignChain(
    (method, params) => provider.request({ method, params: [...params] }),
    administrator.address,
  );

  /** A million ether. */
  const enrich = (address: string) => provider.request({ method: "hardhat_setBalance", params: [address, FORTUNE] });

  /** Lets an address send transactions. */
  async function act(address: string) {
    await provider.request({ method: "hardhat_impersonateAccount", params: [address] });
    await enrich(address);
  }

  return { ...connection, chain, signers, administrator, act, enrich };
}

export type Fork = Awaited<ReturnType<typeof openFork>>;
export type Signer = Fork["administrator"];

import { USD, WAD } from "./deployment.ts";
import type { Deployment, Signer } from "./deployment.ts";

export const JUNIOR = 0;
export const SENIOR = 1;
export const ETH_SHORTS_PRODUCT = 1;
const WEEK = 7 * 86_400;
/** Cooldown + window + 1 s: what an announcement waits. */
const ANNOUNCEMENT = 35 * 86_400 + 1;

/** Whole dollars by tranche, and what each vault commits to the segment. */
export interface Capital {
  readonly junior: bigint;
  readonly senior: bigint;
  readonly committed: bigint;
  readonly reinsurance: bigint;
  readonly reinsured: bigint;
}

/** The vaults of a deployment, by the interface that users call. */
export async function vaultsOf(d: Deployment) {
  const at = async (address: string) => d.ethers.getContractAt("ICoverageVault", address);
  const { backstop, reinsurance } = (await d.fund.segmentOf(d.segment)).layers;
  return { vault: await at(backstop), reinsurance: await at(reinsurance) };
}

/** Deposits whole dollars into a tranche. */
export async function underwrite(d: Deployment, vaultAddress: string, who: Signer, tranche: number, amount: bigint) {
  if (amount === 0n) return;
  const vault = await d.ethers.getContractAt("ICoverageVault", vaultAddress);
  const share = await d.ethers.getContractAt("TrancheShare", await vault.shareOf(tranche));
  await d.usd.mint(who.address, amount * USD);
  await d.usd.connect(who).approve(await share.getAddress(), amount * USD);
  await share.connect(who).getFunction("deposit(uint256,address)")(amount * USD, who.address);
}

/** Capital in both vaults and commitments in force: 35 days later. */
export async function standBehind(d: Deployment, who: Signer, capital: Capital) {
  const { vault, reinsurance } = await vaultsOf(d);
  const [vaultAddress, reinsuranceAddress] = [await vault.getAddress(), await reinsurance.getAddress()];
  await underwrite(d, vaultAddress, who, JUNIOR, capital.junior);
  await underwrite(d, vaultAddress, who, SENIOR, capital.senior);
  await underwrite(d, reinsuranceAddress, who, SENIOR, capital.reinsurance);
  await vault.connect(d.administrator).announceCommitment(d.segment, capital.committed * WAD);
  await reinsurance.connect(d.administrator).announceCommitment(d.segment, capital.reinsured * WAD);
  await d.networkHelpers.time.increase(ANNOUNCEMENT);
  await vault.activateCommitment(d.segment);
  await reinsurance.activateCommitment(d.segment);
  return { vault, reinsurance };
}

/** A series on ETH shorts that ends in `weeks` weeks. */
export async function openSeries(d: Deployment, limit: bigint, weeks: number): Promise<bigint> {
  const { vault } = await vaultsOf(d);
  const week = Math.floor((await d.networkHelpers.time.latest()) / WEEK) + weeks;
  const series = await vault.openSeries.staticCall(ETH_SHORTS_PRODUCT, limit, week);
  await vault.openSeries(ETH_SHORTS_PRODUCT, limit, week);
  return series;
}

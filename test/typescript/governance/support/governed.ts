import type { ContractTransactionResponse } from "ethers";
import { network } from "hardhat";

import LocalGovernedModule from "../../../../deploy/modules/LocalGoverned.ts";
import { accountId, CASH, USD } from "../../support/deployment.ts";
import type { Signer } from "../../support/deployment.ts";

export const DAY = 86_400n;
/** From a proposal to its execution: two days, a week to vote, a second more. */
export const VOTE = 9n * DAY;
export const SUPPLY = 100_000_000n * 10n ** 18n;
const FOR = 1;
const MAX = (1n << 255n) - 1n;
/** Whole dollars. */
const PRICE = { eth: 200n, btc: 8_000n };

/** A call that a proposal makes. */
export interface Step {
  readonly target: { getAddress(): Promise<string> };
  readonly data: string;
}

/** The system with all rights in the hands of governance, and a voter who has the whole supply. */
export async function deployGoverned() {
  const { ethers, ignition, networkHelpers, provider } = await network.create();
  const deployed = await ignition.deploy(LocalGovernedModule, {});
  const signers = await ethers.getSigners();
  const [deployer, canceller, stranger, trader] = signers;
  if (!deployer || !canceller || !stranger || !trader) throw new Error("too few accounts");
  const at = async (contract: { getAddress(): Promise<string> }) => contract.getAddress();
  const system = {
    manager: await ethers.getContractAt("AccessManager", await at(deployed.accessManager)),
    oracle: await ethers.getContractAt("PriceOracle", await at(deployed.oracle)),
    house: await ethers.getContractAt("IClearingHouse", await at(deployed.clearingHouse)),
    engine: await ethers.getContractAt("LiquidationEngine", await at(deployed.engine)),
    vault: await ethers.getContractAt("ICoverageVault", await at(deployed.vault)),
    reinsurance: await ethers.getContractAt("ICoverageVault", await at(deployed.reinsurance)),
    riskController: await ethers.getContractAt("RiskController", await at(deployed.riskController)),
    yieldDesk: await ethers.getContractAt("YieldDesk", await at(deployed.yieldDesk)),
    token: await ethers.getContractAt("BulwarkToken", await at(deployed.token)),
    governor: await ethers.getContractAt("BulwarkGovernor", await at(deployed.governor)),
    guardian: await ethers.getContractAt("Guardian", await at(deployed.guardian)),
    steward: await ethers.getContractAt("Steward", await at(deployed.steward)),
    recapAuction: await ethers.getContractAt("RecapAuction", await at(deployed.recapAuction)),
    surplusStake: await ethers.getContractAt("SurplusStake", await at(deployed.surplusStake)),
    fund: await ethers.getContractAt("InsuranceFund", await at(deployed.fund)),
    surplus: await ethers.getContractAt("ISurplusPayments", await at(deployed.fund)),
    orders: await ethers.getContractAt("SignedOrders", await at(deployed.orders)),
    weth: await ethers.getContractAt("MockToken", await at(deployed.weth)),
    usd: await ethers.getContractAt("MockToken", await at(deployed.usd)),
  };
  const feed = async (contract: { getAddress(): Promise<string> }) =>
    ethers.getContractAt("MockAggregator", await at(contract));
  const feeds = {
    eth: await Promise.all([deployed.ethFeed0, deployed.ethFeed1, deployed.ethFeed2].map(feed)),
    btc: await Promise.all([deployed.btcFeed0, deployed.btcFeed1, deployed.btcFeed2].map(feed)),
  };
  const { governor, token } = system;
  await token.delegate(deployer.address);
  await networkHelpers.mine();
  const ordersAddress = await system.orders.getAddress();
  await networkHelpers.impersonateAccount(ordersAddress);
  await networkHelpers.setBalance(ordersAddress, 10n ** 20n);
  const book = system.house.connect(await ethers.getSigner(ordersAddress));
  let proposals = 0;

  const argumentsOf = async (steps: readonly Step[], description: string) => {
    const targets = await Promise.all(steps.map(({ target }) => target.getAddress()));
    const values = steps.map(() => 0n);
    const calldatas = steps.map(({ data }) => data);
    return { targets, values, calldatas, description, hash: ethers.id(description) };
  };

  return {
    ...system,
    reserveSale: await ethers.getContractAt("ReserveSale", await at(deployed.reserveSale)),
    feeds,
    signers,
    ethers,
    networkHelpers,
    provider,
    deployer,
    canceller,
    stranger,
    trader,

    now: async () => BigInt(await networkHelpers.time.latest()),

    /** Prices as they are, seen now by all sources. */
    async refresh(eth = PRICE.eth) {
      for (const feed of feeds.eth) await feed.setAnswer(eth * 10n ** 8n);
      for (const feed of feeds.btc) await feed.setAnswer(PRICE.btc * 10n ** 8n);
    },
    /** Whole dollars for an account. */
    async deposit(who: Signer, dollars: bigint, sub = 0n) {
      const { house, usd } = system;
      await usd.mint(who.address, dollars * USD);
      await usd.connect(who).approve(await house.getAddress(), MAX);
      await house.connect(who).deposit(accountId(who.address, sub), CASH, dollars * USD);
      return accountId(who.address, sub);
    },
    trade: async (taker: string, maker: string, market: number, size: bigint, price: bigint) =>
      book.trade({ taker, maker, market, size, price }),

    /** Proposes, votes and queues; `execute` may be tried whenever a test wants. */
    async decide(...steps: readonly Step[]) {
      const { targets, values, calldatas, description, hash } = await argumentsOf(steps, `proposal ${++proposals}`);
      await governor.propose(targets, values, calldatas, description);
      const id = await governor.hashProposal(targets, values, calldatas, hash);
      await networkHelpers.time.increaseTo((await governor.proposalSnapshot(id)) + 1n);
      await governor.castVote(id, FOR);
      await networkHelpers.time.increaseTo((await governor.proposalDeadline(id)) + 1n);
      if (await governor.proposalNeedsQueuing(id)) await governor.queue(targets, values, calldatas, hash);
      return {
        id,
        targets,
        values,
        calldatas,
        hash,
        /** Earliest second of its execution. */
        eta: await governor.proposalEta(id),
        execute: (): Promise<ContractTransactionResponse> => governor.execute(targets, values, calldatas, hash),
      };
    },
  };
}

export type Governed = Awaited<ReturnType<typeof deployGoverned>>;

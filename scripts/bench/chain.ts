import hre from "hardhat";
import type { NetworkHooks } from "hardhat/types/hooks";

import LocalModule from "../../deploy/modules/Local.ts";
import { BenchError } from "./errors.ts";

/** Every figure is a function of the contracts alone: the chain's clock starts here, whatever the machine's says. */
const START = 1_800_000_000;
/** The deployment has this time, a second for each transaction. */
const DEPLOYMENT_SECONDS = 3_600;
const GAS_LIMIT = "0xf42400"; // 16 million
const BALANCE = "0xd3c21bcecceda1000000"; // a million ether
const PEOPLE = 12;
/** Requests whose answer depends on the time. */
const TIMED = /^eth_(call|estimateGas|sendTransaction)$/;

/** A transaction as the bench sends it. */
export interface Call {
  readonly from?: string | undefined;
  readonly to: string;
  readonly data: string;
  /** Wei, hexadecimal. */
  readonly value?: string;
}

/** A moment that the chain can be taken back to. */
export interface Moment {
  readonly id: unknown;
  readonly time: number;
}

/**
 * Keeps the clock while Ignition works: a transaction is simulated, estimated and mined in the same second, one after the last one. On the
 * machine's clock it would be mined in another one than it was estimated in, and a price cached in the one is read anew in the other.
 * @returns lets the clock go
 */
function keepClock(): () => void {
  let time = START;
  const handlers: Partial<NetworkHooks> = {
    onRequest: async (context, network, request, next) => {
      if (TIMED.test(request.method)) {
        const params = [`0x${(time + 1).toString(16)}`];
        await network.provider.request({ method: "evm_setNextBlockTimestamp", params });
      }
      if (request.method === "eth_sendTransaction") time += 1;
      return next(context, network, request);
    },
  };
  hre.hooks.registerHandlers("network", handlers);
  return () => hre.hooks.unregisterHandlers("network", handlers);
}

/** Deploys the system as a user's deployment does, on an embedded chain whose clock the bench moves. */
export async function openChain() {
  const letClockGo = keepClock();
  const connection = await hre.network.create({
    override: {
      initialDate: new Date(START * 1_000).toISOString(),
      initialBaseFeePerGas: 0,
      // Prices are cached for a second: what is measured comes in the second of the transaction that has read them.
      allowBlocksWithSameTimestamp: true,
    },
  });
  const { ethers, ignition, provider } = connection;
  const deployed = await ignition.deploy(LocalModule, {});
  letClockGo();
  const addressOf = async (contract: { getAddress(): Promise<string> }) => (await contract.getAddress()).toLowerCase();
  const at = {
    house: await addressOf(deployed.clearingHouse),
    extension: await addressOf(deployed.extension),
    registry: await addressOf(deployed.registry),
    treasury: await addressOf(deployed.treasury),
    engine: await addressOf(deployed.engine),
    fund: await addressOf(deployed.fund),
    oracle: await addressOf(deployed.oracle),
    orders: await addressOf(deployed.orders),
    verifier: await addressOf(deployed.verifier),
    trigger: await addressOf(deployed.socializedLoss),
    usd: await addressOf(deployed.usd),
    vault: await addressOf(deployed.vault),
    reinsurance: await addressOf(deployed.reinsurance),
  };
  const contracts = {
    house: await ethers.getContractAt("IClearingHouse", at.house),
    engine: await ethers.getContractAt("LiquidationEngine", at.engine),
    fund: await ethers.getContractAt("InsuranceFund", at.fund),
    oracle: await ethers.getContractAt("PriceOracle", at.oracle),
    orders: await ethers.getContractAt("SignedOrders", at.orders),
    verifier: await ethers.getContractAt("IClaimVerifier", at.verifier),
    usd: await ethers.getContractAt("MockToken", at.usd),
    vault: await ethers.getContractAt("ICoverageVault", at.vault),
    reinsurance: await ethers.getContractAt("ICoverageVault", at.reinsurance),
  };
  const names = new Map([[(await contracts.vault.extension()).toLowerCase(), "CoverageVaultExtension"]]);
  for (const vault of [contracts.vault, contracts.reinsurance]) {
    names.set((await vault.coverToken()).toLowerCase(), "CoverToken");
    for (const tranche of [0, 1]) names.set((await vault.shareOf(tranche)).toLowerCase(), "TrancheShare");
  }
  const signers = (await ethers.getSigners()).slice(0, PEOPLE);
  const people = signers.map(({ address }) => address.toLowerCase());
  const administrator = people[0] ?? "";
  const { chainId } = await ethers.provider.getNetwork();
  const request = async (method: string, ...params: readonly unknown[]): Promise<unknown> =>
    provider.request({ method, params: [...params] });
  let time = START + DEPLOYMENT_SECONDS;

  /** Mines a transaction `seconds` after the last one and returns its hash. A revert throws. */
  async function transact(transaction: object, seconds: number): Promise<string> {
    time += seconds;
    await request("evm_setNextBlockTimestamp", `0x${time.toString(16)}`);
    const hash = await request("eth_sendTransaction", { gas: GAS_LIMIT, gasPrice: "0x0", ...transaction });
    if (typeof hash !== "string") throw new BenchError("the chain answered a transaction without a hash");
    return hash;
  }

  const send = ({ from = administrator, ...call }: Call, seconds = 1) => transact({ from, ...call }, seconds);

  /** Creates a contract and returns its address. */
  async function deploy(data: string): Promise<string> {
    const receipt = await request("eth_getTransactionReceipt", await transact({ from: administrator, data }, 1));
    if (typeof receipt !== "object" || receipt === null || !("contractAddress" in receipt)) {
      throw new BenchError("a contract was not created");
    }
    return String(receipt.contractAddress).toLowerCase();
  }

  /** Lets a contract send transactions: the order book to book fills, the fund to draw from a vault. */
  async function impersonate(address: string): Promise<void> {
    await request("hardhat_impersonateAccount", address);
    await request("hardhat_setBalance", address, BALANCE);
  }

  return {
    ...contracts,
    ethers,
    at,
    /** Addresses that can send transactions, and what signs for them; the first is the administrator. */
    people,
    signers,
    administrator,
    chainId,
    request,
    transact,
    send,
    deploy,
    impersonate,
    /** Addresses that the profile should know by a name. */
    names,
    /** Time of the last block. */
    now: () => time,
    /** Lets time pass without a block. */
    pass(seconds: number): void {
      time += seconds;
    },
    remember: async (): Promise<Moment> => ({ id: await request("evm_snapshot"), time }),
    async goBack(moment: Moment): Promise<void> {
      await request("evm_revert", moment.id);
      time = moment.time;
    },
    close: () => connection.close(),
  };
}

export type Chain = Awaited<ReturnType<typeof openChain>>;

import { toBeHex } from "ethers";

import { FEED_RULES } from "../../../deploy/modules/defaults.ts";
import { orderDomain, orderTypes } from "../../../sdk/orders.ts";
import { accountId, deployLocal, USD, WAD } from "../support/deployment.ts";
import type { Deployment, Signer } from "../support/deployment.ts";
import { standBehind, vaultsOf } from "../support/underwriting.ts";
import type { Source } from "./model/PriceOracle.ts";
import { Twin } from "./Twin.ts";
import type { Argument } from "./verbs.ts";

type Aggregator = Deployment["ethFeeds"][number];

/** Prices with which everything begins. */
const START_PRICES = [200n * WAD, 8_000n * WAD, 10n * WAD, 50n * WAD] as const;
const WETH = 1;
const WBTC = 2;
/** Markets of the two other classes, whose margin grows with size and whose cap is soon reached. */
const SIDE_MARKETS = [
  { market: 2, class: 2, maintenanceRate: 10_000, addOn: 1_000_000, cap: 2_000n * WAD },
  { market: 3, class: 1, maintenanceRate: 5_000, addOn: 100_000, cap: 500n * WAD },
] as const;

/**
 * When people come, and when sequences begin: the deployment takes as many seconds as the machine needs, and nothing of what follows
 * shall depend on them.
 */
const ARRIVAL = Date.UTC(2026, 2, 2) / 1_000;
const BEGINNING = ARRIVAL + 3_600;

/** Slots of MockAggregator. */
const Slot = { Mode: 0n, Answer: 1n, UpdatedAt: 2n } as const;
const REVERTS = 1n;

/**
 * A house on an in-process chain, its twin, and people with money and positions. What the world outside says is written into the
 * aggregators' storage: a transaction for each source would take most of the time.
 */
export class Stage {
  readonly deployment: Deployment;
  readonly twin: Twin;
  readonly people: readonly string[];
  readonly accounts: readonly string[];
  readonly senders: Readonly<Record<"orderBook" | "riskController" | "guardian", string>>;
  readonly #aggregators: readonly (readonly { address: string; head: bigint }[])[];
  #sources: readonly (readonly Source[])[] = [];
  #snapshot = "";
  #start: { now: bigint; mark: number; sources: readonly (readonly Source[])[] } | undefined;

  private constructor(
    deployment: Deployment,
    twin: Twin,
    senders: Stage["senders"],
    aggregators: readonly (readonly { address: string; head: bigint }[])[],
  ) {
    this.deployment = deployment;
    this.twin = twin;
    this.senders = senders;
    this.people = twin.universe.people;
    this.accounts = twin.universe.accounts.filter((account) => account !== twin.house.clearing);
    this.#aggregators = aggregators;
  }

  /** @param hasCapital whether vaults stand behind the reserve */
  static async create(hasCapital: boolean): Promise<Stage> {
    const d = await deployLocal({ allowBlocksWithSameTimestamp: true, gas: 12_000_000n });
    const feeds: (readonly Aggregator[])[] = [d.ethFeeds, d.btcFeeds];
    for (const listing of SIDE_MARKETS) feeds.push(await listMarket(d, listing));
    const wbtc = await d.ethers.deployContract("MockToken", ["Wrapped Bitcoin", "WBTC", 8]);
    await d.house.listAsset(WBTC, await wbtc.getAddress(), 1, 2_000, 1);
    const senders = await linkAbove(d);
    const people = d.signers.slice(1, 6);
    const { vault, reinsurance } = await vaultsOf(d);
    if (hasCapital) {
      const underwriter = d.signers[7];
      if (underwriter === undefined) throw new Error("too few accounts");
      const capital = { junior: 600n, senior: 900n, committed: 1_000n, reinsurance: 700n, reinsured: 500n };
      await standBehind(d, underwriter, capital);
    }
    await d.networkHelpers.time.setNextBlockTimestamp(ARRIVAL);
    await publishAll(d, feeds);
    const tokens = [d.usd, d.weth, wbtc] as const;
    for (const token of tokens) {
      for (const who of people) {
        const unit = 10n ** (await token.decimals());
        await token.mint(who.address, 1_000_000n * unit);
        for (const spender of [d.houseAddress, await d.fund.getAddress()]) {
          await token.connect(who).approve(spender, 2n ** 256n - 1n);
        }
      }
    }
    await openPositions(d, people);
    await d.fund.connect(people[0]).donate(d.segment, 300n * USD);
    const twin = await Twin.create(
      {
        house: d.houseAddress,
        engine: await d.engine.getAddress(),
        fund: await d.fund.getAddress(),
        oracle: await d.oracle.getAddress(),
        orders: await d.orders.getAddress(),
        chainId: (await d.ethers.provider.getNetwork()).chainId,
        backstop: await vault.getAddress(),
        reinsurance: await reinsurance.getAddress(),
        tokens: await Promise.all(
          tokens.map(async (token) => ({ address: await token.getAddress(), decimals: await token.decimals() })),
        ),
        administrator: d.administrator.address,
      },
      {
        accounts: [
          ...people.map(({ address }) => accountId(address)),
          accountId(people[0]?.address ?? "", 1n),
          await d.house.clearingAccount(),
        ],
        people: people.map(({ address }) => address.toLowerCase()),
        markets: [0n, 1n, 2n, 3n],
        assets: [0n, 1n, 2n],
        segment: d.segment,
      },
    );
    await d.networkHelpers.time.increaseTo(BEGINNING);
    const stage = new Stage(d, twin, senders, await describe(d, feeds));
    await stage.#begin();
    return stage;
  }

  /** Back to where everything began, on the chain and in the twin. */
  async restore(): Promise<void> {
    if (this.#start === undefined) throw new Error("nothing has begun");
    await this.#request("evm_revert", this.#snapshot);
    this.#snapshot = await this.#request("evm_snapshot");
    const { mark, now, sources } = this.#start;
    this.twin.world.journal.rollBack(mark);
    this.twin.world.now = now;
    this.twin.oracle.sources = sources;
    this.#sources = sources;
  }

  /** Has the aggregators say what the twin's sources say. */
  async publish(): Promise<void> {
    const { sources } = this.twin.oracle;
    for (const [feed, wanted] of sources.entries()) {
      for (const [index, source] of wanted.entries()) {
        const { address, head } = this.#aggregators[feed]?.[index] ?? { address: "", head: 0n };
        const before = this.#sources[feed]?.[index];
        if (source.price !== before?.price) await this.store(address, Slot.Answer, source.price / 10n ** 10n);
        if (source.publishedAt !== before?.publishedAt) {
          await this.store(address, Slot.UpdatedAt, source.publishedAt);
        }
        if (source.answers !== before?.answers) {
          await this.store(address, Slot.Mode, head | ((source.answers ? 0n : REVERTS) << 8n));
        }
      }
    }
    this.#sources = sources;
  }

  /** Has owners sign: where a call's arguments name who has signed an order, the signature takes his place. */
  async sign(args: readonly Argument[]): Promise<readonly Argument[]> {
    const signed = [...args];
    for (const [index, order] of args.entries()) {
      const signer = args[index + 1];
      if (typeof order !== "object" || !("limitPrice" in order) || typeof signer !== "string") continue;
      const key = this.deployment.signers.find(({ address }) => address.toLowerCase() === signer);
      const { chainId, address: verifyingContract } = this.twin.orders;
      const domain = orderDomain({ chainId, address: verifyingContract });
      signed[index + 1] = (await key?.signTypedData(domain, orderTypes, order)) ?? "0x";
    }
    return signed;
  }

  async word(contract: string, slot: bigint): Promise<bigint> {
    return BigInt(await this.#request("eth_getStorageAt", contract, toBeHex(slot), "latest"));
  }

  async store(contract: string, slot: bigint, word: bigint): Promise<void> {
    await this.#request("hardhat_setStorageAt", contract, toBeHex(slot), toBeHex(word, 32));
  }

  async #begin(): Promise<void> {
    const { oracle, world } = this.twin;
    await this.twin.load(async (contract, slot) => this.word(contract, slot));
    world.now = BigInt(await this.deployment.networkHelpers.time.latest());
    oracle.sources = START_PRICES.map((price) =>
      [0, 1, 2].map(() => ({ price, publishedAt: world.now, answers: true })),
    );
    await this.publish();
    this.#snapshot = await this.#request("evm_snapshot");
    this.#start = { now: world.now, mark: world.journal.mark, sources: oracle.sources };
  }

  async #request(method: string, ...params: unknown[]): Promise<string> {
    return (await this.deployment.provider.request({ method, params })) as string;
  }
}

async function listMarket(d: Deployment, { market, ...listing }: (typeof SIDE_MARKETS)[number]): Promise<Aggregator[]> {
  const feeds = await Promise.all(
    [0, 1, 2].map(async () => d.ethers.deployContract("MockAggregator", [8, START_PRICES[market] / 10n ** 10n])),
  );
  const settings = d.ethers.AbiCoder.defaultAbiCoder().encode(["uint32"], [86_400]);
  const sources = await Promise.all(
    feeds.map(async (feed, index) => ({
      reader: d.readers[index] ?? "",
      target: await feed.getAddress(),
      settings,
    })),
  );
  await d.oracle.listFeed(market, FEED_RULES, sources);
  await d.house.listMarket(market, listing);
  return feeds;
}

/** Risk control and the guardian are played: whoever is linked needs code, and is impersonated. */
async function linkAbove(d: Deployment): Promise<Stage["senders"]> {
  const riskController = await d.deployed.riskController.getAddress();
  const guardian = await d.lens.getAddress();
  await d.house.linkRiskController(riskController);
  await d.house.linkGuardian(guardian);
  for (const address of [riskController, guardian]) {
    await d.provider.request({ method: "hardhat_impersonateAccount", params: [address] });
    await d.provider.request({ method: "hardhat_setBalance", params: [address, "0x56BC75E2D63100000"] });
  }
  const lower = (address: string) => address.toLowerCase();
  return {
    orderBook: lower(await d.orders.getAddress()),
    riskController: lower(riskController),
    guardian: lower(guardian),
  };
}

/** At the second of arrival: an hour or more after the last sample, so that every figure of the oracle is the same in every run. */
async function publishAll(d: Deployment, feeds: readonly (readonly Aggregator[])[]): Promise<void> {
  for (const [index, each] of feeds.entries()) {
    for (const feed of each) await feed.setAnswer((START_PRICES[index] ?? 0n) / 10n ** 10n);
    await d.networkHelpers.time.setNextBlockTimestamp(ARRIVAL + 60 * (index + 1));
    await d.oracle.refresh(index);
  }
}

/** Money of all kinds, and positions in every market: some at the edge of what is allowed. */
async function openPositions(d: Deployment, people: readonly Signer[]): Promise<void> {
  const [alice, bob, carol, dave, erin] = people;
  if (!alice || !bob || !carol || !dave || !erin) throw new Error("too few people");
  const id = (who: Signer, sub = 0n) => accountId(who.address, sub);
  const put = async (who: Signer, asset: number, amount: bigint, sub = 0n) =>
    d.house.connect(who).deposit(id(who, sub), asset, amount);
  await put(alice, 0, 20_000n * USD);
  await put(bob, 0, 6_000n * USD);
  await put(carol, 0, 1_000n * USD);
  await put(dave, WETH, 10n * WAD);
  await put(erin, WBTC, 10n ** 7n * 2n);
  await put(erin, 0, 300n * USD);
  for (const who of [bob, carol]) await d.house.connect(who).setSaleRecords(id(who), true);
  let fills = 0;
  const fill = async (taker: Signer, maker: Signer, market: number, size: bigint, price: bigint) => {
    await d.networkHelpers.time.setNextBlockTimestamp(BEGINNING - 600 + 60 * fills++);
    await d.house.connect(d.orderBook).trade({ taker: id(taker), maker: id(maker), market, size, price });
  };
  await fill(carol, alice, 0, 40n * WAD, 200n * WAD);
  await fill(dave, bob, 0, -50n * WAD, 199n * WAD);
  await fill(erin, bob, 1, WAD / 2n, 8_020n * WAD);
  await fill(bob, alice, 2, 200n * WAD, 10n * WAD);
  await fill(dave, alice, 3, 10n * WAD, 50n * WAD);
}

async function describe(d: Deployment, feeds: readonly (readonly Aggregator[])[]) {
  return Promise.all(
    feeds.map(async (each) =>
      Promise.all(
        each.map(async (feed) => {
          const address = await feed.getAddress();
          const head = (await d.provider.request({
            method: "eth_getStorageAt",
            params: [address, toBeHex(Slot.Mode), "latest"],
          })) as string;
          return { address, head: BigInt(head) };
        }),
      ),
    ),
  );
}

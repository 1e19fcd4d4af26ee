import { toAccountId } from "../../../sdk/identifiers.ts";
import { buildOrder, signOrder } from "../../../sdk/orders.ts";
import type { OrderParameters } from "../../../sdk/orders.ts";
import { fiatTokenAbi, mintFiat, wethAbi } from "../../../scripts/fork/parts/tokens.ts";
import { EthFeeds } from "./feeds.ts";
import { MAX, openFork, part, WAD } from "./fork.ts";
import type { Signer } from "./fork.ts";
import ForkModule from "./ForkModule.ts";

export const CASH = 0;
export const WETH = 1;
export const ETH_MARKET = 0;
export const FEED = 0;
/** Between the token's smallest unit and WAD. */
export const USDC_TO_WAD = 10n ** 12n;
const HOUR = 3_600n;

/** A fork with Bulwark on it, and people. */
async function createWorld() {
  const fork = await openFork();
  const { chain, ethers, ignition, networkHelpers, signers, act } = fork;
  const feeds = await EthFeeds.open(fork);
  const usdc = chain.at(part("usdc"), fiatTokenAbi);
  const weth = chain.at(part("weth"), wethAbi);
  const [feed0, feed1, feed2] = feeds.proxies;
  const parameters = { Fork: { usdc: usdc.address, weth: weth.address, feed0: feed0!, feed1: feed1!, feed2: feed2! } };
  const deployed = await ignition.deploy(ForkModule, { parameters });
  const [, alice, bob, carol, dave, erin, frank] = signers;
  if (!alice || !bob || !carol || !dave || !erin || !frank) throw new Error("too few accounts");

  const house = await ethers.getContractAt("IClearingHouse", await deployed.clearingHouse.getAddress());
  const engine = await ethers.getContractAt("LiquidationEngine", await deployed.engine.getAddress());
  const fund = await ethers.getContractAt("InsuranceFund", await deployed.fund.getAddress());
  const oracle = await ethers.getContractAt("PriceOracle", await deployed.oracle.getAddress());
  const orders = await ethers.getContractAt("SignedOrders", await deployed.orders.getAddress());
  const verifier = await ethers.getContractAt("IClaimVerifier", await deployed.verifier.getAddress());
  const vault = await ethers.getContractAt("ICoverageVault", await deployed.vault.getAddress());
  const socializedLoss = await ethers.getContractAt(
    "SocializedLossTrigger",
    await deployed.socializedLoss.getAddress(),
  );
  const houseAddress = await house.getAddress();
  const book = { chainId: (await ethers.provider.getNetwork()).chainId, address: await orders.getAddress() };
  const segment = await engine.segment();
  const price = await feeds.wholePrice();
  await feeds.set(price);
  const known = new Set<string>();
  const know = (account: string) => (known.add(account), account);
  let nonce = 0n;
  for (const { address } of [alice, bob, carol, dave, erin, frank]) await fork.enrich(address);
  const snapshot = await networkHelpers.takeSnapshot();

  const world = {
    ...fork,
    feeds,
    usdc,
    weth,
    house,
    houseAddress,
    engine,
    fund,
    oracle,
    orders,
    verifier,
    vault,
    socializedLoss,
    book,
    segment,
    /** First price of ether, whole dollars in WAD. */
    price,
    alice,
    bob,
    carol,
    dave,
    erin,
    frank,

    /** Back to the state after deployment. */
    async reset() {
      await snapshot.restore();
      known.clear();
      know(await house.clearingAccount());
    },
    id: (who: Pick<Signer, "address">, sub = 0n) => know(toAccountId(who.address, sub)),
    async now() {
      return BigInt(await networkHelpers.time.latest());
    },
    /** Mints through the token's own minter, in its smallest unit. */
    mint: (to: string, amount: bigint) => mintFiat(usdc, to, amount, act),
    /** Wraps ether. */
    wrap: (who: Signer, amount: bigint) => who.sendTransaction({ to: weth.address, value: amount }),
    /** Deposits real USDC, in its smallest unit. */
    async deposit(who: Signer, amount: bigint) {
      await world.mint(who.address, amount);
      await usdc.send("approve", [houseAddress, amount], who.address);
      await house.connect(who).deposit(world.id(who), CASH, amount);
      return world.id(who);
    },
    /** Deposits wrapped ether as collateral, wei. */
    async depositWeth(who: Signer, amount: bigint) {
      await world.wrap(who, amount);
      await weth.send("approve", [houseAddress, amount], who.address);
      await house.connect(who).deposit(world.id(who), WETH, amount);
      return world.id(who);
    },
    /** Gives USDC to the fund's reserve. */
    async donate(amount: bigint) {
      const { address } = fork.administrator;
      await world.mint(address, amount);
      await usdc.send("approve", [await fund.getAddress(), amount], address);
      await fund.donate(segment, amount);
    },
    /** Puts USDC into a tranche of the vault: 0 junior, 1 senior. */
    async underwrite(who: Signer, tranche: number, amount: bigint) {
      const share = await ethers.getContractAt("TrancheShare", await vault.shareOf(tranche));
      await world.mint(who.address, amount);
      await usdc.send("approve", [await share.getAddress(), amount], who.address);
      await share.connect(who).getFunction("deposit(uint256,address)")(amount, who.address);
    },
    /** An order over ether that the house would take; `size` is the maker's. */
    async order(account: string, size: bigint, limitPrice: bigint, changes: Partial<OrderParameters> = {}) {
      const now = await world.now();
      const terms = { house: houseAddress, account, market: ETH_MARKET, size, limitPrice, expiry: now + HOUR };
      return buildOrder({ ...terms, nonce: nonce++, ...changes }, { now });
    },
    /** The taker receives `size` from the maker, who has signed for it. */
    async trade(taker: Signer, maker: Signer, size: bigint, at: bigint) {
      const order = await world.order(world.id(maker), -size, at);
      const { signature } = await signOrder(maker, { order, book });
      return orders.connect(taker).fill(order, signature, world.id(taker), size < 0n ? -size : size);
    },
    /** All feeds answer `to`, WAD, a minute later. */
    async setPrice(to: bigint, seconds = 60) {
      await networkHelpers.time.increase(seconds);
      await feeds.set(to);
    },
    async bid(who: Signer, account: string, fraction = WAD) {
      const bidder = world.id(who);
      const request = { account, bidder, fraction, minFraction: 0n, maxPrice: MAX, minIncome: 0n };
      return engine.connect(who).bid(request);
    },
    cashOf: async (account: string) => (await house.headerOf(account)).cash,
    baseOf: async (account: string) => (await house.positionOf(account, ETH_MARKET)).base,
    balanceOf: (address: string) => usdc.readNumber("balanceOf", [address]),
    /** CLR-08: tokens held less everything that is claimed, WAD, over all accounts. */
    async surplus() {
      const { waiting, reserved } = await house.withdrawalQueue();
      let claims = (await house.totals()).fees + (await house.fundAccount()) - (await house.unallocatedLoss());
      claims += waiting + reserved;
      for (const account of known) {
        claims += await world.cashOf(account);
        const { base, quoteValue } = await house.positionOf(account, ETH_MARKET);
        claims += (base * (await oracle.quote(FEED)).price) / WAD + quoteValue;
      }
      return (await world.balanceOf(houseAddress)) * USDC_TO_WAD - claims;
    },
  };
  return world;
}

export type World = Awaited<ReturnType<typeof createWorld>>;

let shared: Promise<World> | undefined;

/** One world for all suites, as it was after deployment before every test. */
export function useWorld(setUp?: (world: World) => Promise<void>): () => World {
  let world: World;
  before(async () => {
    shared ??= createWorld();
    world = await shared;
  });
  beforeEach(async () => {
    await world.reset();
    await setUp?.(world);
  });
  return () => world;
}

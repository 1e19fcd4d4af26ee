/**
 * First figures of the loss path beside the goals of its specification. Run with
 *   npx hardhat --build-profile production run test/gas/first-figures.ts
 * Figures are gas inside the transaction BEFORE refund, without the 21,000 and calldata, read from the execution trace; state is cold and
 * users come for the second time. Bids and deleveragings read their three price sources in the same transaction; the goals are
 * for cached prices, so the last column takes the measured refresh off. The full benchmark (`npm run bench`) comes with the
 * completion of the clearing house.
 */
import { actions, deployLocal, ETH_MARKET, USD, WAD } from "../typescript/support/deployment.ts";
import type { Deployment, Signer } from "../typescript/support/deployment.ts";
import { JUNIOR, openSeries, standBehind, underwrite } from "../typescript/support/underwriting.ts";

interface Row {
  readonly operation: string;
  readonly gas: bigint;
  readonly goal: bigint | undefined;
  readonly refreshes: boolean;
}

interface TraceStep {
  readonly gas: number;
  readonly gasCost: number;
}

/** Gas used by the top frame before refund: what the first step had less what the last step left. */
async function executionGas(d: Deployment, sent: Promise<{ hash: string }>): Promise<bigint> {
  const { hash } = await sent;
  const trace = (await d.provider.request({
    method: "debug_traceTransaction",
    params: [hash, { disableMemory: true, disableStack: true, disableStorage: true }],
  })) as { readonly structLogs: readonly TraceStep[] };
  const first = trace.structLogs[0];
  const last = trace.structLogs.at(-1);
  if (first === undefined || last === undefined) throw new Error(`empty trace of ${hash}`);
  return BigInt(first.gas) - BigInt(last.gas) + BigInt(last.gasCost);
}

async function measure(): Promise<Row[]> {
  const d = await deployLocal();
  const a = actions(d);
  const rows: Row[] = [];
  const record = async (operation: string, sent: Promise<{ hash: string }>, goal: bigint, refreshes: boolean) => {
    rows.push({ operation, gas: await executionGas(d, sent), goal, refreshes });
  };
  const people = d.signers.slice(1);
  const take = (): Signer => {
    const next = people.shift();
    if (next === undefined) throw new Error("not enough accounts");
    return next;
  };
  const shorts = await a.depositUsd(take(), 1_000_000n * USD);
  const keeperOwner = take();
  const keeper = await a.depositUsd(keeperOwner, 1_000_000n * USD);
  await a.trade(keeper, shorts, ETH_MARKET, 10n * WAD, 200n * WAD);
  const openLong = async (): Promise<string> => {
    const account = await a.depositUsd(take(), 2_500n * USD);
    await a.trade(account, shorts, ETH_MARKET, 100n * WAD, 200n * WAD);
    return account;
  };
  const [partial, covered, unpaid, closing] = [await openLong(), await openLong(), await openLong(), await openLong()];
  const engine = d.engine.connect(keeperOwner);
  const bid = (account: string) =>
    engine.bid({ account, bidder: keeper, fraction: WAD, minFraction: 0n, maxPrice: 2n ** 255n, minIncome: 0n });

  await record(
    "house.trade, both positions exist",
    a.trade(keeper, shorts, ETH_MARKET, WAD, 200n * WAD),
    110_000n,
    true,
  );
  await a.setEth(182n * WAD);
  await record("refresh, three mock feeds, volatility sampled", d.oracle.refresh(0), 66_000n, false);
  await a.setEth(182n * WAD);
  await record("bid, V > 0, one market, to target", bid(partial), 85_000n, true);
  await a.fundReserve(1_000_000n * USD);
  await a.setEth(150n * WAD);
  await record("bid, V <= 0, one market, reserve pays", bid(covered), 105_000n, true);
  await drainFund(d);
  await a.setEth(150n * WAD);
  await record("bid, V <= 0, one market, nothing left in the fund, all socialised", bid(unpaid), 115_000n, true);
  await a.setEth(150n * WAD);
  await record("deleverage, V <= 0, one market, fund empty", engine.deleverage(closing), 88_000n, true);
  return rows;
}

/** The whole waterfall in one bid, and what underwriters and holders of cover do. Both vaults are used for the second time. */
async function measureLayers(): Promise<Row[]> {
  const d = await deployLocal();
  const a = actions(d);
  const rows: Row[] = [];
  const record = async (
    operation: string,
    sent: Promise<{ hash: string }>,
    goal: bigint | undefined,
    refreshes: boolean,
  ) => {
    rows.push({ operation, gas: await executionGas(d, sent), goal, refreshes });
  };
  const [, underwriter, winner, keeper, first, second] = d.signers;
  if (!underwriter || !winner || !keeper || !first || !second) throw new Error("not enough accounts");
  const { vault } = await standBehind(d, underwriter, {
    junior: 2_000n,
    senior: 6_000n,
    committed: 3_900n,
    reinsurance: 1_000n,
    reinsured: 700n,
  });
  const vaultAddress = await vault.getAddress();
  const junior = await d.ethers.getContractAt("TrancheShare", await vault.shareOf(JUNIOR));
  await underwrite(d, vaultAddress, underwriter, JUNIOR, 100n);
  await d.usd.mint(underwriter.address, 1_000n * USD);
  await d.usd.connect(underwriter).approve(await junior.getAddress(), 2n ** 255n);
  const deposit = junior.connect(underwriter).getFunction("deposit(uint256,address)");
  await d.networkHelpers.time.increase(3_600);
  await record("vault deposit, junior", deposit(100n * USD, underwriter.address), 46_000n, false);
  await junior.connect(underwriter).requestRedeem(1n, underwriter.address, underwriter.address);
  await record(
    "request of an exit",
    junior.connect(underwriter).requestRedeem(WAD, underwriter.address, underwriter.address),
    33_000n,
    false,
  );

  await a.setEth(200n * WAD);
  const series = await openSeries(d, 10n * WAD, 10);
  for (const holder of [winner, keeper]) {
    await d.usd.mint(holder.address, 1_000n * USD);
    await d.usd.connect(holder).approve(vaultAddress, 2n ** 255n);
  }
  await vault.connect(keeper).buy(series, WAD, 2n ** 255n, keeper.address);
  await record(
    "buy cover: priced, escrowed",
    vault.connect(winner).buy(series, 20n * WAD, 2n ** 255n, winner.address),
    80_000n,
    false,
  );
  await d.networkHelpers.time.increase(72 * 3_600);
  await vault.complete(1n);
  await record("complete a purchase: mint", vault.complete(2n), undefined, false);

  await a.fundReserve(2_000n * USD);
  await a.setEth(200n * WAD);
  const shorts = await a.depositUsd(winner, 1_000_000n * USD);
  const bidder = await a.depositUsd(keeper, 1_000_000n * USD);
  await a.trade(bidder, shorts, ETH_MARKET, 10n * WAD, 200n * WAD);
  const open = async (owner: Signer, margin: bigint) => {
    const account = await a.depositUsd(owner, margin * USD);
    await a.trade(account, shorts, ETH_MARKET, 100n * WAD, 200n * WAD);
    return account;
  };
  const small = await open(first, 2_500n);
  const large = await open(second, 2_500n);
  const bid = (account: string) =>
    d.engine
      .connect(keeper)
      .bid({ account, bidder, fraction: WAD, minFraction: 0n, maxPrice: 2n ** 255n, minIncome: 0n });
  // 1,800 missing: the reserve's budget and junior pay. So every layer's slots have been written before the bid that is measured.
  await a.setEth(165n * WAD);
  await bid(small);
  await a.setEth(110n * WAD);
  const draws = "bid through reserve, junior, senior, reinsurance and socialised loss";
  await record(draws, bid(large), 200_000n, true);
  await record("settle: collect from both vaults and pay the house", d.fund.settle(d.segment), undefined, false);

  const claims = await d.ethers.getContractAt("ClaimVerifier", await vault.verifier());
  await d.usd.connect(keeper).approve(await claims.getAddress(), 2n ** 255n);
  await claims.connect(keeper).open(vaultAddress, series);
  await claims.connect(keeper).resolve(vaultAddress, series);
  await vault.sync(series);
  await record("redeem cover", vault.connect(winner).redeem(series, 10n * WAD, winner.address), 42_000n, false);
  return rows;
}

/** Sets the reserve to zero in the fund's first slot of the segment, to measure an empty fund without 24 hours of draws. */
async function drainFund(d: Deployment): Promise<void> {
  const before = (await d.fund.segmentOf(d.segment)).reserve;
  const address = await d.fund.getAddress();
  const mask = (1n << 96n) - 1n;
  for (let slot = 0n; slot < 8n; slot++) {
    const key = d.ethers.keccak256(
      d.ethers.AbiCoder.defaultAbiCoder().encode(["uint256", "uint256"], [d.segment, slot]),
    );
    const word = BigInt(await d.ethers.provider.getStorage(address, key));
    if ((word & mask) !== before || before === 0n) continue;
    const empty = `0x${(word & ~mask).toString(16).padStart(64, "0")}`;
    await d.provider.request({ method: "hardhat_setStorageAt", params: [address, key, empty] });
    return;
  }
  throw new Error("the segment's slot was not found");
}

const rows = [...(await measure()), ...(await measureLayers())];
const refresh = rows.find((row) => row.operation.startsWith("refresh"))?.gas ?? 0n;
console.log(`${"operation".padEnd(70)}${"gas".padStart(10)}${"less refresh".padStart(14)}${"goal".padStart(10)}`);
for (const { operation, gas, goal, refreshes } of rows) {
  const net = refreshes ? gas - refresh : gas;
  console.log(
    `${operation.padEnd(70)}${String(gas).padStart(10)}${String(net).padStart(14)}${String(goal ?? "-").padStart(10)}`,
  );
}

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

const rows = await measure();
const refresh = rows.find((row) => row.operation.startsWith("refresh"))?.gas ?? 0n;
console.log(`${"operation".padEnd(70)}${"gas".padStart(10)}${"less refresh".padStart(14)}${"goal".padStart(10)}`);
for (const { operation, gas, goal, refreshes } of rows) {
  const net = refreshes ? gas - refresh : gas;
  console.log(
    `${operation.padEnd(70)}${String(gas).padStart(10)}${String(net).padStart(14)}${String(goal).padStart(10)}`,
  );
}

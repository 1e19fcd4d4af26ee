// Aave v3.6 from its own sources: one pair, prices of Chainlink's own bytecode, every contract behind the proxy that Aave deploys.
// Its licence (BUSL-1.1) allows tests; nothing of it is here.
import { compileAave, deployAave } from "../../fork/parts/aave.ts";
import { deployFeed, submission } from "../chainlink.ts";
import type { Feed } from "../chainlink.ts";
import type { AddPeer } from "../rows.ts";
import { BenchError } from "../errors.ts";
import { UNLIMITED, USD, WAD } from "../world.ts";
import type { World } from "../world.ts";
import { foreignOn, gasOfCall } from "./foreign.ts";

const ORIGIN = "run here, own sources, runs = 200";
/** Answers of feeds in dollars. */
const FEED_UNIT = 10n ** 8n;
const ETHER_PRICE = 2_000n;
/** At the first a borrower is just below his threshold, at the second he owes more than he has. */
const FALL = 1_700n;
const DEEP_FALL = 1_000n;
const COLLATERAL = 10n * WAD;
const DEBT = 14_500n * USD;
const LENT = 1_000_000n * USD;
const VARIABLE_RATE = 2;
const PROVIDER = ["function getPool() view returns (address)"];
const POOL = [
  "function supply(address asset, uint256 amount, address onBehalfOf, uint16 referral)",
  "function borrow(address asset, uint256 amount, uint256 rateMode, uint16 referral, address onBehalfOf)",
  "function liquidationCall(address collateral, address debt, address user, uint256 amount, bool receiveReceipt)",
  "function getReserveDeficit(address asset) view returns (uint256)",
];

/** Two liquidations of a part, then two that take all collateral and leave a deficit; the second of each is measured. */
export async function measureAave(world: World, add: AddPeer): Promise<void> {
  const { chain } = world;
  const foreign = foreignOn(world);
  const feeds = {
    ether: await deployFeed(chain, chain.administrator),
    dollar: await deployFeed(chain, chain.administrator),
  };
  let round = 0;
  const say = (feed: Feed, price: bigint) => chain.send(submission(feed, ++round, price * FEED_UNIT));
  await say(feeds.ether, ETHER_PRICE);
  round = 0;
  await say(feeds.dollar, 1n);
  const factory = await chain.ethers.getContractFactory("MockToken");
  const token = async (symbol: string, decimals: number) => {
    const { data } = await factory.getDeployTransaction(symbol, symbol, decimals);
    return foreign.at(await chain.deploy(data), factory.interface.fragments);
  };
  const [ether, dollar] = [await token("ETH", 18), await token("USD", 6)];
  const provider = await deployAave(
    foreign,
    compileAave(() => undefined),
    [
      { token: dollar, symbol: "USD", feed: feeds.dollar.proxy },
      { token: ether, symbol: "ETH", feed: feeds.ether.proxy },
    ],
  );
  const pool = foreign.at(await foreign.at(provider.address, PROVIDER).readAddress("getPool"), POOL);

  const [lender, liquidator, ...borrowers] = Array.from({ length: 4 }, () => world.person()) as [
    string,
    string,
    string,
  ];
  for (const person of [lender, liquidator, ...borrowers]) {
    for (const asset of [ether, dollar]) {
      await asset.send("mint", [person, 1_000n * LENT]);
      await asset.send("mint", [person, COLLATERAL]);
      await asset.send("approve", [pool.address, UNLIMITED], person);
    }
  }
  await pool.send("supply", [dollar.address, LENT, lender, 0], lender);
  for (const borrower of borrowers) {
    await pool.send("supply", [ether.address, COLLATERAL, borrower, 0], borrower);
    await pool.send("borrow", [dollar.address, DEBT, VARIABLE_RATE, 0, borrower], borrower);
  }
  const liquidate = (borrower: string, amount: bigint) =>
    gasOfCall(world, {
      contract: pool,
      name: "liquidationCall",
      args: [ether.address, dollar.address, borrower, amount, false],
      from: liquidator,
    });
  /** The last of them, after the others. */
  const liquidateAll = async (amount: bigint) => {
    let gas = 0;
    for (const borrower of borrowers) gas = await liquidate(borrower, amount);
    return gas;
  };
  round = 1;
  await say(feeds.ether, FALL);
  const part = await liquidateAll(DEBT / 10n);
  add("bid", { name: "Aave v3.6 liquidationCall, a part (one pair, no auction)", gas: part, origin: ORIGIN });
  const deficitOf = () => pool.readNumber("getReserveDeficit", [dollar.address]);
  if ((await deficitOf()) !== 0n) throw new BenchError("Aave has a deficit too early");
  await say(feeds.ether, DEEP_FALL);
  const deficit = await liquidateAll(UNLIMITED);
  if ((await deficitOf()) === 0n) throw new BenchError("Aave has no deficit");
  const name = "Aave v3.6 liquidationCall that leaves a deficit (one pair; a role covers it later)";
  add("bid-reserve", { name, gas: deficit, origin: ORIGIN });
}

// A borrower of the real Aave, whose collateral falls in price through the real feed.
import { MAX, part, USDC, WAD } from "./fork.ts";
import type { Signer } from "./fork.ts";
import { USDC_TO_WAD } from "./world.ts";
import type { World } from "./world.ts";

const PROVIDER = [
  "function getPool() view returns (address)",
  "function getPriceOracle() view returns (address)",
  "function getACLAdmin() view returns (address)",
  "function getACLManager() view returns (address)",
  "function owner() view returns (address)",
  "function setAddress(bytes32 id, address at)",
];
/** The same fifteen members in all versions; the debt token is the eleventh. */
const RESERVE_DATA =
  "uint256, uint128, uint128, uint128, uint128, uint128, uint40, uint16, " +
  "address, address, address debtToken, address, uint128, uint128, uint128";
const POOL = [
  "function supply(address asset, uint256 amount, address onBehalfOf, uint16 referral)",
  "function borrow(address asset, uint256 amount, uint256 rateMode, uint16 referral, address onBehalfOf)",
  "function liquidationCall(address collateral, address debt, address user, uint256 amount, bool receiveReceipt)",
  "function getReserveDeficit(address asset) view returns (uint256)",
  "function eliminateReserveDeficit(address asset, uint256 amount) returns (uint256)",
  `function getReserveData(address asset) view returns (${RESERVE_DATA})`,
];
const ORACLE = [
  "function getSourceOfAsset(address asset) view returns (address)",
  "function setAssetSources(address[] assets, address[] sources)",
];
const ACL = ["function addPoolAdmin(address admin)", "function isPoolAdmin(address admin) view returns (bool)"];
const TOKEN = ["function balanceOf(address) view returns (uint256)"];
/** Variable, the only one there is. */
const RATE_MODE = 2;
const COLLATERAL = 10n * WAD;
/** Of the collateral's value; 80% may be borrowed. */
const BORROWED_PERCENT = 70n;

export type Aave = Awaited<ReturnType<typeof openAave>>;

/** The market, with ether priced by the feed that the oracles of the fork answer. */
export async function openAave(w: World) {
  const { chain, usdc, weth } = w;
  const provider = chain.at(part("aave").addressesProvider, PROVIDER);
  const pool = chain.at(await provider.readAddress("getPool"), POOL);
  const oracle = chain.at(await provider.readAddress("getPriceOracle"), ORACLE);
  const feed = w.feeds.all[0]!.proxy.address;
  if ((await oracle.readAddress("getSourceOfAsset", [weth.address])) !== feed) {
    const admin = await provider.readAddress("getACLAdmin");
    await w.act(admin);
    const acl = chain.at(await provider.readAddress("getACLManager"), ACL);
    if (!(await acl.read("isPoolAdmin", [admin]))[0]) await acl.send("addPoolAdmin", [admin], admin);
    await oracle.send("setAssetSources", [[weth.address], [feed]], admin);
  }
  const { debtToken: at } = (await pool.read("getReserveData", [usdc.address])) as unknown as { debtToken: string };
  const debtToken = chain.at(at, TOKEN);

  return {
    provider,
    pool,
    address: pool.address,
    deficit: () => pool.readNumber("getReserveDeficit", [usdc.address]),
    debtOf: (who: Signer) => debtToken.readNumber("balanceOf", [who.address]),

    /** Someone lends so many dollars' units. */
    async lend(who: Signer, amount: bigint) {
      await w.mint(who.address, amount);
      await usdc.send("approve", [pool.address, amount], who.address);
      await pool.send("supply", [usdc.address, amount, who.address, 0], who.address);
    },
    /** Ten ether, and 70% of their worth borrowed. */
    async borrow(who: Signer) {
      await w.wrap(who, COLLATERAL);
      await weth.send("approve", [pool.address, COLLATERAL], who.address);
      await pool.send("supply", [weth.address, COLLATERAL, who.address, 0], who.address);
      const amount = (((COLLATERAL * w.price) / WAD / USDC_TO_WAD) * BORROWED_PERCENT) / 100n;
      await pool.send("borrow", [usdc.address, amount, RATE_MODE, 0, who.address], who.address);
    },
    /** Liquidates as much as Aave allows. Returns what the liquidator has paid. */
    async liquidate(liquidator: Signer, who: Signer) {
      const purse = 100_000n * USDC;
      await w.mint(liquidator.address, purse);
      await usdc.send("approve", [pool.address, purse], liquidator.address);
      const before = await w.balanceOf(liquidator.address);
      const terms = [weth.address, usdc.address, who.address, MAX, false];
      await pool.send("liquidationCall", terms, liquidator.address);
      return before - (await w.balanceOf(liquidator.address));
    },
  };
}

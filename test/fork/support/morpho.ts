// A market of the real Morpho Blue: ether against USDC, at a price that the suite sets.
import { AbiCoder, keccak256, ZeroAddress } from "ethers";

import { contractOf } from "../../../scripts/fork/compile.ts";
import { compileMorpho } from "../../../scripts/fork/parts/morpho.ts";
import { part, USDC, WAD } from "./fork.ts";
import type { Signer } from "./fork.ts";
import { USDC_TO_WAD } from "./world.ts";
import type { World } from "./world.ts";

const PARAMETERS = "(address loanToken, address collateralToken, address oracle, address irm, uint256 lltv) market";
const STATE = "uint128 supplyAssets, uint128 supplyShares, uint128, uint128, uint128, uint128";
const MORPHO = [
  "function owner() view returns (address)",
  "function isIrmEnabled(address irm) view returns (bool)",
  "function isLltvEnabled(uint256 lltv) view returns (bool)",
  "function enableIrm(address irm)",
  "function enableLltv(uint256 lltv)",
  `function createMarket(${PARAMETERS})`,
  `function supply(${PARAMETERS}, uint256 assets, uint256 shares, address onBehalf, bytes data)`,
  `function supplyCollateral(${PARAMETERS}, uint256 assets, address onBehalf, bytes data)`,
  `function borrow(${PARAMETERS}, uint256 assets, uint256 shares, address onBehalf, address receiver)`,
  `function liquidate(${PARAMETERS}, address borrower, uint256 seized, uint256 repaidShares, bytes data)`,
  `function market(bytes32 id) view returns (${STATE})`,
];
const TUPLE = "tuple(address,address,address,address,uint256)";
/** Loan to value at which a position is liquidated: one of those that are enabled on every network. */
const LLTV = (86n * WAD) / 100n;
/** Morpho's prices: loan units for a collateral unit, times 10^36. */
const SCALE = 10n ** 36n;
const COLLATERAL = 10n * WAD;
/** Of the collateral's value. */
const BORROWED_PERCENT = 80n;

export type Morpho = Awaited<ReturnType<typeof openMorpho>>;

/** Creates the market. It bears no interest, so that nothing but a bad debt changes its share price. */
export async function openMorpho(w: World) {
  const { chain, usdc, weth } = w;
  const morpho = chain.at(part("morpho"), MORPHO);
  const oracle = await chain.deploy(
    contractOf(
      compileMorpho(() => undefined),
      "OracleMock",
    ),
  );
  const owner = await morpho.readAddress("owner");
  await w.act(owner);
  if (!(await morpho.read("isIrmEnabled", [ZeroAddress]))[0]) await morpho.send("enableIrm", [ZeroAddress], owner);
  if (!(await morpho.read("isLltvEnabled", [LLTV]))[0]) await morpho.send("enableLltv", [LLTV], owner);
  const market = [usdc.address, weth.address, oracle.address, ZeroAddress, LLTV] as const;
  const id = keccak256(AbiCoder.defaultAbiCoder().encode([TUPLE], [market]));
  await morpho.send("createMarket", [market]);
  const setPrice = (price: bigint) => oracle.send("setPrice", [(price * SCALE) / USDC_TO_WAD / WAD]);
  await setPrice(w.price);

  return {
    address: morpho.address,
    market,
    id,
    /** WAD, dollars for an ether. */
    setPrice,
    async state() {
      const { supplyAssets, supplyShares } = (await morpho.read("market", [id])) as unknown as {
        supplyAssets: bigint;
        supplyShares: bigint;
      };
      return { supplyAssets, supplyShares };
    },
    /** On behalf of oneself, unless of another. */
    async lend(who: Signer, amount: bigint, owner = who.address) {
      await w.mint(who.address, amount);
      await usdc.send("approve", [morpho.address, amount], who.address);
      await morpho.send("supply", [market, amount, 0, owner, "0x"], who.address);
    },
    /** Ten ether, and 80% of their worth borrowed. Returns the debt. */
    async borrow(who: Signer) {
      await w.wrap(who, COLLATERAL);
      await weth.send("approve", [morpho.address, COLLATERAL], who.address);
      await morpho.send("supplyCollateral", [market, COLLATERAL, who.address, "0x"], who.address);
      const amount = (((COLLATERAL * w.price) / WAD / USDC_TO_WAD) * BORROWED_PERCENT) / 100n;
      await morpho.send("borrow", [market, amount, 0, who.address, who.address], who.address);
      return amount;
    },
    /** Seizes a part of the collateral, all of it unless named. Returns what the liquidator has paid. */
    async liquidate(liquidator: Signer, who: Signer, seized = COLLATERAL) {
      const purse = 100_000n * USDC;
      await w.mint(liquidator.address, purse);
      await usdc.send("approve", [morpho.address, purse], liquidator.address);
      const before = await w.balanceOf(liquidator.address);
      await morpho.send("liquidate", [market, who.address, seized, 0, "0x"], liquidator.address);
      return before - (await w.balanceOf(liquidator.address));
    },
  };
}

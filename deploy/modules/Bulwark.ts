import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import { deployHouse } from "./house.ts";

/**
 * A house on a public network. Its feed has four sources of three kinds, of which three must agree: Chainlink, Pyth, RedStone and a pool of
 * Uniswap v3. Three of them must answer when it is listed.
 */
export default buildModule("Bulwark", (m) => deployHouse(m, { hasPool: true }));

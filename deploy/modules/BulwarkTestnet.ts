import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import { deployHouse } from "./house.ts";

/** As Bulwark.ts where no pool has a price that means anything: Chainlink, Pyth and RedStone, two of which must agree, of two kinds. */
export default buildModule("BulwarkTestnet", (m) => deployHouse(m, { hasPool: false }));

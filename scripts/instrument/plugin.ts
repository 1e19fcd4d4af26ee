import { definePlugin } from "hardhat/plugins";

import { REPORTS } from "./environment.ts";

/** Rewrites the sources on their way to the compiler, and writes down what the simulator hears, when somebody wants to know. */
export default definePlugin({
  id: "instrument",
  hookHandlers: {
    solidity: () => import("./hooks/solidity.ts"),
    // The mere presence of this handler makes the simulator listen.
    ...(process.env[REPORTS] === undefined ? {} : { network: () => import("./hooks/network.ts") }),
  },
});

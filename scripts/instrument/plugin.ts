import { definePlugin } from "hardhat/plugins";

/** Rewrites the sources on their way to the compiler, and keeps track of chains and of what they report. */
export default definePlugin({
  id: "instrument",
  hookHandlers: {
    solidity: () => import("./hooks/solidity.ts"),
    network: () => import("./hooks/network.ts"),
  },
});

import { definePlugin } from "hardhat/plugins";

/** Leaves out of the compiler's output what nobody reads. */
export default definePlugin({
  id: "compiler-output",
  hookHandlers: { solidity: () => import("./output.ts") },
});

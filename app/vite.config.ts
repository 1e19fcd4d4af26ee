import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

import { compactAbis } from "./build/abis.ts";
import { contentPolicy } from "./build/policy.ts";

/** Origins of nodes that the page asks itself, separated by blanks. With none it asks its own host, or the wallet. */
const nodes = (process.env.APP_NODES ?? "").split(" ").filter((node) => node !== "");

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  base: "./",
  plugins: [compactAbis(), react(), contentPolicy(nodes)],
  build: {
    target: "es2022",
    outDir: fileURLToPath(new URL("../dist/app", import.meta.url)),
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    // ethers and the ABIs are half of it; both are needed for the first figure.
    chunkSizeWarningLimit: 900,
  },
});

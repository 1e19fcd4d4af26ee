// The production build, the types that go with it, and the size check.
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { hardhat, root } from "./process.mjs";
import { MAX_RUNTIME_BYTES, sizesOf, sizeTable } from "./sizes.mjs";

const { code } = await hardhat(["build", "--build-profile", "production", "--no-tests"]);
if (code !== 0) {
  console.log(`build: the production build failed (exit code ${code}).`);
  process.exit(1);
}

const artifacts = globSync("artifacts/contracts/**/*.json", { cwd: root }).map((file) =>
  JSON.parse(readFileSync(join(root, file), "utf8")),
);
const sizes = sizesOf(artifacts);
const tooLarge = sizes.filter(({ isOver }) => isOver);

console.log(`\nSizes in bytes, production profile (limit ${MAX_RUNTIME_BYTES.toLocaleString("en-US")}):\n`);
console.log(sizeTable(sizes));
console.log();
if (sizes.length === 0) {
  console.log("build: there is no contract with code.");
  process.exitCode = 1;
} else if (tooLarge.length > 0) {
  console.log(`build: too large: ${tooLarge.map(({ name }) => name).join(", ")}.`);
  process.exitCode = 1;
} else {
  console.log(`build: ${sizes.length} contracts, all within the limit.`);
}

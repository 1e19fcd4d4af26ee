// Sizes of deployed code.

/** Below the protocol's own 24,576, so that there is room left for a fix. */
export const MAX_RUNTIME_BYTES = 22_000;
/** EIP-3860. */
export const MAX_CREATION_BYTES = 49_152;

const bytesOf = (code) => (code.length - "0x".length) / 2;

/** A library whose functions are all internal is an empty shell: nobody deploys it. */
const SHELL_BYTES = 100;

/** Contracts that only tests deploy have no limit. */
const isLimited = (source) => source.startsWith("contracts/") && !/\/(mocks|test)\//.test(source);

/**
 * @param {{ contractName: string, sourceName: string, bytecode: string, deployedBytecode: string }[]} artifacts
 * @returns {{ name: string, runtime: number, creation: number, isOver: boolean }[]} largest first
 */
export function sizesOf(artifacts) {
  return artifacts
    .filter(({ sourceName, deployedBytecode }) => isLimited(sourceName) && bytesOf(deployedBytecode) > SHELL_BYTES)
    .map(({ contractName, bytecode, deployedBytecode }) => {
      const runtime = bytesOf(deployedBytecode);
      const creation = bytesOf(bytecode);
      return {
        name: contractName,
        runtime,
        creation,
        isOver: runtime > MAX_RUNTIME_BYTES || creation > MAX_CREATION_BYTES,
      };
    })
    .sort((a, b) => b.runtime - a.runtime || a.name.localeCompare(b.name));
}

/** The table that is printed. */
export function sizeTable(sizes) {
  const rows = [
    ["contract", "runtime", "room", "creation", ""],
    ...sizes.map(({ name, runtime, creation, isOver }) => [
      name,
      runtime.toLocaleString("en-US"),
      (MAX_RUNTIME_BYTES - runtime).toLocaleString("en-US"),
      creation.toLocaleString("en-US"),
      isOver ? "TOO LARGE" : "",
    ]),
  ];
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const padded = rows.map((row) =>
    row.map((text, column) => (column === 0 ? text.padEnd(widths[column]) : text.padStart(widths[column]))),
  );
  return padded.map((row) => row.join("  ").trimEnd()).join("\n");
}

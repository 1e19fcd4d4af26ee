// Public networks that can be forked instead of the project's own chain, and where the parts stand on them.
import { ForkError } from "./errors.ts";
import { overHttp } from "./foreign.ts";
import type { Request } from "./foreign.ts";
import { writeManifest } from "./manifest.ts";
import type { PartName, Parts } from "./manifest.ts";

export interface Network {
  readonly chainId: number;
  /** Environment variable with the URL of a node that keeps old state. */
  readonly variable: string;
  /** Every run forks the same state, unless FORK_BLOCK names another. */
  readonly block: number;
  readonly parts: Parts;
}

/** Safe 1.4.1, at the same places on every network. Source: safe-global/safe-deployments. */
const SAFE = {
  singleton: "0x41675C099F32341bf84BFc5382aF534df5C7461a",
  factory: "0x4e1DCf7AD4e460CfD30791CCC4F9c8a4f820ec67",
  fallbackHandler: "0xfd0732Dc9E303f09fCEf3a7388Ad10A83459Ec99",
};
/** Source: docs.uniswap.org, the same on every network. */
const PERMIT2 = "0x000000000022D473030F116dDEE9F6B43aC78BA3";

export const NETWORKS: Readonly<Record<string, Network>> = {
  mainnet: {
    chainId: 1,
    variable: "MAINNET_RPC_URL",
    block: 23_000_000,
    parts: {
      // Source: docs.chain.link, price feed addresses.
      chainlink: {
        ethUsd: ["0x5f4eC3Df9cbd43714FE2740f5E3616155c5b8419"],
        usdcUsd: "0x8fFfFfd4AfB6115b954Bd326cbe7B4BA576818f6",
      },
      // Source: developers.circle.com, USDC contract addresses.
      usdc: "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48",
      weth: "0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2",
      // Source: docs.uniswap.org, v3 deployments; the pool is the factory's answer for USDC, WETH and 500.
      uniswap: {
        factory: "0x1F98431c8aD98523631AE4a59f267346ea31F984",
        positionManager: "0xC36442b4a4522E871399CD717aBDD847Ab11FE88",
        router: "0xE592427A0AEce92De3Edee1F18E0157C05861564",
        pool: "0x88e6A0c2dDD26FEEb64F039a2c41296FcB3f5640",
      },
      // Source: bgd-labs/aave-address-book, AaveV3Ethereum.
      aave: { addressesProvider: "0x2f39d218133AFaB8F2B819B1066c7E434Ad94E9e" },
      // Source: docs.morpho.org, addresses.
      morpho: "0xBBBBBbbBBb9cC5e90e3b3Af64bdAF62C37EEFFCb",
      // Source: docs.pyth.network, EVM contract addresses. Its updates are signed by guardians, whose messages no fork has.
      pyth: "0x4305FB66699C3B2702D4d05CF36551390A4c69C6",
      safe: SAFE,
      permit2: PERMIT2,
    },
  },
  sepolia: {
    chainId: 11_155_111,
    variable: "SEPOLIA_RPC_URL",
    block: 9_000_000,
    parts: {
      // Source: docs.chain.link, price feed addresses.
      chainlink: {
        ethUsd: ["0x694AA1769357215DE4FAC081bf1f309aDC325306"],
        usdcUsd: "0xA2F78ab2355fe2f984D808B5CeE7FD0A93D5270E",
      },
      // Source: developers.circle.com, USDC contract addresses.
      usdc: "0x1c7D4B196Cb0C7B01d743Fbc6116a902379C7238",
      weth: "0xfFf9976782d46CC05630D1f6eBAb18b2324d6B14",
      // Uniswap's router there is of another version; Aave's market lends tokens of its own instead of Circle's.
      // Source: docs.morpho.org, addresses.
      morpho: "0xd011EE229E7459ba1ddd22631eF7bF528d424A14",
      // Source: docs.pyth.network, EVM contract addresses.
      pyth: "0xDd24F84d36BF92C65F92307595335bdFab5Bbd21",
      safe: SAFE,
      permit2: PERMIT2,
    },
  },
};

const ALL: readonly PartName[] = [
  "chainlink",
  "usdc",
  "weth",
  "uniswap",
  "aave",
  "morpho",
  "pyth",
  "mockPyth",
  "safe",
  "permit2",
];

/** Where a network is reached, and where its manifest goes. */
export interface Preparation {
  readonly name: string;
  readonly url: string;
  readonly file: string;
}

/** Writes the manifest of a network after a look at each address: one without code is a mistake in the table, not a missing part. */
export async function prepare(network: Network, { name, url, file }: Preparation) {
  const request = overHttp(url);
  const chainId = Number(await request("eth_chainId", []));
  if (chainId !== network.chainId) throw new ForkError(`${network.variable} leads to chain ${chainId}, not to ${name}`);
  const blockNumber = Number(process.env.FORK_BLOCK ?? network.block);
  await checkCode(request, network.parts, blockNumber);
  writeManifest(file, { network: name, chainId, url, blockNumber, parts: network.parts });
  return { blockNumber, missing: ALL.filter((part) => network.parts[part] === undefined) };
}

async function checkCode(request: Request, parts: Parts, blockNumber: number): Promise<void> {
  for (const address of addressesIn(parts)) {
    const code = await request("eth_getCode", [address, `0x${blockNumber.toString(16)}`]);
    if (code === "0x") throw new ForkError(`${address} has no code at block ${blockNumber}`);
  }
}

/** All addresses below an object, however deep. */
export function addressesIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(addressesIn);
}

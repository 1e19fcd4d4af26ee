// ERC-2612: a token moves by signature, so that a deposit or a purchase is one transaction.
import { Signature, TypedDataEncoder } from "ethers";
import type { ContractRunner, Signer, TypedDataDomain } from "ethers";

import { bindToken } from "./contracts.ts";
import { BulwarkError } from "./errors.ts";
import type { Token } from "./token.ts";

const TYPES = {
  Permit: [
    { name: "owner", type: "address" },
    { name: "spender", type: "address" },
    { name: "value", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};

export interface PermitRequest {
  readonly token: string;
  readonly spender: string;
  /** In the token's own decimals. */
  readonly value: bigint;
  /** Last second in which it can be used. */
  readonly deadline: bigint;
  /** The token's next nonce when left out. */
  readonly nonce?: bigint;
}

/** A permit as contracts take it. */
export interface Permit {
  readonly value: bigint;
  readonly deadline: bigint;
  readonly v: number;
  readonly r: string;
  readonly s: string;
}

type PermitSigner = Signer & ContractRunner;

/**
 * Signs a permit and checks, before anything is sent, that the token will take it.
 * @example
 * const permit = await signPermit(wallet, { token, spender: house, value: 1_000n * 10n ** 6n, deadline: now + 600n });
 * await client.accounts.deposit(account, { amount: permit.value, permit });
 */
export async function signPermit(signer: PermitSigner, request: PermitRequest): Promise<Permit> {
  const { spender, value, deadline } = request;
  const token = bindToken(request.token, signer);
  const owner = await signer.getAddress();
  const [domain, nonce] = await Promise.all([
    domainOf(token, request.token, signer),
    request.nonce ?? read(() => token.nonces(owner), request.token),
  ]);
  const message = { owner, spender, value, nonce, deadline };
  const { v, r, s } = Signature.from(await signer.signTypedData(domain, TYPES, message));
  return Object.freeze({ value, deadline, v, r, s });
}

/** The domain as the token states it (ERC-5267), or guessed, with version 1 and then 2; the token's separator decides. */
async function domainOf(token: Token, address: string, signer: PermitSigner): Promise<TypedDataDomain> {
  const separator = await read(() => token.DOMAIN_SEPARATOR(), address);
  for (const domain of await candidates(token, address, signer)) {
    if (TypedDataEncoder.hashDomain(domain) === separator) return domain;
  }
  throw new PermitDomainError(address, separator);
}

async function candidates(token: Token, address: string, signer: PermitSigner): Promise<TypedDataDomain[]> {
  const chainId = (await signer.provider?.getNetwork())?.chainId;
  const stated = await token.eip712Domain().catch(() => undefined);
  const name = stated?.[1] ?? (await read(() => token.name(), address));
  const versions = stated === undefined ? ["1", "2"] : [stated[2]];
  return versions.map((version) => ({ name, version, verifyingContract: address, ...(chainId && { chainId }) }));
}

async function read<T>(ask: () => Promise<T>, token: string): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    throw new PermitUnsupportedError(token, cause);
  }
}

/** A token without ERC-2612. */
export class PermitUnsupportedError extends BulwarkError {
  override name = "PermitUnsupportedError";
  readonly token: string;

  constructor(token: string, cause: unknown) {
    super(`Token ${token} has no permit (ERC-2612): call approve of it instead.`, { cause });
    this.token = token;
  }
}

/** A token whose domain cannot be found out. */
export class PermitDomainError extends BulwarkError {
  override name = "PermitDomainError";
  readonly token: string;
  readonly separator: string;

  constructor(token: string, separator: string) {
    super(`Token ${token} signs for another domain than its name and chain say (${separator}): call approve instead.`);
    this.token = token;
    this.separator = separator;
  }
}

// Twin of contracts/types/Identifiers.sol.
import { dataSlice, getAddress, isHexString, toBeHex } from "ethers";

import { BulwarkError } from "./errors.ts";

/** An account of the clearing house: owner in the high 20 bytes, sub-account number in the low 12 (CLR-01). */
export type AccountId = string;

/** Stands for "no account", for example for an order that any account may fill. */
export const NO_ACCOUNT: AccountId = toBeHex(0n, 32);

const MAX_SUB_ACCOUNT = 2n ** 96n - 1n;

export class InvalidAccountError extends BulwarkError {
  override name = "InvalidAccountError";
  readonly value: unknown;

  constructor(value: unknown, cause?: unknown) {
    super(`"${String(value)}" is no account: give an owner's address and a sub-account number below 2^96.`, { cause });
    this.value = value;
  }
}

/** The account `number` of `holder`. */
export function toAccountId(holder: string, number: bigint): AccountId {
  if (number < 0n || number > MAX_SUB_ACCOUNT) throw new InvalidAccountError(number);
  let address: string;
  try {
    address = getAddress(holder);
  } catch (cause) {
    throw new InvalidAccountError(holder, cause);
  }
  return toBeHex((BigInt(address) << 96n) | number, 32);
}

/** Address of the owner of an account. */
export function owner(account: AccountId): string {
  return getAddress(dataSlice(checked(account), 0, 20));
}

/** Number of a sub-account. */
export function sub(account: AccountId): bigint {
  return BigInt(dataSlice(checked(account), 20));
}

/** The account in lower case, in which two equal accounts are equal strings. */
export function normalizeAccount(account: AccountId): AccountId {
  return checked(account).toLowerCase();
}

function checked(account: AccountId): AccountId {
  if (!isHexString(account, 32)) throw new InvalidAccountError(account);
  return account;
}

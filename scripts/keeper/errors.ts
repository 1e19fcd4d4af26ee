/** Base of what the keeper refuses on purpose. */
export class KeeperError extends Error {
  override name = "KeeperError";
}

/** A wrong option: the command ends with exit code 2. */
export class OptionError extends KeeperError {
  override name = "OptionError";
}

/** The store belongs to another deployment. */
export class WrongStoreError extends KeeperError {
  override name = "WrongStoreError";
  readonly expected: string;
  readonly found: string;

  constructor(file: string, expected: string, found: string) {
    super(`${file} was written for ${found}, the manifest is of ${expected}: give another file with --store`);
    this.expected = expected;
    this.found = found;
  }
}

/** Another process works with the store, or nothing can. */
export class UnusableStoreError extends KeeperError {
  override name = "UnusableStoreError";

  constructor(file: string, cause: unknown) {
    super(`${file} cannot be used: ${reasonOf(cause)}`, { cause });
  }
}

/** Primary result codes of SQLite. */
const SQLITE_BUSY = 5;
const SQLITE_CODES = 0xff;

function reasonOf(cause: unknown): string {
  const { errcode, message } = cause as { errcode?: number; message?: string };
  return errcode !== undefined && (errcode & SQLITE_CODES) === SQLITE_BUSY
    ? "another keeper works with it; each needs a store of its own (--store)"
    : (message ?? String(cause));
}

/** Gas costs more than the operator pays. */
export class GasTooDearError extends KeeperError {
  override name = "GasTooDearError";
  readonly asked: bigint;
  readonly most: bigint;

  constructor(asked: bigint, most: bigint) {
    super(`gas costs ${asked} wei, the most that is paid is ${most} (--max-gas-price)`);
    this.asked = asked;
    this.most = most;
  }
}

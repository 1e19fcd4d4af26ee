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

/** Base of every error that the SDK throws on purpose. `instanceof BulwarkError` tells them from bugs. */
export class BulwarkError extends Error {
  override name = "BulwarkError";
}

/** A number that the chain could not hold at this place; the contract would revert here. */
export class NumberOutOfRangeError extends BulwarkError {
  override name = "NumberOutOfRangeError";
  readonly subject: string;
  readonly value: bigint;
  readonly type: string;

  /**
   * @param subject what the number is, as the caller calls it
   * @param value the number
   * @param type Solidity type that it must fit in
   */
  constructor(subject: string, value: bigint, type: string) {
    super(`${subject} = ${value.toString()} does not fit in ${type}. Check its unit and scale, or reduce the amounts.`);
    this.subject = subject;
    this.value = value;
    this.type = type;
  }
}

/** A division by zero; the contract would revert here. */
export class DivisionByZeroError extends BulwarkError {
  override name = "DivisionByZeroError";
  readonly subject: string;

  /** @param subject the divisor, as the caller calls it */
  constructor(subject: string) {
    super(`${subject} is 0 and cannot divide. Pass a value above 0.`);
    this.subject = subject;
  }
}

/** A market class that does not exist. */
export class UnknownMarketClassError extends BulwarkError {
  override name = "UnknownMarketClassError";
  readonly marketClass: number;

  /** @param marketClass the number that was passed */
  constructor(marketClass: number) {
    super(`Market class ${marketClass} does not exist. Use 0 (major), 1 (mid) or 2 (tail).`);
    this.marketClass = marketClass;
  }
}

/** A token with decimals that the contracts do not take. */
export class DecimalsError extends BulwarkError {
  override name = "DecimalsError";
  readonly decimals: number;

  /** @param decimals the number that was passed */
  constructor(decimals: number) {
    super(`A token with ${decimals} decimals cannot be converted. Pass a whole number from 0 to 18.`);
    this.decimals = decimals;
  }
}

import { expect } from "chai";

import {
  compact,
  digitsFor,
  duration,
  exactAmount,
  fixedAmount,
  parseAmount,
  percent,
  plainAmount,
  shortHex,
} from "../../../app/src/chain/format.ts";

const WAD = 10n ** 18n;

describe("Numbers of the page", () => {
  it("rounds half away from zero, groups, and keeps the sign", () => {
    expect(fixedAmount(1_234_567_895n, 6, 2)).to.equal("1,234.57");
    expect(fixedAmount(-1_234_565_000n, 6, 2)).to.equal("−1,234.57");
    expect(fixedAmount(5n, 3, 2)).to.equal("0.01");
    expect(fixedAmount(-4n, 3, 2)).to.equal("0.00");
    expect(fixedAmount(7n, 0, 2)).to.equal("7.00");
    expect(fixedAmount(999_999n, 6, 0)).to.equal("1");
  });

  it("shows every decimal that a number has, none more", () => {
    expect(exactAmount(1_000_000n * WAD + 1n, 18)).to.equal("1,000,000.000000000000000001");
    expect(exactAmount(-15n * 10n ** 17n, 18)).to.equal("−1.5");
    expect(exactAmount(0n, 18)).to.equal("0");
    expect(exactAmount(42n, 0)).to.equal("42");
  });

  it("reads what people write, and says what is wrong with the rest", () => {
    expect(parseAmount(" 1,250.5 ", 6)).to.equal(1_250_500_000n);
    expect(parseAmount(".5", 18)).to.equal(WAD / 2n);
    expect(parseAmount("7.", 2)).to.equal(700n);
    for (const text of ["", ".", "1e5", "-3", "0x10", "1.2.3", "ten"]) {
      expect(() => parseAmount(text, 6), text).to.throw("Write a number");
    }
    expect(() => parseAmount("0.1234567", 6)).to.throw("at most 6 decimals");
  });

  it("writes what it reads", () => {
    for (const value of [0n, 1n, 10n ** 6n, 123_456_789n, 10n ** 24n + 1n]) {
      expect(parseAmount(plainAmount(value, 6), 6)).to.equal(value);
    }
  });

  it("shows parts, times, magnitudes and hashes", () => {
    expect(percent(1n, 3n, 2)).to.equal("33.33%");
    expect(percent(-5n, 1_000n, 1)).to.equal("−0.5%");
    expect(duration(0n)).to.equal("0 s");
    expect(duration(59n)).to.equal("59 s");
    expect(duration(3_600n)).to.equal("1 h");
    expect(duration(90_061n)).to.equal("1 d 1 h");
    expect(duration(86_400n * 28n)).to.equal("28 d");
    expect(duration(86_400n + 300n)).to.equal("1 d");
    expect([0, 12, 1_500, 25_000, 3_400_000, 5e9, -12_500].map(compact)).to.deep.equal([
      "0",
      "12",
      "1500",
      "25k",
      "3.4m",
      "5bn",
      "−12.5k",
    ]);
    expect([0n, WAD / 2n, 3n * WAD, 20_000n * WAD].map((value) => digitsFor(value, 18))).to.deep.equal([2, 4, 2, 0]);
    expect(shortHex("0x1234567890abcdef")).to.equal("0x1234…cdef");
    expect(shortHex("0x12345678")).to.equal("0x12345678");
  });
});

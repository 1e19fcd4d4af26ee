import { expect } from "chai";

import { BenchError } from "../../../scripts/bench/errors.ts";
import { SCENARIOS } from "../../../scripts/bench/measure.ts";
import { HOUSE_KEYS, VAULT_KEYS, scaleLines, scalesOf } from "../../../scripts/bench/scale.ts";
import type { ScaleFigure } from "../../../scripts/bench/scale.ts";

const KEYS = [...HOUSE_KEYS, ...VAULT_KEYS];

/** Every operation at 5,000 gas in two populations, but for what is given otherwise. */
function figures(otherwise: Readonly<Record<string, number>> = {}): ScaleFigure[] {
  return KEYS.flatMap((key) =>
    [10, 1_000].map((accounts) => ({ key, accounts, gas: otherwise[`${key} ${accounts}`] ?? 5_000 })),
  );
}

describe("bench, the same at every size of the house and of the vault", () => {
  it("asks of fills, money in and out, margin checks, losses, and of all that underwriters and buyers do", () => {
    for (const key of ["bid", "deleverage", "bid-socialised", "fill", "deposit", "withdraw", "health"]) {
      expect(HOUSE_KEYS).to.include(key);
    }
    for (const key of ["vault-deposit", "vault-request", "vault-redeem", "draw", "cover-buy", "cover-redeem"]) {
      expect(VAULT_KEYS).to.include(key);
    }
    const measured = new Set(SCENARIOS.flatMap(({ keys }) => keys));
    expect(KEYS.filter((key) => !measured.has(key))).to.deep.equal([]);
  });

  it("the same is the same to the gas: one gas more in one population is told, and of which operation", () => {
    expect(scalesOf(figures()).every(({ isSame }) => isSame)).to.equal(true);
    const scales = scalesOf(figures({ "vault-request 1000": 5_001 }));
    expect(scales.filter(({ isSame }) => !isSame).map(({ key }) => key)).to.deep.equal(["vault-request"]);
    const lines = scaleLines(scales);
    expect(lines).to.include("  bid, accounts in the house 10: 5000, 1,000: 5000 (the same)");
    expect(lines).to.include(
      "! vault-request, holders, requests and buyers in the vault 10: 5000, 1,000: 5001 (NOT the same)",
    );
  });

  it("what was not measured in every population is an error, not the same", () => {
    const some = figures().filter(({ key, accounts }) => key !== "fill" || accounts !== 1_000);
    expect(() => scalesOf(some)).to.throw(BenchError, "fill was measured in 1 of 2 populations");
    expect(() => scalesOf(figures().filter(({ key }) => key !== "draw"))).to.throw(
      BenchError,
      "draw was measured in 0 of 2 populations",
    );
  });
});

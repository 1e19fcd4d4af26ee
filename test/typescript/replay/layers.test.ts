import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { Interface, Wallet } from "ethers";
import type { LogDescription } from "ethers";

import { VaultLedger } from "../../../scripts/replay/capital.ts";
import { lastWeek, planCover } from "../../../scripts/replay/cover.ts";
import type { Payout } from "../../../scripts/replay/cover.ts";
import { parseOptions } from "../../../scripts/replay/options.ts";
import type { Plan } from "../../../scripts/replay/population.ts";
import { createRandom } from "../../../scripts/replay/random.ts";
import { WEEK, planVaults } from "../../../scripts/replay/underwriting.ts";
import { auditPayouts } from "../../../scripts/replay/vaultChecks.ts";

const UNIT = 10n ** 18n;
const TOKEN = 10n ** 6n;
const PRICE = 200n * UNIT;
const ARTIFACT = new URL(
  "../../../artifacts/contracts/interfaces/ICoverageVault.sol/ICoverageVault.json",
  import.meta.url,
);

/** A trader with a plan; at 200 a unit, `base` units short or long. */
function trader(name: number, base: number, plan: Partial<Plan> = {}) {
  const wallet = new Wallet(`0x${name.toString(16).padStart(64, "0")}`);
  const whole = { isLong: false, leverage: 2, deposit: base * 100, inEther: false, entry: 0, ...plan };
  return { wallet, account: `account ${name}`, plan: whole };
}

const SHORTS = [trader(1, 100), trader(2, 300), trader(3, 50)];
const terms = (sum: bigint, seed = 1) => ({ price: PRICE, sum, random: createRandom(seed) });

describe("replay, who buys cover", () => {
  const others = [trader(4, 900, { isLong: true }), trader(5, 900, { entry: 0.2 })];

  it("sells the sum insured to shorts of the first wave, none more than he plans to hold", () => {
    const { limit, holders } = planCover([...others, ...SHORTS], terms(8_000n * TOKEN));
    expect(limit).to.equal(40n * UNIT);
    const units = holders.map((holder) => holder.units);
    expect(units.reduce((sum, each) => sum + each, 0n)).to.equal(200n * UNIT);
    for (const { party, units: bought } of holders) {
      const own = SHORTS.find(({ account }) => account === party.account);
      expect(own, party.account).to.not.equal(undefined);
      expect(bought > 0n && bought <= BigInt(own?.plan.deposit ?? 0) * (UNIT / 100n)).to.equal(true);
    }
  });

  it("has the largest take what is more than all of them plan to hold", () => {
    const { holders } = planCover(SHORTS, terms(40_000n * TOKEN));
    const bought = new Map(holders.map(({ party, units }) => [party.account, units / UNIT]));
    expect(Object.fromEntries(bought)).to.deep.equal({ "account 1": 100n, "account 2": 850n, "account 3": 50n });
  });

  it("draws by the seed", () => {
    const many = Array.from({ length: 20 }, (_, index) => trader(index + 1, 100));
    const drawn = (seed: number) =>
      planCover(many, terms(20_000n * TOKEN, seed)).holders.map(({ party }) => party.account);
    expect(drawn(7)).to.have.length(5);
    expect(drawn(7)).to.deep.equal(drawn(7));
    expect(drawn(7)).to.not.deep.equal(drawn(8));
  });

  it("keeps the limit inside the product's bounds and the tokens inside 96 bits (CVR-03)", () => {
    const cheap = { ...terms(10n ** 9n * TOKEN), price: 10n ** 12n };
    const { limit, holders } = planCover(SHORTS, cheap);
    expect(limit >= 10n ** 16n).to.equal(true);
    for (const { units } of holders) expect(units < 2n ** 96n).to.equal(true);
    expect(planCover(SHORTS, { ...terms(TOKEN), price: 10n ** 27n }).limit).to.equal(10n ** 23n);
  });

  it("lets cover end four to five weeks after the first price, later when the prices last, and never after what is allowed", () => {
    const first = 2_600 * WEEK + 3 * 86_400;
    expect(lastWeek(first, first + 2 * 86_400)).to.equal(2_605);
    expect(lastWeek(first, first + 6 * WEEK)).to.equal(2_607);
    expect(lastWeek(first, first + 100 * WEEK)).to.equal(2_609);
  });
});

describe("replay, what vaults need", () => {
  const plans = (...args: string[]) =>
    planVaults(parseOptions(["--backstop", "0", "--reinsurance", "0", "--cover", "0", ...args]));

  it("has capital for commitment, twice the cover, the floor and a unit to spare (CVR-02)", () => {
    const backstop = { name: "backstop", capital: 401n * TOKEN, commitment: 100n * TOKEN };
    expect(plans("--backstop", "100", "--cover", "100")).to.deep.equal([backstop]);
    const reinsurance = { name: "reinsurance", capital: 108n * TOKEN, commitment: 7n * TOKEN };
    expect(plans("--reinsurance", "7")).to.deep.equal([reinsurance]);
  });

  it("needs no vault for nothing", () => expect(plans()).to.deep.equal([]));
});

describe("replay, books of a vault", () => {
  const { abi } = JSON.parse(readFileSync(fileURLToPath(ARTIFACT), "utf8")) as { abi: [] };
  const events = new Interface(abi);
  const event = (name: string, ...values: unknown[]): LogDescription => {
    const log = events.parseLog(events.encodeEventLog(name, values));
    if (!log) throw new TypeError(name);
    return log;
  };
  const ledgerOf = (...logs: LogDescription[]): VaultLedger => {
    const ledger = new VaultLedger("backstop");
    ledger.addDeposit("junior", 40n * UNIT);
    ledger.addDeposit("senior", 60n * UNIT);
    for (const log of logs) ledger.add(log);
    return ledger;
  };

  it("adds up deposits, premium and losses by tranche", () => {
    const ledger = ledgerOf(event("PremiumEarned", 3n, 1n, 0n), event("LossBooked", 40n * UNIT, 0n));
    expect(ledger.value).to.deep.equal({ junior: 3n, senior: 60n * UNIT + 1n });
    expect(ledger.broken).to.deep.equal([]);
  });

  it("notices that senior pays while junior has something left (INV-08)", () => {
    expect(ledgerOf(event("LossBooked", 40n * UNIT, 5n)).broken).to.deep.equal([]);
    const ledger = ledgerOf(event("LossBooked", 39n * UNIT, UNIT));
    expect(ledger.broken).to.deep.equal([`backstop: senior lost ${UNIT} wei, junior had ${UNIT} left`]);
  });

  it("counts cover when it is minted, not when it is bought or refunded (CVR-07)", () => {
    const buyer = new Wallet(`0x${"1".padStart(64, "0")}`).address;
    const bought = (purchase: bigint) => event("CoverBought", purchase, 1n, buyer, 2n * UNIT, 7n, 0n);
    const opened = event("SeriesOpened", 1n, 1n, 40n * UNIT, 0n);
    const ledger = ledgerOf(opened, bought(1n), bought(2n), event("CoverRefunded", 1n, 1n, 7n));
    expect(ledger.cover.premiums).to.equal(0n);
    ledger.add(event("CoverMinted", 2n, 1n, 2n * UNIT, 1n));
    const { insured, premiums, fundShare } = ledger.cover;
    expect([insured, premiums, fundShare]).to.deep.equal([80n * UNIT, 7n, 1n]);
  });
});

describe("replay, what holders of cover got", () => {
  const check = (...payouts: { paid: bigint; owed: bigint }[]): boolean => {
    const holder = { party: SHORTS[0] ?? trader(1, 1), units: UNIT };
    let result: boolean | undefined;
    auditPayouts(
      payouts.map((payout): Payout => ({ holder, ...payout })),
      (_id, _name, holds) => (result = holds),
    );
    return result ?? false;
  };

  it("allows less than a token unit of rounding each, and no more (CVR-07, INV-12)", () => {
    expect(check({ paid: 0n, owed: 0n }, { paid: 5n * 10n ** 12n, owed: 6n * 10n ** 12n - 1n })).to.equal(true);
    expect(check({ paid: 0n, owed: 0n }, { paid: 5n * 10n ** 12n, owed: 6n * 10n ** 12n })).to.equal(false);
    expect(check({ paid: 10n ** 12n, owed: 0n })).to.equal(false);
  });
});

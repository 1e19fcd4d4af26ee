import { max, min } from "../../../../../sdk/math/WadMath.ts";
import type { Variable } from "../../storage/layout.ts";
import type { Token } from "../Token.ts";
import type { Commitment, RunningLoss, TrancheBook, VaultCapital, VaultLedger } from "../types.ts";
import { Contract } from "../world.ts";
import type { World } from "../world.ts";

const TRANCHE_DUST = 1_000_000n;
/** Bit of Capital.draws: the current interval has a draw (DrawnLosses.sol). */
const IN_THIS = 1n;
const LOW_BITS = 16;

/**
 * Twin of a coverage vault as the loss path sees it (CVR-05, CVR-09): offer, draw and collect of a commitment without treaty, while nobody
 * has an advance, no premium is earned and no share moves. What underwriters and buyers do is not played.
 */
export class CoverageVault extends Contract {
  readonly capital = this.table<VaultCapital>("_capital");
  readonly ledger = this.table<VaultLedger>("_ledger");
  readonly tranches = this.table<TrancheBook>("_tranches");
  readonly running = this.table<RunningLoss>("_running");
  readonly commitments = this.table<Commitment>("_commitments");
  readonly token: Token;
  readonly #floor: bigint;

  constructor(
    world: World,
    place: { address: string; layout: ReadonlyMap<string, Variable> },
    parts: { token: Token; floor: bigint },
  ) {
    super(world, place.address, place.layout);
    this.token = parts.token;
    this.#floor = parts.floor;
  }

  offer(segment: bigint, needed: bigint): { junior: bigint; senior: bigint } {
    const drawable = min(this.#drawable(segment), needed);
    const junior = min(this.capital.get().junior, drawable);
    return { junior, senior: drawable - junior };
  }

  draw(segment: bigint, amount: bigint): { junior: bigint; senior: bigint } {
    const paid = min(amount, this.#drawable(segment));
    if (paid === 0n) return { junior: 0n, senior: 0n };
    const commitment = this.commitments.get(segment);
    this.commitments.change({ remaining: this.#remaining(segment) - paid, owed: commitment.owed + paid }, segment);
    const ledger = this.ledger.get();
    this.ledger.change({ committed: ledger.committed - paid, owed: ledger.owed + paid });
    this.world.pass("vault drawn");
    const before = this.capital.get();
    const junior = min(before.junior, paid);
    this.#charge("junior", junior);
    const senior = min(this.capital.get().senior, paid - junior);
    this.#charge("senior", senior);
    this.#note(segment, before, { junior, senior });
    return { junior, senior };
  }

  /** What the shares that the draw finds have lost (FND-10). */
  #note(segment: bigint, before: VaultCapital, lost: { junior: bigint; senior: bigint }): void {
    const [juniorEpoch, seniorEpoch] = [before.juniorEpoch, before.seniorEpoch].map((epoch) =>
      BigInt.asUintN(LOW_BITS, epoch),
    ) as [bigint, bigint];
    const goesOn = (before.draws & IN_THIS) !== 0n;
    const running = goesOn ? this.running.get() : { junior: 0n, senior: 0n, segment, juniorEpoch, seniorEpoch };
    if (running.segment !== segment) throw new Error("a second segment of a vault is not played");
    if (!goesOn) this.capital.change({ draws: before.draws | IN_THIS });
    this.running.set({
      ...running,
      junior: running.junior + (running.juniorEpoch === juniorEpoch ? lost.junior : 0n),
      senior: running.senior + (running.seniorEpoch === seniorEpoch ? lost.senior : 0n),
    });
  }

  collect(segment: bigint, fund: string): bigint {
    const { owed } = this.commitments.get(segment);
    const amount = this.token.toNativeDown(owed);
    if (amount === 0n) return 0n;
    const sent = this.token.toWad(amount);
    if (!this.token.transfer(this.address, fund, amount)) return 0n;
    this.commitments.change({ owed: owed - sent }, segment);
    this.ledger.change({ owed: this.ledger.get().owed - sent });
    this.world.pass("vault collected");
    return amount;
  }

  #charge(tranche: "junior" | "senior", amount: bigint): void {
    if (amount === 0n) return;
    const capital = this.capital.get();
    const left = capital[tranche] - amount;
    if (left >= TRANCHE_DUST) return this.capital.change({ [tranche]: left });
    this.world.pass(`${tranche} tranche used up`);
    const index = tranche === "junior" ? 0n : 1n;
    const { advanceChanges } = this.tranches.get(index);
    this.tranches.delete(index);
    this.tranches.change({ advanceChanges: advanceChanges + 1n }, index);
    if (tranche === "senior") this.capital.change({ senior: 0n, seniorEpoch: capital.seniorEpoch + 1n });
    else {
      this.capital.change({ junior: 0n, juniorEpoch: capital.juniorEpoch + 1n, senior: capital.senior + left });
    }
  }

  #drawable(segment: bigint): bigint {
    const { junior, senior } = this.capital.get();
    const spare = max(0n, junior + senior - this.ledger.get().liability - this.#floor);
    return min(this.#remaining(segment), spare);
  }

  #remaining(segment: bigint): bigint {
    return min(this.commitments.get(segment).remaining, this.ledger.get().committed);
  }
}

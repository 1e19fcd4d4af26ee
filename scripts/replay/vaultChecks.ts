import { VAULT_FLOOR } from "../../deploy/modules/defaults.ts";
import { abs } from "../../sdk/math/WadMath.ts";
import type { Payout } from "./cover.ts";
import type { Desk } from "./desk.ts";
import type { VaultName } from "./local.ts";
import { SEGMENT, TOKEN_TO_WAD } from "./local.ts";
import { readVault } from "./underwriting.ts";

/** Reports one look at an invariant. */
export type Note = (id: string, name: string, holds: boolean, detail: string) => void;

/** What each vault claims to hold, to owe and to be worth, against its tokens and its events. */
export async function auditVaults(desk: Desk, vaults: readonly VaultName[], note: Note): Promise<void> {
  const { capital, chain, ledger } = desk;
  let owedToFund = 0n;
  for (const name of vaults) {
    const [reading, tokens] = [await readVault(chain, name), await balanceOf(desk, chain.at.vaults[name])];
    const { junior, senior, advanced, unearned, escrowed, booked, liability, committed } = reading;
    owedToFund += reading.owedToFund;
    const liquid = junior + senior - advanced;
    const claims = liquid + unearned + escrowed + booked + reading.owedToFund;
    const held = tokens * TOKEN_TO_WAD;
    note(
      "INV-01",
      `${name}'s tokens >= tranches + premium + payouts + fund's`,
      held >= claims,
      `${held.toString()} held, ${claims.toString()} claimed`,
    );
    const bound = liability + committed === 0n ? 0n : liability + committed + VAULT_FLOOR;
    note(
      "CVR-02",
      `${name}'s capital >= cover + commitments + floor`,
      liquid >= bound,
      `${liquid.toString()} liquid, ${bound.toString()} bound`,
    );
    const { deposited, lost, standing, cover, broken } = capital[name];
    // Premium that is not earned yet is no value of the tranches; together they are all that was put in and not lost.
    const putIn = deposited.junior + deposited.senior + standing + cover.premiums - cover.fundShare;
    const off = junior + senior + unearned - (putIn - lost.junior - lost.senior);
    const detail = broken[0] ?? `off by ${off.toString()} wei`;
    note(
      "INV-08",
      `${name}: value = deposits + premium - losses, junior first`,
      off === 0n && broken.length === 0,
      detail,
    );
  }

  const { backstop, reinsurance } = capital;
  const gaps = [
    backstop.drawn.junior - ledger.layers.junior,
    backstop.drawn.senior - ledger.layers.senior,
    reinsurance.drawn.junior + reinsurance.drawn.senior - ledger.layers.reinsurance,
  ];
  note(
    "INV-03",
    "vaults booked what the fund says they paid, to the wei",
    gaps.every((gap) => gap === 0n),
    `off by ${gaps.map(String).join(", ")} wei`,
  );
  const data = chain.fund.interface.encodeFunctionData("segmentOf", [SEGMENT]);
  const [, , , , , pending = 0n] = await chain.read({ to: chain.at.fund, data });
  note(
    "FND-11",
    "vaults owe what the fund waits for",
    owedToFund >= pending,
    `${owedToFund.toString()} owed, ${pending.toString()} waited for`,
  );
}

/** CVR-07 and INV-12: every holder got units * min(limit, what a unit of base was charged), less than one token unit rounded away. */
export function auditPayouts(payouts: readonly Payout[], note: Note): void {
  const off = payouts.map(({ paid, owed }) => abs(owed - paid));
  const worst = off.reduce((most, each) => (each > most ? each : most), 0n);
  note(
    "CVR-07",
    "cover paid = units * min(limit, charged per unit), each holder",
    worst < TOKEN_TO_WAD,
    `${payouts.length} holders, off by ${worst.toString()} wei at most`,
  );
}

async function balanceOf(desk: Desk, holder: string): Promise<bigint> {
  const { usd, at, read } = desk.chain;
  const [balance = 0n] = await read({ to: at.usd, data: usd.interface.encodeFunctionData("balanceOf", [holder]) });
  return balance;
}

import type { Desk } from "./desk.ts";

/** Test tokens for someone, of which a contract may take as much as `allowance`, or all of them. */
export interface Money {
  readonly token: string;
  readonly owner: string;
  readonly spender: string;
  readonly amount: bigint;
  readonly allowance?: bigint;
}

/** Mints test tokens to someone and lets a contract take them. All tokens of the replay have the same interface. */
export async function mintAndApprove(desk: Desk, money: Money): Promise<void> {
  const { token, owner, spender, amount, allowance = amount } = money;
  const { interface: abi } = desk.chain.usd;
  await desk.act({ to: token, data: abi.encodeFunctionData("mint", [owner, amount]), operation: "mint" });
  const data = abi.encodeFunctionData("approve", [spender, allowance]);
  await desk.act({ from: owner, to: token, data, operation: "approve" });
}

import type { Interface } from "ethers";

/** Name of the error with which a call failed, as one of the contracts that it went through knows it; undefined when it did not fail. */
export async function refusalOf(
  call: Promise<unknown>,
  ...contracts: readonly { readonly interface: Interface }[]
): Promise<string | undefined> {
  try {
    await call;
    return undefined;
  } catch (error) {
    const { data } = error as { data?: string };
    for (const contract of contracts) {
      const known = data === undefined ? null : contract.interface.parseError(data);
      if (known !== null) return known.name;
    }
    throw error;
  }
}

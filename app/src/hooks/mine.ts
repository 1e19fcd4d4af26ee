// The reader's own account and tokens.
import { bindToken } from "../../../sdk/contracts.ts";
import { NO_ACCOUNT } from "../../../sdk/index.ts";
import { useDeployment } from "./network.tsx";
import { useRead } from "./read.ts";
import { useStored } from "./stored.ts";
import { useWallet } from "./wallet.tsx";

/** The reader's account, undefined without a wallet. Sub-accounts are chosen by number. */
export function useAccount(): { account: string | undefined; number: string; choose: (number: string) => void } {
  const { client } = useDeployment();
  const { address } = useWallet();
  const [number, choose] = useStored("bulwark:account", "0");
  const isNumber = /^\d{1,20}$/.test(number);
  const account = address === undefined ? undefined : client.accounts.idOf(address, isNumber ? BigInt(number) : 0n);
  return { account, number: isNumber ? number : "0", choose };
}

/** Header, health and free margin. */
export function useReport(account: string | undefined) {
  const { client } = useDeployment();
  return useRead(["report", account], () => client.accounts.report(account ?? NO_ACCOUNT), account !== undefined);
}

export function usePositions(account: string | undefined) {
  const { client } = useDeployment();
  return useRead(["positions", account], () => client.accounts.positions(account ?? NO_ACCOUNT), account !== undefined);
}

/** Balance of a token in the wallet, in its own decimals. */
export function useBalance(token: string) {
  const { provider } = useDeployment();
  const { address } = useWallet();
  return useRead(
    ["balance", token, address],
    () => bindToken(token, provider).balanceOf(address ?? ""),
    address !== undefined,
  );
}

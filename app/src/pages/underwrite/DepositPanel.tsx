import { useState } from "react";

import { bindToken } from "../../../../sdk/contracts.ts";
import { Tranche } from "../../../../sdk/index.ts";
import type { Place } from "../../../../sdk/index.ts";
import { plainAmount } from "../../chain/format.ts";
import { Tokens } from "../../components/Amount.tsx";
import { Field, parsed, Submit } from "../../components/Form.tsx";
import { Facts, Panel } from "../../components/Layout.tsx";
import { useAction } from "../../hooks/actions.tsx";
import type { Step } from "../../hooks/actions.tsx";
import { useBalance } from "../../hooks/mine.ts";
import { useDeployment } from "../../hooks/network.tsx";
import { useRead } from "../../hooks/read.ts";

/** Shares may cost so much more than was seen when the block comes. */
const TOLERANCE_BPS = 50n;

export function DepositPanel({ place }: { place: Place }) {
  const { client, decimals, symbol } = useDeployment();
  const [text, setText] = useState("");
  const action = useAction();
  const balance = useBalance(client.tokens.settlement);
  const { value: assets, problem } = parsed(text, decimals);
  const shares = useRead(
    ["previewDeposit", place.vault, place.tranche, assets?.toString()],
    () => client.vaults.previewDeposit(place, assets ?? 0n),
    assets !== undefined && assets > 0n,
  );
  const isTooMuch = assets !== undefined && balance.value !== undefined && assets > balance.value;
  const name = place.tranche === Tranche.Junior ? "junior" : "senior";
  const deposit = async () => {
    if (assets === undefined || shares.value === undefined) return;
    if (await action.run(depositSteps({ place, assets, shares: shares.value, name }))) setText("");
  };
  return (
    <Panel title={`Deposit, ${name}`}>
      <div className="form">
        <Field
          label="Capital to deposit"
          text={text}
          onText={setText}
          unit={symbol}
          problem={problem ?? (isTooMuch ? "More than there is." : undefined)}
          hint={
            <>
              In the wallet: <Tokens value={balance.value} />
            </>
          }
          onMost={balance.value === undefined ? undefined : () => setText(plainAmount(balance.value ?? 0n, decimals))}
        />
        <Facts
          rows={[
            ["Shares", <Tokens value={assets ? shares.value : undefined} digits={4} />],
            ["Leaving takes", "28 days, then a window of 7"],
          ]}
        />
        <Submit
          action={action}
          onSubmit={() => void deposit()}
          reason={
            !assets || isTooMuch
              ? "Write an amount."
              : shares.value === undefined
                ? "Reading the price of a share…"
                : undefined
          }
        >
          Deposit capital
        </Submit>
      </div>
    </Panel>
  );
}

interface Terms {
  readonly place: Place;
  readonly assets: bigint;
  readonly shares: bigint;
  readonly name: string;
}

function depositSteps({ place, assets, shares, name }: Terms): Step[] {
  return [
    {
      label: "Allow the vault to take the deposit",
      act: async ({ client, signer, address }) => {
        const spender = await (await client.vaults.share(place)).getAddress();
        const allowance = await bindToken(client.tokens.settlement, signer).allowance(address, spender);
        return allowance >= assets ? undefined : client.tokens.approve(spender, assets);
      },
    },
    {
      label: `Deposit capital, ${name}`,
      act: ({ client, address }) =>
        client.vaults.deposit(place, {
          assets,
          minShares: (shares * (10_000n - TOLERANCE_BPS)) / 10_000n,
          receiver: address,
        }),
    },
  ];
}

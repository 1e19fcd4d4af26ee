import { useState } from "react";

import { bindToken } from "../../../../sdk/contracts.ts";
import { PermitUnsupportedError } from "../../../../sdk/index.ts";
import { bindFace } from "../../chain/abi.ts";
import { plainAmount } from "../../chain/format.ts";
import type { AssetView } from "../../chain/markets.ts";
import { Amount, Money } from "../../components/Amount.tsx";
import { Field, parsed, Segments, Select, Submit } from "../../components/Form.tsx";
import { Empty, Facts, Loading, Panel, ReadError } from "../../components/Layout.tsx";
import { Meter } from "../../components/Meter.tsx";
import { useAction } from "../../hooks/actions.tsx";
import type { Step } from "../../hooks/actions.tsx";
import { useNow } from "../../hooks/clock.ts";
import { useAccount, useBalance, useReport } from "../../hooks/mine.ts";
import { useDeployment } from "../../hooks/network.tsx";
import { useRead } from "../../hooks/read.ts";

const GIFT = 10_000n;
const PERMIT_SECONDS = 900n;

export function AccountPanel({ account, assets }: { account: string | undefined; assets: readonly AssetView[] }) {
  const report = useReport(account);
  const { number, choose } = useAccount();
  if (account === undefined) {
    return (
      <Panel title="Your account">
        <Empty>Connect a wallet to deposit and to see your margin.</Empty>
      </Panel>
    );
  }
  const health = report.value;
  const [first] = assets;
  return (
    <Panel title="Your account" aside={<>sub-account {number}</>}>
      <ReadError error={report.error} />
      {health === undefined ? (
        <Loading />
      ) : (
        <div className="form">
          <Health balance={health.health.marginBalance} margin={health.maintenanceMargin} />
          <Facts
            rows={[
              ["Worth", <Money value={health.health.value} />],
              ["Cash", <Money value={health.header.cash} />],
              ["Free margin", <Money value={health.freeMargin} />],
              ["Initial margin used", <Money value={health.health.initialMargin} />],
              ["Maintenance margin", <Money value={health.maintenanceMargin} />],
              health.deficitShare > 0n
                ? ["Withheld for a measured loss", <Money value={health.deficitShare} />]
                : undefined,
            ]}
          />
          {first !== undefined && <Funds account={account} assets={assets} first={first} />}
          <Field
            label="Sub-account"
            text={number}
            onText={(text) => /^\d{0,20}$/.test(text) && choose(text)}
            isText
            hint="Each has its own margin and is liquidated alone."
          />
        </div>
      )}
    </Panel>
  );
}

/** What is left above liquidation: E and MM side by side. */
export function Health({ balance, margin }: { balance: bigint; margin: bigint }) {
  const ratio = margin === 0n ? undefined : (balance * 100n) / margin;
  const tone = ratio === undefined || ratio >= 200n ? "good" : ratio >= 120n ? "warn" : "bad";
  return (
    <div className="health">
      <div className="spread">
        <span>Health</span>
        <b className="number" title="Margin balance over maintenance margin; below 100% the account is liquidated">
          {ratio === undefined ? "no positions" : `${ratio}%`}
        </b>
      </div>
      <Meter label="Margin used" part={margin} whole={balance <= 0n ? margin || 1n : balance} tone={tone} />
    </div>
  );
}

type Way = "deposit" | "withdraw";

function Funds({ account, assets, first }: { account: string; assets: readonly AssetView[]; first: AssetView }) {
  const { client, network, provider } = useDeployment();
  const now = useNow();
  const [way, setWay] = useState<Way>("deposit");
  const [id, setId] = useState(String(first.id));
  const [text, setText] = useState("");
  const action = useAction();
  const gift = useAction();
  const asset = assets.find((one) => String(one.id) === id) ?? first;
  const balance = useBalance(asset.token);
  const most = useRead(["maxWithdraw", account, asset.id], () =>
    client.accounts.maxWithdraw(account, { asset: asset.id }),
  );
  const available = way === "deposit" ? balance.value : most.value;
  const { value: amount, problem } = parsed(text, asset.decimals);
  const isTooMuch = amount !== undefined && available !== undefined && amount > available;
  const submit = async () => {
    if (amount === undefined) return;
    const steps =
      way === "deposit" ? depositSteps({ account, asset, amount, now }) : [withdrawal({ account, asset, amount })];
    if (await action.run(steps)) setText("");
  };
  const mint: Step = {
    label: `Get ${GIFT} test ${asset.symbol}`,
    act: async ({ signer, address }) =>
      (await bindFace("MockToken", asset.token, signer).getFunction("mint")(
        address,
        GIFT * 10n ** BigInt(asset.decimals),
      )) as Awaited<ReturnType<Step["act"]>>,
  };
  return (
    <div className="form">
      <Segments
        label="Deposit or withdraw"
        value={way}
        options={[
          ["deposit", "Deposit"],
          ["withdraw", "Withdraw"],
        ]}
        onChoice={setWay}
      />
      <div className="row">
        {assets.length > 1 && (
          <Select
            label="Asset"
            value={id}
            options={assets.map((one) => [String(one.id), one.symbol] as const)}
            onChoice={setId}
          />
        )}
        <Field
          label={way === "deposit" ? "Amount to deposit" : "Amount to withdraw"}
          text={text}
          onText={setText}
          unit={asset.symbol}
          problem={problem ?? (isTooMuch ? "More than there is." : undefined)}
          hint={
            <>
              {way === "deposit" ? "In the wallet" : "Withdrawable"}:{" "}
              <Amount value={available} decimals={asset.decimals} digits={2} unit={asset.symbol} />
            </>
          }
          onMost={available === undefined ? undefined : () => setText(plainAmount(available, asset.decimals))}
        />
      </div>
      {asset.id !== 0 && (
        <p className="hint">As margin it counts for {100 - Number(asset.haircut) / 100}% of its value.</p>
      )}
      <Submit
        action={action}
        onSubmit={() => void submit()}
        reason={amount === undefined || amount === 0n || isTooMuch ? "Write an amount." : undefined}
      >
        {way === "deposit" ? "Deposit" : "Withdraw"}
      </Submit>
      {network.isTest && way === "deposit" && provider !== undefined && (
        <Submit action={gift} kind="small" onSubmit={() => void gift.run([mint])}>
          Get {GIFT.toLocaleString("en")} test {asset.symbol}
        </Submit>
      )}
    </div>
  );
}

interface Movement {
  readonly account: string;
  readonly asset: AssetView;
  readonly amount: bigint;
}

function withdrawal({ account, asset, amount }: Movement): Step {
  return {
    label: `Withdraw ${asset.symbol}`,
    act: ({ client }) => client.accounts.withdraw(account, { asset: asset.id, amount }),
  };
}

/** One transaction where the token has permits, otherwise an approval first. */
function depositSteps({ account, asset, amount, now }: Movement & { now: bigint }): Step[] {
  const approve: Step = {
    label: `Allow the deposit of ${asset.symbol}`,
    act: async ({ client, signer, address }) => {
      const allowance = await bindToken(asset.token, signer).allowance(address, client.addresses.house);
      return allowance >= amount ? undefined : client.tokens.approve(client.addresses.house, amount, asset.token);
    },
  };
  return [
    {
      label: `Deposit ${asset.symbol}`,
      act: async (hand) => {
        const { client } = hand;
        try {
          const terms = { value: amount, deadline: now + PERMIT_SECONDS, token: asset.token };
          const permit = await client.tokens.permit(client.addresses.house, terms);
          return await client.accounts.deposit(account, { asset: asset.id, amount, permit });
        } catch (error) {
          if (!(error instanceof PermitUnsupportedError)) throw error;
          await (await approve.act(hand))?.wait();
          return client.accounts.deposit(account, { asset: asset.id, amount });
        }
      },
    },
  ];
}

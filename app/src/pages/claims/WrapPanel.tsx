import { ZeroAddress } from "ethers";
import { useState } from "react";

import { bindFace } from "../../chain/abi.ts";
import type { Series } from "../../chain/covers.ts";
import { Address, Amount } from "../../components/Amount.tsx";
import { Field, parsed, Segments, Submit } from "../../components/Form.tsx";
import { Facts } from "../../components/Layout.tsx";
import { useAction } from "../../hooks/actions.tsx";
import type { Step } from "../../hooks/actions.tsx";
import { useDeployment } from "../../hooks/network.tsx";
import { useRead } from "../../hooks/read.ts";
import { useWallet } from "../../hooks/wallet.tsx";

type Way = "wrap" | "unwrap";
type Sent = Awaited<ReturnType<Step["act"]>>;

/** Cover as an ERC-20, one to one, for those whose tools know no other tokens. */
export function WrapPanel({ series, units }: { series: Series; units: bigint }) {
  const { client, manifest, provider } = useDeployment();
  const { address } = useWallet();
  const [way, setWay] = useState<Way>("wrap");
  const [text, setText] = useState("");
  const action = useAction();
  const factory = manifest.contracts.CoverWrapperFactory?.address;
  const state = useRead(
    ["wrapper", series.id.toString(), address],
    async () => {
      const wrapper = String(
        await bindFace("CoverWrapperFactory", factory ?? ZeroAddress, provider).getFunction("wrapperOf")(series.id),
      );
      const isThere = (await provider.getCode(wrapper)) !== "0x";
      const wrapped = isThere
        ? ((await bindFace("CoverWrapper", wrapper, provider).getFunction("balanceOf")(
            address ?? ZeroAddress,
          )) as bigint)
        : 0n;
      return { wrapper, isThere, wrapped };
    },
    factory !== undefined && address !== undefined,
  );
  const { value: amount, problem } = parsed(text, 18);
  if (factory === undefined || state.value === undefined || (units === 0n && state.value.wrapped === 0n)) return null;
  const { wrapper, isThere, wrapped } = state.value;
  const most = way === "wrap" ? units : wrapped;
  const go = async () => {
    if (amount === undefined) return;
    const steps =
      way === "wrap" ? wrapSteps({ factory, wrapper, isThere, series, amount }) : [unwrapStep(wrapper, amount)];
    if (await action.run(steps)) setText("");
  };
  return (
    <details className="fold">
      <summary>As an ERC-20</summary>
      <div className="form">
        <Facts
          rows={[
            ["Wrapper", <Address of={wrapper} />],
            ["Wrapped, yours", <Amount value={wrapped} unit="units" />],
          ]}
        />
        <Segments
          label="Wrap or unwrap"
          value={way}
          options={[
            ["wrap", "Wrap"],
            ["unwrap", "Unwrap"],
          ]}
          onChoice={setWay}
        />
        <Field
          label={`Units to ${way}`}
          text={text}
          onText={setText}
          problem={problem ?? (amount !== undefined && amount > most ? "More than you have." : undefined)}
        />
        <Submit
          action={action}
          onSubmit={() => void go()}
          reason={!amount || amount > most ? "Write how many units." : undefined}
        >
          {way === "wrap" ? "Wrap" : "Unwrap"}
        </Submit>
        <p className="hint">
          Only unwrapped units of {client.manifest.network === "localhost" ? "the vault" : "a vault"} are paid: unwrap
          before you take a payout.
        </p>
      </div>
    </details>
  );
}

interface WrapTerms {
  readonly factory: string;
  readonly wrapper: string;
  readonly isThere: boolean;
  readonly series: Series;
  readonly amount: bigint;
}

function wrapSteps({ factory, wrapper, isThere, series, amount }: WrapTerms): Step[] {
  const create: Step = {
    label: "Make the wrapper of this series",
    act: async ({ signer }) =>
      (await bindFace("CoverWrapperFactory", factory, signer).getFunction("create")(series.id)) as Sent,
  };
  const allow: Step = {
    label: "Allow the wrapper to take cover tokens",
    act: async ({ client, signer, address }) => {
      const token = bindFace("CoverToken", await client.contracts.vault.coverToken(), signer);
      const isAllowed = (await token.getFunction("isApprovedForAll")(address, wrapper)) as boolean;
      return isAllowed ? undefined : ((await token.getFunction("setApprovalForAll")(wrapper, true)) as Sent);
    },
  };
  const wrap: Step = {
    label: `Wrap cover: ${series.name}`,
    act: async ({ signer, address }) =>
      (await bindFace("CoverWrapper", wrapper, signer).getFunction("wrap")(amount, address)) as Sent,
  };
  return isThere ? [allow, wrap] : [create, allow, wrap];
}

function unwrapStep(wrapper: string, amount: bigint): Step {
  return {
    label: "Unwrap cover",
    act: async ({ signer, address }) =>
      (await bindFace("CoverWrapper", wrapper, signer).getFunction("unwrap")(amount, address)) as Sent,
  };
}

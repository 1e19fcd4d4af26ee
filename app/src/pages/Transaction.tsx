import { logReader, wordOfValue } from "../chain/transactionText.ts";
import { Address, Moment } from "../components/Amount.tsx";
import { Empty, Facts, Loading, PageTitle, Panel, ReadError } from "../components/Layout.tsx";
import { useDeployment } from "../hooks/network.tsx";
import { useRead } from "../hooks/read.ts";
import { useRoute } from "../hooks/route.ts";

/** One transaction in words, for networks without an explorer. */
export default function Transaction() {
  const { client, provider } = useDeployment();
  const { path } = useRoute();
  const hash = /^0x[0-9a-fA-F]{64}$/.test(path[1] ?? "") ? (path[1] ?? "") : undefined;
  const answer = useRead(
    ["transaction", hash],
    async () => {
      const receipt = await provider.getTransactionReceipt(hash ?? "");
      if (receipt === null) return { receipt };
      const block = await provider.getBlock(receipt.blockNumber);
      return { receipt, time: block?.timestamp ?? 0 };
    },
    hash !== undefined,
  );
  const receipt = answer.value?.receipt;
  if (hash === undefined) return <Empty>This is no transaction's hash.</Empty>;
  const read = logReader(client.contracts);
  const events = receipt?.logs.map((log) => ({ log, named: read({ ...log, topics: [...log.topics] }) })) ?? [];
  return (
    <>
      <PageTitle title="Transaction">
        <span className="hex wrap">{hash}</span>
      </PageTitle>
      <ReadError error={answer.error} />
      {answer.isLoading && <Loading />}
      {receipt === null && <Empty>The node knows no such transaction in a block.</Empty>}
      {receipt !== null && receipt !== undefined && (
        <div className="stackwise">
          <Panel title="Outcome">
            <Facts
              rows={[
                ["Status", receipt.status === 1 ? "done" : "failed"],
                ["Block", receipt.blockNumber],
                ["Time", <Moment at={answer.value?.time ?? 0} />],
                ["From", <Address of={receipt.from} />],
                ["Gas used", receipt.gasUsed.toString()],
              ]}
            />
          </Panel>
          <Panel title="What the contracts said">
            {events.length === 0 && <Empty>Nothing.</Empty>}
            <ul className="events">
              {events.map(({ log, named }) => (
                <li key={log.index}>
                  <h3>
                    {named === undefined ? (
                      <>
                        Event of <Address of={log.address} />
                      </>
                    ) : (
                      `${named.event} (${named.contract})`
                    )}
                  </h3>
                  {named !== undefined && (
                    <Facts
                      rows={Object.entries(named.values).map(
                        ([name, value]) => [name, <span className="hex wrap">{wordOfValue(value)}</span>] as const,
                      )}
                    />
                  )}
                </li>
              ))}
            </ul>
          </Panel>
        </div>
      )}
    </>
  );
}

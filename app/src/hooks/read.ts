// Reads of the chain: kept until the next one answers, asked again with every block.
import { useQuery } from "@tanstack/react-query";

import { useNetwork } from "./network.tsx";

export interface Answer<T> {
  readonly value: T | undefined;
  /** Why the last read failed; the value is from before then. */
  readonly error: unknown;
  readonly isLoading: boolean;
}

/** A part of a key that changes what is asked, but not of what: meanwhile the answer of before is shown. */
export interface Version {
  readonly version: string | number;
}

/** Parts of a name under which an answer is kept. An answer under one name is never shown under another. */
export type Key = readonly (string | number | undefined | Version)[];

export function useRead<T>(key: Key, read: () => Promise<T>, isWanted = true): Answer<T> {
  const { deployment, head } = useNetwork();
  const isReady = isWanted && deployment !== undefined;
  const name = key.map((part) => (typeof part === "object" ? "" : (part ?? ""))).join("\n");
  const versions = key.flatMap((part) => (typeof part === "object" ? [part.version] : []));
  const chain = deployment?.chainKey ?? "";
  const { data, error, isPending } = useQuery({
    queryKey: [chain, name, ...versions] as const,
    queryFn: async () => ({ at: head?.number, value: await read() }),
    enabled: isReady,
    placeholderData: (before, query) =>
      query?.queryKey[0] === chain && query.queryKey[1] === name ? before : undefined,
  });
  return { value: isReady ? data?.value : undefined, error, isLoading: isReady && isPending };
}

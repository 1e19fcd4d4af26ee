// Who attests what no contract can see: a wallet of several people beside a single key, and a second quorum of other people (CLM-05).
import type { TypedDataDomain, TypedDataField } from "ethers";

import type { SafeWallet } from "./safe.ts";
import { USDC } from "./fork.ts";
import type { Signer } from "./fork.ts";
import type { World } from "./world.ts";

/** Of each attestor of the first quorum. */
export const STAKE = 5_000n * USDC;
const STATEMENT = `0x${"5a".repeat(32)}`;
const ATTESTATION: Record<string, TypedDataField[]> = {
  Attestation: [
    { name: "terms", type: "bytes32" },
    { name: "vault", type: "address" },
    { name: "series", type: "uint64" },
    { name: "incident", type: "uint32" },
    { name: "round", type: "uint32" },
    { name: "payoutPerUnit", type: "uint128" },
    { name: "eventAt", type: "uint40" },
    { name: "evidence", type: "bytes32" },
    { name: "deadline", type: "uint40" },
  ],
};
const RULING: Record<string, TypedDataField[]> = {
  Ruling: [
    { name: "claim", type: "bytes32" },
    { name: "isUpheld", type: "bool" },
    { name: "deadline", type: "uint40" },
  ],
};

export interface Attestation {
  readonly terms: string;
  readonly vault: string;
  readonly series: bigint;
  readonly incident: number;
  readonly round: number;
  readonly payoutPerUnit: bigint;
  readonly eventAt: bigint;
  readonly evidence: string;
  readonly deadline: bigint;
}

/** Members in ascending order, each of a group of its own. */
const quorumOf = (addresses: readonly string[], firstGroup: number) => {
  const attestors = [...addresses].sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
  return { attestors, groups: attestors.map((_, index) => firstGroup + index), threshold: 2 };
};

/** The trigger, and its terms with both quorums; the first one has staked. */
export async function openTrigger(
  w: World,
  people: {
    readonly safe: SafeWallet;
    readonly owners: readonly Signer[];
    readonly key: Signer;
    readonly second: readonly Signer[];
  },
) {
  const { safe, owners, key, second } = people;
  const trigger = await w.ethers.deployContract("AttestedTrigger", [await w.verifier.getAddress(), w.usdc.address]);
  const at = await trigger.getAddress();
  const first = quorumOf([safe.address, key.address], 0);
  const definition = {
    statement: STATEMENT,
    vault: await w.vault.getAddress(),
    first,
    second: quorumOf(
      second.map(({ address }) => address),
      2,
    ),
    stake: STAKE,
    slashRecipient: w.administrator.address,
  };
  const terms = await trigger.defineTerms.staticCall(definition);
  await trigger.defineTerms(definition);
  await w.mint(safe.address, STAKE);
  await safe.execute(w.usdc, w.usdc.interface.encodeFunctionData("approve", [at, STAKE]), owners);
  await safe.execute({ address: at }, trigger.interface.encodeFunctionData("stake", [terms]), owners);
  await w.mint(key.address, STAKE);
  await w.usdc.send("approve", [at, STAKE], key.address);
  await trigger.connect(key).stake(terms);
  const domain: TypedDataDomain = {
    name: "Bulwark AttestedTrigger",
    version: "1",
    chainId: w.book.chainId,
    verifyingContract: at,
  };

  return {
    trigger,
    at,
    terms,
    /** Bits of the wallet and of the key. */
    bits: {
      safe: 1n << BigInt(first.attestors.indexOf(safe.address)),
      key: 1n << BigInt(first.attestors.indexOf(key.address)),
    },
    /** Signatures in the order of the quorum. */
    inOrder: (ofSafe: string, ofKey: string) =>
      first.attestors[0] === safe.address ? [ofSafe, ofKey] : [ofKey, ofSafe],
    signAttestation: (who: Signer, attestation: Attestation) => who.signTypedData(domain, ATTESTATION, attestation),
    /** The second quorum's word, of all of it. */
    async ruling(claim: string, isUpheld: boolean, deadline: bigint) {
      const sorted = [...second].sort((a, b) => (BigInt(a.address) < BigInt(b.address) ? -1 : 1));
      const sign = (who: Signer) => who.signTypedData(domain, RULING, { claim, isUpheld, deadline });
      return { signers: (1n << BigInt(sorted.length)) - 1n, signatures: await Promise.all(sorted.map(sign)) };
    },
  };
}

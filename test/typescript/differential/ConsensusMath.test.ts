import { network } from "hardhat";
import * as twin from "../../../sdk/math/ConsensusMath.ts";
import { MAX_PRICE } from "../../../sdk/math/constants.ts";
import type { AbiValue } from "../support/differential.ts";
import { itAgreesWithItsTwin, twinCase } from "../support/differential.ts";
import type { Random } from "../support/random.ts";

const { ethers } = await network.create();

type Sets = readonly [words: readonly bigint[], count: bigint, maxDeviation: bigint, last: bigint];

type Counts = readonly [
  consensus: readonly [bigint, bigint, bigint, bigint, agreeing: bigint, kinds: bigint],
  required: bigint,
  kinds: bigint,
];

/** Answers around a centre, some far away, some equal, most sets of 0 to 7 and some of up to 16. */
function drawSet(random: Random): Sets {
  const centre = random.between(1n, MAX_PRICE - MAX_PRICE / 4n);
  const width = random.between(1n, centre / 4n + 1n);
  const price = (): bigint => (random.oneIn(10n) ? random.between(1n, MAX_PRICE) : centre + random.below(width));
  const count = random.below(random.oneIn(8n) ? 17n : 8n);
  const words = Array.from({ length: 16 }, () =>
    twin.pack({ price: price(), publishedAt: random.between(1n, (1n << 40n) - 1n), kind: random.below(4n) }),
  );
  const last = random.oneIn(5n) ? 0n : price();
  return [words, count, random.between(1n, 10n ** 17n), last];
}

function unpack(word: bigint): twin.Answer {
  return { price: word >> 48n, publishedAt: (word >> 8n) & ((1n << 40n) - 1n), kind: word & 255n };
}

const asWords = (consensus: twin.Consensus): AbiValue => [
  consensus.price,
  consensus.publishedAt,
  consensus.spreadBps,
  consensus.fresh,
  consensus.agreeing,
  consensus.kinds,
];

describe("ConsensusMath and its twin (ORC-02, SDK-01, P-TWIN-01)", () => {
  itAgreesWithItsTwin(
    () => ethers.deployContract("LibraryHarnessConsensusMath"),
    [
      twinCase<Sets>({
        name: "decide",
        draw: drawSet,
        twin: (words, count, maxDeviation, last) =>
          asWords(twin.decide(words.slice(0, Number(count)).map(unpack), { maxDeviation, last })),
        leastSuccess: 1,
      }),
      twinCase({
        name: "pack",
        draw: (random: Random) => [random.between(1n, MAX_PRICE), random.uint(40n), random.below(4n)],
        twin: (price, publishedAt, kind) => twin.pack({ price, publishedAt, kind }),
        leastSuccess: 1,
      }),
      twinCase({
        name: "requiredAgreement",
        draw: (random: Random) => [random.between(1n, 16n), random.between(1n, 16n)],
        twin: twin.requiredAgreement,
        leastSuccess: 1,
      }),
      twinCase({
        name: "isReached",
        draw: (random: Random): Counts => [
          [1n, 1n, 1n, 16n, random.below(17n), random.below(5n)],
          random.below(17n),
          random.below(5n),
        ],
        twin: ([, , , , agreeing, kinds], required, needed) =>
          twin.isReached(
            { price: 1n, publishedAt: 1n, spreadBps: 1n, fresh: 16n, agreeing, kinds },
            { required, kinds: needed },
          ),
        leastSuccess: 1,
      }),
    ],
  );
});

import { withDefences } from "../../support/defences.ts";

/*
 * The oracle without one of its defences: one compilation for the attacks of all files that go through it.
 */

const READING = "contracts/oracle/sources/ChainlinkReading.sol";
/** The oracle, and the world's two readers of other kinds. */
const ORACLES = ["PriceOracle", "MockPullReader", "MockTimeWeightedReader"];
export const oracle = withDefences({
  greatestAge: { contracts: ORACLES, edits: [[READING, "block.timestamp - updatedAt > maxAge", "false"]] },
  noFuture: {
    contracts: ORACLES,
    edits: [
      [
        READING,
        "if (updatedAt > block.timestamp) return SourceStatus.FromFuture;",
        // The age of what is to come would be negative.
        "if (updatedAt > block.timestamp) updatedAt = block.timestamp;",
      ],
      ["contracts/oracle/FeedRegistry.sol", "answer[2] > block.timestamp", "false"],
    ],
  },
  insideTheBand: {
    contracts: ORACLES,
    edits: [[READING, "uint256(answer) <= uint128(band) || uint256(answer) >= band >> BAND_SHIFT", "false"]],
  },
  quorum: {
    contracts: ["PriceOracle"],
    edits: [
      [
        "contracts/libraries/ConsensusMath.sol",
        "consensus.agreeing >= required && consensus.kinds >= kinds",
        "consensus.agreeing != 0",
      ],
    ],
  },
  floorOfGas: {
    // Not of the readers: they give up early, and leave the oracle enough gas to go on without them.
    contracts: ["PriceOracle"],
    edits: [["contracts/libraries/GuardedCall.sol", "available < required", "false"]],
  },
  grace: {
    contracts: ["PriceOracle"],
    edits: [["contracts/oracle/SequencerGuard.sol", "block.timestamp >= status.graceEnds", "true"]],
  },
});

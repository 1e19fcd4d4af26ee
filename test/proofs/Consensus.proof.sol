// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Consensus, ConsensusMath} from "../../contracts/libraries/ConsensusMath.sol";

/// @title Who must agree (ORC-02)
/// prove-engine: bmc
contract ConsensusProof {
    function agreement(uint8 sources, uint8 quorum) external pure {
        uint256 needed = ConsensusMath.requiredAgreement(sources, quorum);
        // P-AGREE-01: More than half of the configured sources must agree, and never fewer than the quorum.
        // bounds: all uint8
        // bug in libraries/ConsensusMath: "uint256 majority = sources / 2 + 1;" -> "uint256 majority = (sources + 1) / 2;"
        assert(2 * needed > sources && needed >= quorum);
    }

    function alone(uint8 sources, uint8 quorum) external pure {
        uint256 needed = ConsensusMath.requiredAgreement(sources, quorum);
        // P-AGREE-02: No two groups of sources that share none can both decide.
        // bounds: all uint8
        // bug in libraries/ConsensusMath: "return quorum > majority ? quorum : majority;" -> "return quorum < majority ? quorum : majority;"
        assert(2 * needed > sources);
    }

    function reached(uint8 agreeing, uint8 kinds, uint8 required, uint8 fewestKinds) external pure {
        Consensus memory consensus;
        consensus.agreeing = agreeing;
        consensus.kinds = kinds;
        // P-AGREE-03: A consensus needs enough survivors and enough kinds of them, both.
        // bounds: all uint8
        // bug in libraries/ConsensusMath: "consensus.agreeing >= required && consensus.kinds >= kinds" -> "consensus.agreeing >= required || consensus.kinds >= kinds"
        assert(
            ConsensusMath.isReached(consensus, required, fewestKinds) == (agreeing >= required && kinds >= fewestKinds)
        );
    }
}

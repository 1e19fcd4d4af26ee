// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RedstoneConsumerNumericBase} from "@redstone-finance/evm-connector/contracts/core/RedstoneConsumerNumericBase.sol";

/// @title RedStone's own consumer, with signers of ours
/// @notice For fork tests: says what RedStone's code makes of a payload at the end of the calldata.
contract RedStoneConsumer is RedstoneConsumerNumericBase {
    /// @notice Thrown for a signer who is none of ours, where RedStone's code asks who he is.
    error RedStoneConsumer_UnknownSigner(address signer);

    uint8 private immutable _threshold;
    address[] private _signers;

    constructor(address[] memory signers, uint8 threshold) {
        (_signers, _threshold) = (signers, threshold);
    }

    /// @notice The value of a data feed, with the data feed's own decimals.
    function value(bytes32 dataFeedId) external view returns (uint256) {
        return getOracleNumericValueFromTxMsg(dataFeedId);
    }

    function getAuthorisedSignerIndex(address signer) public view override returns (uint8) {
        for (uint256 i = 0; i < _signers.length; ++i) if (_signers[i] == signer) return uint8(i);
        revert RedStoneConsumer_UnknownSigner(signer);
    }

    function getUniqueSignersThreshold() public view override returns (uint8) {
        return _threshold;
    }
}

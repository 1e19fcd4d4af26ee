// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPriceSource, SourceKind, SourceStatus} from "../../interfaces/IPriceSource.sol";
import {PythReading} from "./PythReading.sol";

/// @title Reader of Pyth pull feeds (ORC-01, ORC-08)
/// @notice For whoever needs a reader of its own, as a RatioSource does; the oracle reads such prices itself.
contract PythSource is IPriceSource, PythReading {
    /// @inheritdoc IPriceSource
    function kind() external pure override returns (SourceKind) {
        return SourceKind.Pull;
    }

    /// @inheritdoc IPriceSource
    function configure(
        address target,
        bytes calldata settings
    ) external view override returns (uint256 first, uint256 second) {
        return _configurePyth(target, settings);
    }

    /// @inheritdoc IPriceSource
    function read(
        uint256 first,
        uint256 second
    ) external view override returns (SourceStatus status, uint256 price, uint256 publishedAt, uint256 confidence) {
        uint256[] memory answer;
        (status, price, publishedAt, answer) = _readPyth(first, second);
        if (status == SourceStatus.Valid) confidence = _confidenceOf(answer);
    }
}

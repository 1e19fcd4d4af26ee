// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SegmentId} from "../types/Identifiers.sol";

/// @title A layer of capital behind a segment's reserve (CVR-09)
/// @notice Implemented by coverage vaults. `draw` books and segregates; tokens follow with `collect` (FND-11).
interface ICapitalLayer {
    /// @notice What the layer would pay now, junior tranche first. WAD. Calls nothing outside the vault.
    function available(SegmentId segment) external view returns (uint256 junior, uint256 senior);

    /// @notice Books a draw. Only the fund may call. Pays min(asked, available) of each tranche.
    function draw(
        SegmentId segment,
        uint256 junior,
        uint256 senior
    ) external returns (uint256 paidJunior, uint256 paidSenior);

    /// @notice Sends what was drawn before to the fund, as far as the token allows.
    /// @return sent WAD sent
    function collect(SegmentId segment) external returns (uint256 sent);
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SegmentId} from "../types/Identifiers.sol";

/// @title A layer of capital behind a segment's reserve (CVR-09)
/// @notice Implemented by coverage vaults. `draw` books and segregates; tokens follow with `collect` (FND-11).
interface ICapitalLayer {
    /// @notice What the layer would pay a segment of the vault's fund now, by tranche, whatever the loss is. WAD. Calls nothing outside the
    /// vault. As `offer` where nothing is borne before: a layer with attachment answers 0.
    function available(SegmentId segment) external view returns (uint256 junior, uint256 senior);

    /// @notice What the layer would pay of a loss, by tranche (CVR-09). WAD. Calls nothing outside the vault.
    /// @param borne all that the segment has lost before this loss, and what the layers before this one bear of it
    /// @param needed what is left of the loss for this layer; the highest number: a loss of any size, of which only that counts which the layer
    /// pays from its first wei
    function offer(
        SegmentId segment,
        uint256 borne,
        uint256 needed
    ) external view returns (uint256 junior, uint256 senior);

    /// @notice Books a draw: junior first. Only the fund may call, which asks for no more than a part of what was offered: a draw looks at what
    /// is left, not at the attachment. Pays min(amount, available); calls nothing; never reverts for lack of
    /// money (INV-04).
    function draw(SegmentId segment, uint256 amount) external returns (uint256 junior, uint256 senior);

    /// @notice Sends what was drawn before, and the fund's share of premiums, to the fund, as far as the token allows. Only the fund may
    /// call. Does not revert when the token refuses.
    /// @return sent WAD sent
    function collect(SegmentId segment) external returns (uint256 sent);

    /// @notice Fund that may draw; immutable.
    function fund() external view returns (address);

    /// @notice Token that the layer keeps its books in; immutable.
    function settlementToken() external view returns (address);
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BPS_ONE} from "../types/Constants.sol";
import {WadMath} from "./WadMath.sol";

/// @title Layers with attachment (CVR-09)
/// @notice An aggregate excess of loss: in a period the layer pays for what the segment has lost beyond the attachment, as far as it reaches the
/// layer. `attachesAt` counts the segment's whole loss since ever, so that no counter is kept on the loss path; what the layer pays raises it,
/// so that a loss which is taken in parts is paid the same as one taken at once (INV-21).
/// @custom:twin sdk/math/TreatyMath.ts
library TreatyMath {
    uint256 internal constant YEAR = 365 days;

    /// @notice What a layer pays of a loss, WAD. Exact.
    /// @param attachesAt loss of the segment from which on it pays, WAD; 0: always
    /// @param borne what the segment has lost before this loss, and what stands before the layer bears of this one, WAD
    /// @param needed what is left for the layer and those behind it, WAD; the highest number asks for what surely counts whatever the loss is:
    /// nothing while a gap lies between what is borne and the attachment, because that gap would be nobody's
    /// @param limit that is left, WAD
    function offered(uint256 attachesAt, uint256 borne, uint256 needed, uint256 limit) internal pure returns (uint256) {
        if (attachesAt <= borne) return WadMath.min(needed, limit);
        uint256 gap = attachesAt - borne;
        if (needed == type(uint256).max || needed <= gap) return 0;
        return WadMath.min(needed - gap, limit);
    }

    /// @notice Premium for `limit` over a term, WAD, rounded up: in favour of underwriters.
    /// @param premiumBps per year, part of the limit
    /// @param term in seconds
    function premiumUp(uint256 limit, uint256 premiumBps, uint256 term) internal pure returns (uint256) {
        return WadMath.mulDivUp(limit, premiumBps * term, BPS_ONE * YEAR);
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TreatyMath} from "../../libraries/TreatyMath.sol";
import {LibraryHarness} from "./LibraryHarness.sol";

contract LibraryHarnessTreatyMath is LibraryHarness {
    function offered(uint256 attachesAt, uint256 borne, uint256 needed, uint256 limit) external pure returns (uint256) {
        return TreatyMath.offered(attachesAt, borne, needed, limit);
    }

    function premiumUp(uint256 limit, uint256 premiumBps, uint256 term) external pure returns (uint256) {
        return TreatyMath.premiumUp(limit, premiumBps, term);
    }
}

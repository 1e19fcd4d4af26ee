// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CLASS_FIELDS, ClassParameters} from "../types/Risk.sol";

/// @title Parameters of a class as a list, and which way each is safer
library ClassFields {
    /// @dev The one parameter of which less is safer: `resourceShare`.
    uint256 private constant SHARE = 4;

    /// @notice In the order of the struct.
    function all(ClassParameters memory from) internal pure returns (uint256[CLASS_FIELDS] memory) {
        return
            [
                uint256(from.maintenanceFloor),
                from.maintenanceCap,
                from.deviations,
                from.shortfallFloor,
                from.resourceShare,
                from.basePenalty,
                from.chargedShare,
                from.loading
            ];
    }

    function isLessSafer(uint256 field) internal pure returns (bool) {
        return field == SHARE;
    }

    /// @notice By how much a change moves a parameter away from safety; 0 when it does not.
    function loosened(uint256 field, uint256 current, uint256 proposed) internal pure returns (uint256) {
        (uint256 safer, uint256 riskier) = isLessSafer(field) ? (current, proposed) : (proposed, current);
        return riskier > safer ? riskier - safer : 0;
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {WadMath} from "../libraries/WadMath.sol";
import {WAD} from "../types/Constants.sol";
import {ExitRequest, Tranche} from "../types/Coverage.sol";
import {CapitalWord} from "./CapitalWord.sol";
import {ExitQueue} from "./ExitQueue.sol";

/// @title Advances: what exits have been paid while their shares still bear what comes (R4)
/// @notice A loss that nothing was withheld for can leave an advance worth more than its shares. Until such requests are ended, which anyone
/// may do, the price of shares promises more than there is. The vault knows an upper bound of all advances, and freezes the tranche by it;
/// anyone may lower the bound to the truth by showing all of them.
abstract contract Advances is ExitQueue {
    function measureAdvances(
        Tranche tranche,
        address[] calldata owners
    ) external nonReentrant returns (bool isComplete) {
        TrancheBook storage book = _bookOf(tranche);
        Measurement memory measurement = _measurements[uint8(tranche)][msg.sender];
        bool continues =
            measurement.changes == book.advanceChanges && owners.length > 0 && owners[0] > measurement.last;
        if (!continues) {
            delete measurement;
            measurement.changes = book.advanceChanges;
        }
        for (uint256 i = 0; i < owners.length; ++i) {
            // Ascending, so that each counts once.
            if (owners[i] <= measurement.last) revert CoverageVault_NotAscending(measurement.last, owners[i]);
            measurement.last = owners[i];
            ExitRequest memory request = _requestOf(tranche, owners[i]);
            uint256 advanced = request.advanced;
            if (advanced == 0 || request.epoch != _epochOf(tranche)) continue;
            ++measurement.count;
            measurement.maxPerShare = WadMath.max(measurement.maxPerShare, _perShareDown(advanced, request.shares));
        }
        isComplete = measurement.count == book.advances;
        if (isComplete) {
            book.maxAdvancePerShare = measurement.maxPerShare;
            delete measurement;
            emit AdvancesMeasured(tranche, book.maxAdvancePerShare);
        }
        _measurements[uint8(tranche)][msg.sender] = measurement;
    }

    /// @dev Nothing is burnt: all shares of the request bear what comes.
    /// @return next capital to be written
    function _advance(
        CapitalWord capital,
        Tranche tranche,
        ExitRequest memory request,
        uint256 paid
    ) internal returns (CapitalWord next) {
        if (paid == 0) return capital;
        next = _bookAdvance(capital, tranche, request, paid);
        TrancheBook storage book = _bookOf(tranche);
        book.maxAdvancePerShare = WadMath.max(book.maxAdvancePerShare, _perShareDown(request.advanced, request.shares));
    }

    function _perShareDown(uint256 advanced, uint256 shares) private pure returns (uint256) {
        return WadMath.mulDivDown(advanced, WAD, shares);
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CapitalWord, CapitalWords} from "../../../contracts/coverage/CapitalWord.sol";
import {DrawnLosses} from "../../../contracts/coverage/DrawnLosses.sol";
import {VaultStorage} from "../../../contracts/coverage/VaultStorage.sol";
import {SegmentLoss} from "../../../contracts/types/Coverage.sol";
import {SegmentId} from "../../../contracts/types/Identifiers.sol";
import {vm} from "../support/Vm.sol";
import {AttackVault} from "./AttackVault.sol";

/// @dev The record of draws by itself, with the epochs that a test sets. In a vault what is drawn after a death is nobody's, and next to
/// nothing, so that nothing would show there.
contract LossRecord is DrawnLosses {
    using CapitalWords for VaultStorage.Capital;

    constructor(Settings memory settings) VaultStorage(settings) {}

    function note(SegmentId segment, uint24 juniorEpoch, uint24 seniorEpoch, uint256 junior, uint256 senior) external {
        (_capital.juniorEpoch, _capital.seniorEpoch) = (juniorEpoch, seniorEpoch);
        CapitalWord capital = _capital.load();
        _capital.store(_noteDraw(segment, capital, capital, junior, senior));
    }

    /// @dev As if a share moved.
    function move() external {
        _openInterval(_capital.load());
    }
}

/// @dev FND-10: draws of one interval that find shares of different lives.
contract DrawnLossLivesTest is AttackVault {
    SegmentId private constant OTHER = SegmentId.wrap(2);

    LossRecord private record;

    function setUp() public override {
        super.setUp();
        record = new LossRecord(settingsWith(FUND, address(verifier), UNIT));
    }

    function test_FND10_what_is_drawn_from_a_new_life_is_not_borne_by_the_old_one() external {
        record.note(SEGMENT, 0, 0, 40, 10);
        record.note(SEGMENT, 0, 1, 5, 7);
        isLoss(SEGMENT, 45, 10);
        record.note(SEGMENT, 1, 1, 3, 7);
        isLoss(SEGMENT, 45, 10);
    }

    /// @dev A segment comes to its turn again after both tranches have died.
    function test_FND10_turns_of_different_lives_are_not_added() external {
        record.note(SEGMENT, 0, 0, 40, 10);
        record.note(OTHER, 0, 0, 2, 1);
        record.note(SEGMENT, 1, 1, 30, 20);
        isLoss(SEGMENT, 40, 10);
        record.move();
        isLoss(SEGMENT, 40, 10);
        isLoss(OTHER, 2, 1);
    }

    /// @dev Senior's first loss comes in the segment's second turn, and its third adds to it.
    function test_FND10_turns_of_one_life_are_added() external {
        deposit(junior, ALICE, 400);
        deposit(senior, CAROL, 200);
        vault.announceCommitment(OTHER, uint96(50 * UNIT));
        commit(400);
        vault.activateCommitment(OTHER);
        draw(390 * UNIT);
        drawOther(20 * UNIT);
        assertEq("junior has died", junior.totalSupply(), 0);
        draw(5 * UNIT);
        drawOther(2 * UNIT);
        draw(3 * UNIT);
        deposit(junior, ALICE, 1);
        SegmentLoss memory loss = vault.lossOf(SEGMENT, 0);
        assertEq("junior", loss.junior, 390 * UNIT);
        assertEq("junior's first life", loss.juniorEpoch, 0);
        assertEq("senior", loss.senior, 8 * UNIT);
        loss = vault.lossOf(OTHER, 0);
        assertEq("junior of the other", loss.junior, 10 * UNIT);
        assertEq("senior of the other", loss.senior, 12 * UNIT);
        assertEq("all that the interval lost", senior.borneBy(SEGMENT, 0, CAROL), 8 * UNIT);
    }

    function drawOther(uint256 amount) private {
        vm.prank(FUND);
        vault.draw(OTHER, amount);
    }

    function isLoss(SegmentId segment, uint256 juniorLoss, uint256 seniorLoss) private view {
        SegmentLoss memory loss = record.lossOf(segment, 0);
        assertEq("junior", loss.junior, juniorLoss);
        assertEq("senior", loss.senior, seniorLoss);
        assertEq("the first life of both", uint256(loss.juniorEpoch) + loss.seniorEpoch, 0);
    }
}

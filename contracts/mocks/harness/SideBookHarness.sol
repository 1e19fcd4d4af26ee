// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {ClearingStorage} from "../../clearing/ClearingStorage.sol";
import {Positions} from "../../clearing/Positions.sol";
import {WadMath} from "../../libraries/WadMath.sol";
import {AccountHeader, Position, Side, SideFacts} from "../../types/Clearing.sol";
import {PRODUCT_ONE, WAD} from "../../types/Constants.sol";
import {Header} from "../../types/Headers.sol";
import {AccountId} from "../../types/Identifiers.sol";
import {Words} from "../../types/Words.sol";

/// @title One market of the clearing house without prices, margin and tokens
/// @notice Tests only. Runs the house's own code of positions and sides (CLR-04, CLR-09) over many events in one call.
/// @custom:twin test/typescript/support/side-book.ts
contract SideBookHarness is Positions {
    using SafeCast for int256;
    using Words for AccountHeader;

    error SideBookHarness_UnknownKind(uint256 kind);

    /// @param base received by `to`, or closed of `from`, or added to F
    /// @param amount a price, or what is charged
    struct Step {
        uint256 kind;
        AccountId from;
        AccountId to;
        int256 base;
        uint256 amount;
    }

    uint256 private constant MARKET = 0;
    /// @dev kind (1 byte), from (2), to (2); base; amount.
    uint256 private constant STEP_SIZE = 96;
    uint256 private constant WORDS_PER_SIDE = 6;
    uint256 private constant WORDS_PER_ACCOUNT = 5;

    constructor(Settings memory settings) ClearingStorage(settings) {
        _sides[MARKET][true].product = uint112(PRODUCT_ONE);
        _sides[MARKET][false].product = uint112(PRODUCT_ONE);
    }

    /// @param steps one after the other, STEP_SIZE bytes each
    function run(bytes calldata steps) external {
        uint256 free;
        assembly ("memory-safe") {
            free := mload(0x40)
        }
        for (uint256 offset = 0; offset < steps.length; offset += STEP_SIZE) {
            _apply(_decode(steps[offset:offset + STEP_SIZE]));
            // Nothing of one step is used by the next: without this, memory would cost more than the steps.
            assembly ("memory-safe") {
                mstore(0x40, free)
            }
        }
    }

    /// @notice Everything that is stored, as a row of words: F, open interest, both sides with their facts, accounts.
    function state(uint256 accounts) external view returns (bytes memory words) {
        words = abi.encodePacked(int256(_markets[MARKET].funding), uint256(_interest[MARKET].openInterest));
        words = bytes.concat(words, _side(false), _side(true));
        for (uint256 index = 0; index < accounts; ++index) {
            Position memory position = _positions[_account(index)][MARKET];
            AccountHeader memory header = _headers[_account(index)];
            words = bytes.concat(
                words,
                abi.encode(position.shares, position.quote, position.generation, header.cash, header.markets)
            );
        }
        assert(words.length == 32 * (2 + 2 * WORDS_PER_SIDE + accounts * WORDS_PER_ACCOUNT));
    }

    function _side(bool long) private view returns (bytes memory) {
        Side memory side = _sides[MARKET][long];
        SideFacts memory facts = _facts[MARKET][long];
        return
            abi.encode(
                side.sum,
                side.product,
                side.generation,
                facts.socializedPerUnit,
                facts.deleveraged,
                uint256(facts.count)
            );
    }

    function _decode(bytes calldata words) private pure returns (Step memory step) {
        uint256 head;
        (head, step.base, step.amount) = abi.decode(words, (uint256, int256, uint256));
        step.kind = head & 0xff;
        step.from = _account(uint16(head >> 8));
        step.to = _account(uint16(head >> 24));
    }

    function _account(uint256 index) private pure returns (AccountId) {
        return AccountId.wrap(bytes32(index + 1));
    }

    function _apply(Step memory step) private {
        if (step.kind == 0) _trade(step);
        else if (step.kind == 1) _chargeSide(MARKET, step.base > 0, step.amount);
        else if (step.kind == 2) _chargeSidePerUnit(MARKET, step.base > 0, step.amount);
        else if (step.kind == 3) _close(step);
        else if (step.kind == 4) _pay(step.base);
        else if (step.kind == 5) _rollPosition(step.from, MARKET);
        else revert SideBookHarness_UnknownKind(step.kind);
    }

    /// @dev As Slicing moves a position.
    function _trade(Step memory step) private {
        Header memory from = Header({word: _headers[step.from].load()});
        Header memory to = Header({word: _headers[step.to].load()});
        int256 funding = _fundingOf(MARKET);
        int256 quote = WadMath.signedMulDivDown(step.base, step.amount, WAD);
        Leg memory leg = _leg(step.from, MARKET, funding);
        int256 before = leg.base;
        _change(step.from, from, MARKET, leg, -step.base, quote, funding);
        int256 growth = _longGrowth(before, leg.base);
        leg = _leg(step.to, MARKET, funding);
        before = leg.base;
        _change(step.to, to, MARKET, leg, step.base, -quote, funding);
        _growInterest(MARKET, growth + _longGrowth(before, leg.base));
        _saveHeader(step.from, from);
        _saveHeader(step.to, to);
    }

    /// @dev As Deleveraging closes a part of an account against the other side.
    function _close(Step memory step) private {
        Header memory header = Header({word: _headers[step.from].load()});
        int256 funding = _fundingOf(MARKET);
        Leg memory leg = _leg(step.from, MARKET, funding);
        int256 quote = WadMath.signedMulDivDown(step.base, step.amount, WAD);
        _change(step.from, header, MARKET, leg, -step.base, quote, funding);
        _deleverageSide(MARKET, step.base < 0, WadMath.abs(step.base), step.amount, 0, funding);
        _saveHeader(step.from, header);
    }

    function _pay(int256 perUnit) private {
        _markets[MARKET].funding = (int256(_markets[MARKET].funding) + perUnit).toInt96();
    }
}

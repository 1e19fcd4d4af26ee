// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FeedId, MarketId} from "../../../../contracts/types/Identifiers.sol";
import {System} from "../../support/System.sol";
import {vm} from "../../support/Vm.sol";
import {Ledger} from "./Ledger.sol";
import {Losses} from "./Losses.sol";

/// @dev Everything that can happen to a house. Two pairs of twins hold the same positions: one twin of each pair is brought up to date
/// after every loss, the other never (INV-18).
contract SystemHandler is Losses {
    uint256 private constant USD = 1e6;
    int256 private constant TWIN_SIZE = 300e18;
    int256 private constant LEAST_TWIN_SIZE = 30e18;

    bool public immutable hasTwins;
    /// @dev How far twins may lie apart: one wei of base for each time that one was settled, and its price.
    uint256 public twinBaseDust;
    uint256 public twinValueDust;

    /// @dev Every run starts in a market that lives.
    constructor(System system, uint256 reserve, bool withTwins) Ledger(system) {
        hasTwins = withTwins;
        vm.warp(_time);
        _publish();
        for (uint256 i = 0; i < KEEPER; ++i) _deposit(_accounts[i], CASH, i == GRIEFER ? 500 * USD : 3_000 * USD);
        for (uint256 i = KEEPER; i < ACTIVE; ++i) _deposit(_accounts[i], CASH, 20_000_000 * USD);
        if (reserve > 0) _donate(reserve * USD);
        for (uint256 i = 0; i < 20; ++i) _tradeAtRandom();
        if (!withTwins) return;
        for (uint256 i = TWINS; i < ACCOUNTS; ++i) _deposit(_accounts[i], CASH, 1_000_000_000 * USD);
        _growTwins();
    }

    /// @dev Lets the twin that is kept up to date trade one wei to and fro, and rolls it.
    function _settleTwins() internal override {
        if (!hasTwins) return;
        _roll(_accounts[TWINS + 1], 0);
        _roll(_accounts[TWINS + 3], 0);
        (uint256 price, bool hasConsensus) = ORACLE.quote(FeedId.wrap(0));
        if (!hasConsensus) return;
        uint256[2] memory at = prices();
        bool ok = _fill(TWINS + 1, TWINS + 3, 0, 1, price, at);
        if (ok) ok = _fill(TWINS + 1, TWINS + 3, 0, -1, price, at);
        ++twinBaseDust;
        twinValueDust += 32 + (4 * price) / UNIT;
        if (ok) _reached("twins settled");
        (int256 base, ) = HOUSE.positionOf(_accounts[TWINS], MarketId.wrap(0));
        (int256 short, ) = HOUSE.positionOf(_accounts[TWINS + 2], MarketId.wrap(0));
        if (base < LEAST_TWIN_SIZE || -short < LEAST_TWIN_SIZE) _growTwins();
    }

    function _growTwins() private {
        uint256[2] memory at = prices();
        bool first = _fill(TWINS, TWINS + 2, 0, TWIN_SIZE, at[0], at);
        bool second = _fill(TWINS + 1, TWINS + 3, 0, TWIN_SIZE, at[0], at);
        _require(first == second, "INV-18: twins are not treated alike");
        if (first) _reached("twins grown");
        twinValueDust += 32;
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {InsuranceFund} from "../../../contracts/fund/InsuranceFund.sol";
import {BudgetShares} from "../../../contracts/interfaces/IInsuranceFund.sol";
import {HostileToken} from "../../../contracts/mocks/HostileToken.sol";
import {MockEngine} from "../../../contracts/mocks/MockEngine.sol";
import {MockVenue} from "../../../contracts/mocks/MockVenue.sol";
import {CoverRequest, CoverResult} from "../../../contracts/types/Coverage.sol";
import {SegmentId} from "../../../contracts/types/Identifiers.sol";
import {vm} from "../support/Vm.sol";

/// @dev Four betting desks on two tokens, of 6 and 18 decimals, with everything that can happen to them. Keeps its own
/// books, from what it saw on the token and in results, for the invariants to compare with.
contract FundHandler {
    struct Desk {
        MockVenue venue;
        MockEngine engine;
        SegmentId segment;
        HostileToken token;
        uint256 scale;
    }

    /// @dev What a desk's segment should have: WAD that came in and went out, and facts.
    struct Books {
        uint256 given;
        uint256 income;
        uint256 sent;
        uint256 drawn;
        uint256 unpaid;
    }

    /// @dev One moment of a segment, for rolling windows.
    struct Moment {
        uint256 time;
        uint256 base;
        uint256 inflow;
        uint256 drawn;
        uint256 reward;
    }

    uint256 public constant DESKS = 4;
    uint256 private constant UNIT = 1e18;

    InsuranceFund public immutable fund;
    Desk[] public desks;
    Books[] public books;
    Moment[][] private _moments;
    uint256 public time;
    /// @dev Set by a call that saw a promise broken; the invariants fail on it.
    string public broken;

    constructor() {
        time = 1_800_000_000;
        vm.warp(time);
        fund = new InsuranceFund();
        HostileToken six = new HostileToken(6);
        HostileToken eighteen = new HostileToken(18);
        for (uint256 i = 0; i < DESKS; ++i) {
            Desk memory desk;
            desk.token = i < 2 ? six : eighteen;
            desk.scale = i < 2 ? 1e12 : 1;
            desk.engine = new MockEngine(fund);
            desk.venue = new MockVenue(address(desk.token), address(desk.engine), address(fund));
            desk.segment = desk.engine.register(desk.venue, sharesOf(i));
            desk.token.mint(address(this), 1e15 * UNIT);
            desk.token.approve(address(fund), type(uint256).max);
            desk.token.approve(address(desk.venue), type(uint256).max);
            desks.push(desk);
            books.push();
            _moments.push();
            _donate(i, 1_000 * UNIT);
            desk.venue.deposit((1_000 * UNIT) / desk.scale);
        }
    }

    function sharesOf(uint256 desk) public pure returns (BudgetShares memory) {
        return
            desk % 2 == 0
                ? BudgetShares(35_00, 20_00, 10_00, 60_00, 2_00)
                : BudgetShares(90_00, 80_00, 70_00, 95_00, 40_00);
    }

    function momentsOf(uint256 desk) external view returns (Moment[] memory) {
        return _moments[desk];
    }

    /* WHAT CAN HAPPEN */

    function donate(uint256 which, uint256 amount) external {
        if (desks[which % DESKS].token.mode() == HostileToken.Mode.Paused) return;
        _donate(which % DESKS, amount % (2_000 * UNIT));
    }

    function penalize(uint256 which, uint256 amount) external {
        Desk memory desk = desks[which % DESKS];
        uint256 claim = desk.venue.claimOf(address(this));
        if (claim > 0) desk.engine.decide(address(this), address(this), 0, amount % (1 + claim / 4));
    }

    function depositInto(uint256 which, uint256 amount) external {
        Desk memory desk = desks[which % DESKS];
        if (desk.token.mode() == HostileToken.Mode.Paused) return;
        desk.venue.deposit((amount % (500 * UNIT)) / desk.scale);
    }

    function liquidate(uint256 which, uint256[3] calldata shortfall, uint256 fraction, uint256 reward) external {
        _liquidate(which % DESKS, shortfall, fraction, reward, 600 * UNIT);
    }

    function liquidateHugely(uint256 which, uint256[3] calldata shortfall, uint256 fraction, uint256 reward) external {
        _liquidate(which % DESKS, shortfall, fraction, reward, 1 << 127);
    }

    function settle(uint256 which) external {
        Desk memory desk = desks[which % DESKS];
        uint256 before = desk.token.balanceOf(address(desk.venue));
        uint256 reserveBefore = fund.resources(desk.segment).reserve;
        uint256 base = _baseOf(which % DESKS);
        fund.settle(desk.segment);
        uint256 current = desk.token.balanceOf(address(desk.venue));
        if (current > before) books[which % DESKS].sent += (current - before) * desk.scale;
        else books[which % DESKS].income += (before - current) * desk.scale;
        uint256 reserve = fund.resources(desk.segment).reserve;
        if (reserve < reserveBefore) broken = "settle took from the reserve";
        else _remember(which % DESKS, base, reserve - reserveBefore, 0, 0);
    }

    function sendWithoutDonating(uint256 which, uint256 amount) external {
        Desk memory desk = desks[which % DESKS];
        if (desk.token.mode() == HostileToken.Mode.Paused) return;
        desk.token.transfer(address(fund), (amount % (100 * UNIT)) / desk.scale);
    }

    function pause(uint256 which) external {
        HostileToken token = desks[which % DESKS].token;
        bool isPaused = token.mode() == HostileToken.Mode.Paused;
        token.setMode(isPaused ? HostileToken.Mode.Honest : HostileToken.Mode.Paused);
    }

    function wait(uint256 seconds_) external {
        time += seconds_ % 16 hours;
        vm.warp(time);
    }

    /* ITS OWN BOOKS */

    function _donate(uint256 which, uint256 amount) private {
        Desk memory desk = desks[which];
        amount = amount / desk.scale + 1;
        _remember(which, _baseOf(which), amount * desk.scale, 0, 0);
        fund.donate(desk.segment, amount);
        books[which].given += amount * desk.scale;
    }

    function _liquidate(
        uint256 which,
        uint256[3] calldata shortfall,
        uint256 fraction,
        uint256 reward,
        uint256 limit
    ) private {
        CoverRequest memory request;
        for (uint256 i = 0; i < 3; ++i) request.shortfallByClass[i] = shortfall[i] % limit;
        request.fraction = fraction % 3 == 0 ? UNIT : fraction % (UNIT + 1);
        request.reward = reward % (limit / 4);
        uint256 base = _baseOf(which);
        CoverResult memory result = desks[which].engine.liquidate(address(this), request);

        uint256 whole = request.shortfallByClass[0] + request.shortfallByClass[1] + request.shortfallByClass[2];
        uint256 part = (whole * request.fraction + UNIT - 1) / UNIT;
        uint256 paid = result.paid.reserve + result.paid.junior + result.paid.senior + result.paid.reinsurance;
        if (paid > part) broken = "INV-03: layers paid more than the shortfall";
        if (result.reward > request.reward) broken = "LIQ-04: more reward than asked for";
        if (result.paid.junior + result.paid.senior + result.paid.reinsurance > 0)
            broken = "a layer that is not there paid";
        books[which].drawn += paid + result.reward;
        books[which].unpaid += part > paid ? part - paid : 0;
        _remember(which, base, 0, result.paid.reserve, result.reward);
    }

    function _remember(uint256 which, uint256 base, uint256 inflow, uint256 drawn, uint256 reward) private {
        _moments[which].push(Moment({time: time, base: base, inflow: inflow, drawn: drawn, reward: reward}));
    }

    /// @dev Reserve + used, from the slots that hold them.
    function _baseOf(uint256 which) private view returns (uint256) {
        uint256 root = uint256(keccak256(abi.encode(SegmentId.unwrap(desks[which].segment), uint256(0))));
        uint256 ledger = uint256(vm.load(address(fund), bytes32(root)));
        uint256 drawn = uint256(vm.load(address(fund), bytes32(root + 3)));
        uint256 rewarded = uint256(vm.load(address(fund), bytes32(root + 4)));
        return
            uint96(ledger) +
            _faded(uint96(drawn), uint40(drawn >> 192)) +
            _faded(uint96(drawn >> 96), uint40(drawn >> 192)) +
            _faded(uint96(rewarded), uint40(drawn >> 192)) +
            _faded(uint96(rewarded >> 96), uint40(rewarded >> 192));
    }

    function _faded(uint256 used, uint256 since) private view returns (uint256) {
        uint256 elapsed = time - since;
        return elapsed >= 24 hours ? 0 : (used * (24 hours - elapsed) + 24 hours - 1) / 24 hours;
    }
}

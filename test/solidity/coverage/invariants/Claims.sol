// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClaimVerifier, Incident, Subject} from "../../../../contracts/interfaces/IClaimVerifier.sol";
import {MockTrigger} from "../../../../contracts/mocks/MockTrigger.sol";
import {IncidentStatus} from "../../../../contracts/types/Coverage.sol";
import {FRESH} from "../../../../contracts/types/CoverageTerms.sol";
import {ProductId, SeriesId} from "../../../../contracts/types/Identifiers.sol";
import {Fuzz} from "../../support/Fuzz.sol";
import {vm} from "../../support/Vm.sol";
import {Paying} from "./Paying.sol";

/// @dev What triggers see, and what becomes of it: reported, confirmed, rejected, lapsed.
abstract contract Claims is Paying {
    /// @param settled amount as of which nothing is open
    struct Fact {
        uint256 amount;
        uint256 at;
        uint256 settled;
        bool isUnreported;
    }

    uint256 private constant BOND = 10 * USD;

    Fact[PRODUCTS] internal _facts;

    /// @dev The insider knows at once, and tries to leave before anyone reports: mostly in his window.
    function happen(uint256 product, uint256 amount, uint256 seed) external {
        ++steps;
        product = product % PRODUCTS;
        if (seed % 4 != 0) _enterWindow(INSIDER, seed % 2, seed / 2);
        Fact storage fact = _facts[product];
        fact.amount += Fuzz.between(amount, 1, 40e18);
        fact.at = _time;
        fact.isUnreported = true;
        _publish(product);
        house.charge(product);
        _reached("loss on the house");
        _syncAll();
        _claim(INSIDER, 0);
        _claim(INSIDER, 1);
    }

    function report(uint256 product) external {
        ++steps;
        _report(product % PRODUCTS);
    }

    /// @param isTrue otherwise the facts are taken back
    function resolve(uint256 product, bool isTrue) external {
        ++steps;
        product = product % PRODUCTS;
        if (_facts[product].isUnreported) _report(product);
        _resolve(product, isTrue);
    }

    /// @dev The trigger dies, and the incident ends by itself (CLM-06).
    function lapse(uint256 product) external {
        ++steps;
        product = product % PRODUCTS;
        for (uint256 i = 0; i < PRODUCTS; ++i) {
            if (_facts[i].isUnreported) _report(i);
        }
        _trigger.setMode(MockTrigger.Mode.Reverts);
        bool hasEnded;
        for (uint256 i = 0; i < _live.length; ++i) {
            if (!_isOpen(_live[i]) || !_isOf(_live[i], product)) continue;
            if (!hasEnded) _pass(_time + 14 days);
            verifier.lapse(address(vault), _live[i]);
            --openIncidents;
            IncidentStatus status = verifier.incidentOf(address(vault), _live[i]).status;
            _require(status == IncidentStatus.Lapsed, "CLM-06: a source that is gone decides");
            hasEnded = true;
        }
        _trigger.setMode(MockTrigger.Mode.Honest);
        if (!hasEnded) return;
        _reached("lapsed");
        _facts[product].amount = _facts[product].settled;
        _publish(product);
    }

    /* INTERNAL */

    function _report(uint256 product) internal {
        _facts[product].isUnreported = false;
        for (uint256 i = 0; i < _live.length; ++i) {
            if (!_isOf(_live[i], product)) continue;
            bytes memory refusal = _refusalOfReport(_live[i]);
            vm.prank(KEEPER);
            try verifier.open(address(vault), _live[i]) {
                ++openIncidents;
                _require(refusal.length == 0, "CLM-01: reported what has not happened, or twice");
                _reached("reported");
            } catch (bytes memory reason) {
                _refused(reason, refusal, "CLM-01: a loss cannot be reported");
            }
        }
    }

    /// @dev In the order in which the verifier says no.
    function _refusalOfReport(SeriesId series) private view returns (bytes memory) {
        Incident memory last = verifier.incidentOf(address(vault), series);
        if (last.status == IncidentStatus.Open) {
            return
                abi.encodeWithSelector(
                    IClaimVerifier.ClaimVerifier_IncidentOpen.selector,
                    address(vault),
                    series,
                    last.key
                );
        }
        Subject memory subject = verifier.subjectOf(address(vault), series);
        bool hasFailed = last.status == IncidentStatus.Rejected || last.status == IncidentStatus.Lapsed;
        uint256 from = hasFailed ? last.closedAt + 1 hours : subject.startsAt;
        if (_time < from || _time > subject.reportsUntil) {
            return
                abi.encodeWithSelector(
                    IClaimVerifier.ClaimVerifier_NotReportable.selector,
                    from,
                    uint256(subject.reportsUntil)
                );
        }
        (, uint256 confirmed, ) = verifier.outcome(address(vault), series);
        (uint256 payout, bool isCovered) = _found(subject);
        if (payout > confirmed && isCovered) return "";
        uint256 at = _facts[uint256(subject.terms)].at;
        return abi.encodeWithSelector(IClaimVerifier.ClaimVerifier_NothingHappened.selector, payout, confirmed, at);
    }

    /// @dev What a token of the series is to be paid in all, and whether the last event lies in its time (CVR-07).
    function _found(Subject memory subject) private view returns (uint256 payout, bool isCovered) {
        Fact memory fact = _facts[uint256(subject.terms)];
        payout = _min(fact.amount - subject.mark, subject.limit);
        isCovered = subject.startsAt < fact.at && fact.at <= subject.endsAt;
    }

    function _resolve(uint256 product, bool isTrue) internal {
        Fact storage fact = _facts[product];
        fact.isUnreported = false;
        if (!isTrue) fact.amount = fact.settled;
        _publish(product);
        for (uint256 i = 0; i < _live.length; ++i) {
            if (_isOpen(_live[i]) && _isOf(_live[i], product)) _resolveOne(_live[i]);
        }
        fact.settled = fact.amount;
    }

    /// @dev CLM-01: confirmed is what was seen at the report, or more; rejected what is taken back in time.
    function _resolveOne(SeriesId series) private {
        Subject memory subject = verifier.subjectOf(address(vault), series);
        Incident memory incident = verifier.incidentOf(address(vault), series);
        (, uint256 confirmed, ) = verifier.outcome(address(vault), series);
        (uint256 payout, bool isCovered) = _found(subject);
        bool isRejected = payout <= confirmed && _facts[uint256(subject.terms)].at <= subject.endsAt;
        if (!isRejected) confirmed = payout > incident.payoutPerUnit && isCovered ? payout : incident.payoutPerUnit;
        uint256 bonds = usd.balanceOf(KEEPER) + (isRejected ? 0 : BOND);
        verifier.resolve(address(vault), series);
        --openIncidents;
        (, uint256 now_, ) = verifier.outcome(address(vault), series);
        IncidentStatus status = verifier.incidentOf(address(vault), series).status;
        _require(now_ == confirmed, "CLM-01: another payout is confirmed");
        _require(
            status == (isRejected ? IncidentStatus.Rejected : IncidentStatus.Confirmed),
            "CLM-01: an incident ends otherwise"
        );
        _require(usd.balanceOf(KEEPER) == bonds, "CLM-01: a bond goes elsewhere");
        _reached(isRejected ? bytes32("rejected") : bytes32("confirmed"));
    }

    /// @dev What has happened is reported within the hour.
    function _pass(uint256 time) internal override {
        for (uint256 i = 0; i < PRODUCTS; ++i) {
            if (_facts[i].isUnreported && time >= _facts[i].at + FRESH) _report(i);
        }
        _warp(time);
    }

    /// @dev Whether the trigger saw anything since the series was opened, or an incident is open.
    function _hasHappened(SeriesId series) internal view override returns (bool) {
        Subject memory subject = verifier.subjectOf(address(vault), series);
        (bool isOpen, uint256 confirmed, ) = verifier.outcome(address(vault), series);
        return isOpen || confirmed > 0 || _facts[uint256(subject.terms)].amount != subject.mark;
    }

    function _publish(uint256 product) private {
        _trigger.setFact(bytes32(product), _facts[product].amount, _facts[product].at, 0);
    }

    function _isOf(SeriesId series, uint256 product) private view returns (bool) {
        return ProductId.unwrap(vault.seriesOf(series).product) == ProductId.unwrap(_product[product]);
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISurplusPayments, SurplusView} from "../../../contracts/interfaces/ISurplusPayments.sol";
import {HostileToken} from "../../../contracts/mocks/HostileToken.sol";
import {HostileVenue} from "../../../contracts/mocks/HostileVenue.sol";
import {SegmentId} from "../../../contracts/types/Identifiers.sol";
import {FundTest} from "./FundTest.sol";

/// @dev A venue that also answers what surplus depends on, as a test sets it; its own risk controller.
contract SurplusVenue is HostileVenue {
    uint256 private _peak;
    uint256 private _since;
    uint256 private _deficit;
    uint256 private _unallocated;
    bool private _isLocked;
    bool private _isUnlinked;

    constructor(address token, address engine, address fund) HostileVenue(token, engine, fund) {
        _since = block.timestamp;
    }

    function setPeak(uint256 peak) external {
        _peak = peak;
    }

    function setDeficits(uint256 measured, uint256 unallocated) external {
        (_deficit, _unallocated) = (measured, unallocated);
    }

    function setLocked(bool isLocked) external {
        _isLocked = isLocked;
    }

    function unlink() external {
        _isUnlinked = true;
    }

    function riskController() external view returns (address) {
        return _isUnlinked ? address(0) : address(this);
    }

    function distress(uint256) external view returns (bool, uint256, uint256) {
        return (_isLocked, _deficit, 0);
    }

    function unallocatedLoss() external view returns (uint256) {
        return _unallocated;
    }

    function peakTarget() external view returns (uint256, uint256) {
        return (_peak, _since);
    }
}

/// @dev A segment with 1,000 units of reserve, 400 of highest target and so 400 too much, and 90 days of record. The test is engine, access manager
/// and, until another is linked, who is paid.
abstract contract SurplusTest is FundTest {
    uint256 internal constant READY = START + 90 days;

    /// @dev Public: as LiquidationEngine, the test says which segment is its own.
    SegmentId public segment;
    SurplusVenue internal venue;
    HostileToken internal token;

    function setUp() public virtual override {
        super.setUp();
        token = new HostileToken(6);
        venue = new SurplusVenue(address(token), address(this), address(fund));
        segment = fund.registerSegment(address(venue), openBudgets(), noLayers());
        give(segment, token, 1_000e6);
        venue.setPeak(400e18);
    }

    /// @dev As LiquidationEngine: who may link.
    function authority() external view returns (address) {
        return address(this);
    }

    function payments() internal view returns (ISurplusPayments) {
        return ISurplusPayments(address(fund));
    }

    function surplus() internal view returns (SurplusView memory) {
        return payments().surplusOf(segment);
    }

    function noSurplus(uint256 reserve, uint256 needed) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(ISurplusPayments.InsuranceFund_NoSurplus.selector, reserve, needed);
    }
}

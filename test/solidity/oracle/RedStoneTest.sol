// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RedStoneValue} from "../../../contracts/interfaces/IRedStoneSource.sol";
import {RedStoneSource} from "../../../contracts/oracle/sources/RedStoneSource.sol";
import {vm} from "../support/Vm.sol";
import {SourceTest} from "./SourceTest.sol";

/// @dev Cheat codes that only these tests use.
interface VmKeys {
    function addr(uint256 key) external pure returns (address);
    function sign(uint256 key, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);
}

/// @dev Five signers, three of whom decide; and RedStone's wire format, written here a second time. test/typescript/oracle/redstone.test.ts
/// compares both with RedStone's published contract.
abstract contract RedStoneTest is SourceTest {
    struct Point {
        bytes32 id;
        uint256 value;
    }

    uint256 internal constant SIGNERS = 5;
    uint256 internal constant THRESHOLD = 3;
    /// @dev Key of somebody who is no signer.
    uint256 internal constant STRANGER = 99;
    bytes32 internal constant BTC = "BTC";
    bytes32 internal constant ETH = "ETH";
    uint256 internal constant TIME = NOW * 1_000;
    uint256 internal constant WORD = 32;
    bytes internal constant MARKER = hex"000002ed57011e0000";
    VmKeys internal constant KEYS = VmKeys(address(vm));

    RedStoneSource internal source;

    function setUp() public virtual {
        vm.warp(NOW);
        source = new RedStoneSource(_addresses(), THRESHOLD);
    }

    function _addresses() internal pure returns (address[] memory signers) {
        signers = new address[](SIGNERS);
        for (uint256 i = 0; i < SIGNERS; ++i) signers[i] = KEYS.addr(i + 1);
    }

    function _ids(bytes32 id) internal pure returns (bytes32[] memory ids) {
        ids = new bytes32[](1);
        ids[0] = id;
    }

    function _bothIds() internal pure returns (bytes32[] memory ids) {
        ids = new bytes32[](2);
        (ids[0], ids[1]) = (BTC, ETH);
    }

    function _point(bytes32 id, uint256 value) internal pure returns (Point[] memory points) {
        points = new Point[](1);
        points[0] = Point(id, value);
    }

    /// @dev What a signer signs.
    function _body(uint256 time, Point[] memory points, uint256 size) internal pure returns (bytes memory body) {
        for (uint256 i = 0; i < points.length; ++i) {
            bytes memory value = abi.encodePacked(points[i].value);
            bytes memory cut = new bytes(size);
            for (uint256 k = 0; k < size && k < WORD; ++k) cut[size - 1 - k] = value[WORD - 1 - k];
            body = bytes.concat(body, points[i].id, cut);
        }
        body = bytes.concat(body, abi.encodePacked(uint48(time), uint32(size), uint24(points.length)));
    }

    function _sign(uint256 key, bytes memory body) internal pure returns (bytes memory package) {
        (uint8 v, bytes32 r, bytes32 s) = KEYS.sign(key, keccak256(body));
        return bytes.concat(body, abi.encodePacked(r, s, v));
    }

    function _package(uint256 key, uint256 time, bytes32 id, uint256 value) internal pure returns (bytes memory) {
        return _sign(key, _body(time, _point(id, value), WORD));
    }

    function _close(bytes memory packages, uint256 count) internal pure returns (bytes memory) {
        return _close(packages, count, "");
    }

    function _close(bytes memory packages, uint256 count, bytes memory metadata) internal pure returns (bytes memory) {
        return bytes.concat(packages, abi.encodePacked(uint16(count), metadata, uint24(metadata.length)), MARKER);
    }

    /// @dev One package for each value, of signers 1, 2, and so on.
    function _payload(uint256 time, bytes32 id, uint256[] memory values) internal pure returns (bytes memory) {
        bytes memory packages;
        for (uint256 i = 0; i < values.length; ++i) {
            packages = bytes.concat(packages, _package(i + 1, time, id, values[i]));
        }
        return _close(packages, values.length);
    }

    function _three(uint256 a, uint256 b, uint256 c) internal pure returns (uint256[] memory values) {
        values = new uint256[](3);
        (values[0], values[1], values[2]) = (a, b, c);
    }

    function _expectRefused(bytes32[] memory ids, bytes memory payload, bytes memory problem) internal {
        vm.expectRevert(problem);
        source.update(ids, payload);
    }

    function _expectStored(bytes32 id, uint256 value, uint256 time, uint256 publishedAt) internal view {
        RedStoneValue memory found = source.storedValue(id);
        _require(found.value == value, "stored value");
        _require(found.timestamp == time, "stored milliseconds");
        _require(found.publishedAt == publishedAt, "stored publish time");
    }
}

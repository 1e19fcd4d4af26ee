// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRedStoneSource} from "../../../contracts/interfaces/IRedStoneSource.sol";
import {RedStoneTest} from "./RedStoneTest.sol";

/// @dev ORC-08, ORC-06: what no payload can do, whoever carries it.
contract RedStonePayloadTest is RedStoneTest {
    /// @dev Order of the curve.
    uint256 private constant CURVE_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;

    function test_ORC08_OneSignerTooFew() external {
        uint256[] memory values = new uint256[](2);
        (values[0], values[1]) = (1e8, 2e8);
        bytes4 problem = IRedStoneSource.RedStoneSource_TooFewSigners.selector;
        bytes memory payload = _payload(TIME, ETH, values);
        _expectRefused(_ids(ETH), payload, abi.encodeWithSelector(problem, ETH, 2, THRESHOLD));
        // Enough for one data feed, none for the other.
        payload = _payload(TIME, ETH, _three(1e8, 2e8, 3e8));
        _expectRefused(_bothIds(), payload, abi.encodeWithSelector(problem, BTC, 0, THRESHOLD));
        _expectRefused(_ids(ETH), _close("", 0), abi.encodeWithSelector(problem, ETH, 0, THRESHOLD));
    }

    function test_ORC08_ASignerCountsOnce() external {
        bytes memory problem = abi.encodeWithSelector(
            IRedStoneSource.RedStoneSource_DuplicateSigner.selector,
            ETH,
            KEYS.addr(2)
        );
        bytes memory two = bytes.concat(_package(1, TIME, ETH, 1e8), _package(2, TIME, ETH, 1e8));
        _expectRefused(_ids(ETH), _close(bytes.concat(two, _package(2, TIME, ETH, 1e8)), 3), problem);
        _expectRefused(_ids(ETH), _close(bytes.concat(two, _package(2, TIME, ETH, 9e8)), 3), problem);
        // Twice in one package.
        Point[] memory points = new Point[](2);
        (points[0], points[1]) = (Point(ETH, 1e8), Point(ETH, 2e8));
        bytes memory doubled = _sign(2, _body(TIME, points, WORD));
        bytes memory payload = bytes.concat(_package(1, TIME, ETH, 1e8), doubled, _package(3, TIME, ETH, 1e8));
        _expectRefused(_ids(ETH), _close(payload, 3), problem);
    }

    function test_ORC08_AStrangerSpoilsThePayload() external {
        bytes memory packages = bytes.concat(
            _package(1, TIME, ETH, 1e8),
            _package(2, TIME, ETH, 1e8),
            _package(3, TIME, ETH, 1e8),
            _package(STRANGER, TIME, ETH, 1e8)
        );
        address stranger = KEYS.addr(STRANGER);
        bytes4 problem = IRedStoneSource.RedStoneSource_UnknownSigner.selector;
        _expectRefused(_ids(ETH), _close(packages, 4), abi.encodeWithSelector(problem, stranger));
    }

    function test_ORC08_OneTimeForAll() external {
        bytes memory packages = bytes.concat(
            _package(1, TIME, ETH, 1e8),
            _package(2, TIME - 1, ETH, 1e8),
            _package(3, TIME, ETH, 1e8)
        );
        bytes4 problem = IRedStoneSource.RedStoneSource_TimestampsDiffer.selector;
        _expectRefused(_ids(ETH), _close(packages, 3), abi.encodeWithSelector(problem, TIME, TIME - 1));
    }

    function test_ORC08_SignaturesInOneFormOnly() external {
        bytes memory body = _body(TIME, _point(ETH, 1e8), WORD);
        bytes32 hash = keccak256(body);
        (uint8 v, bytes32 r, bytes32 s) = KEYS.sign(1, hash);
        bytes[4] memory signatures = [
            // The other signature that the same key could have made.
            abi.encodePacked(r, bytes32(CURVE_ORDER - uint256(s)), v == 27 ? uint8(28) : uint8(27)),
            abi.encodePacked(r, s, v - 27),
            abi.encodePacked(r, s, uint8(29)),
            abi.encodePacked(bytes32(0), s, v)
        ];
        for (uint256 i = 0; i < signatures.length; ++i) {
            bytes memory packages = bytes.concat(
                _package(2, TIME, ETH, 1e8),
                _package(3, TIME, ETH, 1e8),
                body,
                signatures[i]
            );
            bytes4 problem = IRedStoneSource.RedStoneSource_InvalidSignature.selector;
            _expectRefused(_ids(ETH), _close(packages, 3), abi.encodeWithSelector(problem, hash));
        }
    }

    function test_ORC08_FeedsAscendAndAreNotTooMany() external {
        bytes memory payload = _payload(TIME, ETH, _three(1e8, 2e8, 3e8));
        bytes32[] memory ids = new bytes32[](2);
        bytes4 problem = IRedStoneSource.RedStoneSource_FeedsNotAscending.selector;
        (ids[0], ids[1]) = (ETH, ETH);
        _expectRefused(ids, payload, abi.encodeWithSelector(problem, ETH, ETH));
        (ids[0], ids[1]) = (ETH, BTC);
        _expectRefused(ids, payload, abi.encodeWithSelector(problem, ETH, BTC));
        problem = IRedStoneSource.RedStoneSource_InvalidFeedCount.selector;
        _expectRefused(new bytes32[](0), payload, abi.encodeWithSelector(problem, 0));
        _expectRefused(new bytes32[](17), payload, abi.encodeWithSelector(problem, 17));
        ids = new bytes32[](16);
        for (uint256 i = 0; i < 16; ++i) ids[i] = bytes32(i);
        problem = IRedStoneSource.RedStoneSource_TooFewSigners.selector;
        _expectRefused(ids, payload, abi.encodeWithSelector(problem, bytes32(0), 0, THRESHOLD));
    }

    function test_ORC08_SizesThatDoNotFit() external {
        bytes memory packages = bytes.concat(
            _package(1, TIME, ETH, 1e8),
            _package(2, TIME, ETH, 1e8),
            _package(3, TIME, ETH, 1e8)
        );
        bytes4 problem = IRedStoneSource.RedStoneSource_WrongSize.selector;
        // A byte in front, or a package that nobody counted.
        _expectRefused(_ids(ETH), _close(bytes.concat(hex"00", packages), 3), abi.encodeWithSelector(problem, 0, 1));
        _expectRefused(_ids(ETH), _close(packages, 2), abi.encodeWithSelector(problem, 0, packages.length / 3));
        // One that is not there.
        _expectRefused(_ids(ETH), _close(packages, 4), abi.encodeWithSelector(problem, 65, 0));
        // More metadata than there is.
        bytes memory payload = bytes.concat(hex"0000", hex"ffffff", MARKER);
        _expectRefused(_ids(ETH), payload, abi.encodeWithSelector(problem, 0xffffff, 2));
        _expectRefused(_ids(ETH), "", abi.encodeWithSelector(problem, 9, 0));
        _expectRefused(_ids(ETH), MARKER, abi.encodeWithSelector(problem, 3, 0));
        _expectRefused(_ids(ETH), bytes.concat(hex"000000", MARKER), abi.encodeWithSelector(problem, 2, 0));
        // More data points than there are.
        bytes memory body = abi.encodePacked(uint48(TIME), uint32(32), uint24(0xffffff));
        payload = _close(_sign(1, body), 1);
        _expectRefused(_ids(ETH), payload, abi.encodeWithSelector(problem, uint256(0xffffff) * 64, 0));
    }

    function test_ORC08_ValuesOfNoOrTooManyBytes() external {
        uint256[3] memory sizes = [uint256(0), 33, type(uint32).max];
        for (uint256 i = 0; i < sizes.length; ++i) {
            bytes memory body = abi.encodePacked(ETH, new bytes(33), uint48(TIME), uint32(sizes[i]), uint24(1));
            bytes memory problem = abi.encodeWithSelector(
                IRedStoneSource.RedStoneSource_WrongValueSize.selector,
                sizes[i]
            );
            _expectRefused(_ids(ETH), _close(_sign(1, body), 1), problem);
        }
    }

    function test_ORC08_NoMarkerNoPayload() external {
        bytes memory payload = _payload(TIME, ETH, _three(1e8, 2e8, 3e8));
        payload[payload.length - 3] ^= 0x01;
        _expectRefused(
            _ids(ETH),
            payload,
            abi.encodeWithSelector(IRedStoneSource.RedStoneSource_MissingMarker.selector)
        );
    }

    function test_ORC08_ValuesAbove128Bits() external {
        uint256 most = type(uint128).max;
        source.update(_ids(ETH), _payload(TIME, ETH, _three(1, most, type(uint256).max)));
        _expectStored(ETH, most, TIME, NOW);
        bytes memory payload = _payload(TIME + 1, ETH, _three(1, most + 1, type(uint256).max));
        bytes4 problem = IRedStoneSource.RedStoneSource_ValueTooLarge.selector;
        _expectRefused(_ids(ETH), payload, abi.encodeWithSelector(problem, ETH, most + 1));
    }

    /// @dev Any bit of what is signed, of the signatures or of the sizes: nothing is stored. Metadata is the only part that
    /// means nothing, and there is none here.
    /// forge-config: default.fuzz.runs = 3000
    function testFuzz_ORC08_ABittenBitIsRefused(uint256 raw) external {
        bytes memory payload = _payload(TIME, ETH, _three(1e8, 2e8, 3e8));
        uint256 bit = raw % (payload.length * 8);
        payload[bit / 8] ^= bytes1(uint8(1 << (bit % 8)));
        (bool ok, bytes memory reason) = address(source).call(abi.encodeCall(source.update, (_ids(ETH), payload)));
        _require(!ok, "refused");
        _require(_isTyped(reason), "with an error that says why");
        _expectStored(ETH, 0, 0, 0);
    }

    /// @dev Any bytes behind a signed payload's middle, and cut off anywhere: typed errors only, no panic, nothing stored.
    /// forge-config: default.fuzz.runs = 3000
    function testFuzz_ORC08_MalformedPayloadsAreTypedErrors(bytes calldata junk, uint256 cut, bool hasMarker) external {
        bytes memory whole = _payload(TIME, ETH, _three(1e8, 2e8, 3e8));
        uint256 kept = cut % (whole.length - 1);
        bytes memory payload = new bytes(kept);
        for (uint256 i = 0; i < kept; ++i) payload[i] = whole[i];
        payload = bytes.concat(payload, junk, hasMarker ? MARKER : bytes(""));
        (bool ok, bytes memory reason) = address(source).call(abi.encodeCall(source.update, (_ids(ETH), payload)));
        _require(!ok && _isTyped(reason), "refused with an error that says why");
        _expectStored(ETH, 0, 0, 0);
    }

    /// @dev An error of ours, and not a panic or nothing at all.
    function _isTyped(bytes memory reason) private pure returns (bool) {
        bytes4 selector = bytes4(reason);
        bytes4[8] memory known = [
            IRedStoneSource.RedStoneSource_MissingMarker.selector,
            IRedStoneSource.RedStoneSource_WrongSize.selector,
            IRedStoneSource.RedStoneSource_WrongValueSize.selector,
            IRedStoneSource.RedStoneSource_InvalidSignature.selector,
            IRedStoneSource.RedStoneSource_UnknownSigner.selector,
            IRedStoneSource.RedStoneSource_TimestampsDiffer.selector,
            IRedStoneSource.RedStoneSource_InvalidTimestamp.selector,
            IRedStoneSource.RedStoneSource_TooFewSigners.selector
        ];
        for (uint256 i = 0; i < known.length; ++i) {
            if (selector == known[i]) return true;
        }
        return false;
    }
}

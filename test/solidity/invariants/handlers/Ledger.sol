// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {InsuranceFund} from "../../../../contracts/fund/InsuranceFund.sol";
import {IClearingHouse} from "../../../../contracts/interfaces/IClearingHouse.sol";
import {SegmentView} from "../../../../contracts/interfaces/IInsuranceFund.sol";
import {LiquidationEngine} from "../../../../contracts/liquidation/LiquidationEngine.sol";
import {PriceOracle} from "../../../../contracts/oracle/PriceOracle.sol";
import {AccountHeader, Side} from "../../../../contracts/types/Clearing.sol";
import {
    AccountId,
    AssetId,
    FeedId,
    MarketId,
    SegmentId,
    toAccountId
} from "../../../../contracts/types/Identifiers.sol";
import {System} from "../../support/System.sol";
import {vm} from "../../support/Vm.sol";

/// @dev Accounts, prices and books of the campaign, and what every call is measured by. Values are computed here from cash, positions
/// and collateral at the prices of the call, not by the house's own valuation.
abstract contract Ledger {
    /// @dev The system's money at one moment and one set of prices. WAD.
    struct Snapshot {
        int256[] values;
        uint256[2] prices;
        int256 fundAccount;
        uint256 unallocated;
        uint256 fees;
        SegmentView segment;
        uint16[4] generations;
    }

    uint256 internal constant UNIT = 1e18;
    uint256 internal constant START = 1_800_000_000;
    AssetId internal constant CASH = AssetId.wrap(0);
    AssetId internal constant WETH = AssetId.wrap(1);

    /* WHO: traders, one owner with several accounts, a griefer, two keepers, and two pairs of twins */
    uint256 internal constant TRADERS = 4;
    uint256 internal constant SELF_DEALER = 4;
    uint256 internal constant GRIEFER = 7;
    uint256 internal constant KEEPER = 8;
    uint256 internal constant ACTIVE = 10;
    uint256 internal constant TWINS = 10;
    uint256 internal constant ACCOUNTS = 14;

    System internal immutable SYSTEM;
    IClearingHouse internal immutable HOUSE;
    LiquidationEngine internal immutable ENGINE;
    InsuranceFund internal immutable FUND;
    PriceOracle internal immutable ORACLE;
    SegmentId internal immutable SEGMENT;

    AccountId[] internal _accounts;
    uint256[2] internal _feedPrice;
    bool[2] internal _isDead;
    uint256 internal _state;
    uint256 internal _time;
    uint256 public steps;

    /// @dev How many wei of base deleveragings may have left over in a market, and how many of money rounding (R2a).
    uint256[2] public baseDust;
    uint256 public quoteDust;
    uint256[2] public highestPrice;
    /// @dev The first broken promise that a call has seen; the invariants fail on it.
    string public broken;
    /// @dev How often each outcome was reached.
    mapping(bytes32 outcome => uint256) private _count;
    bytes32[] private _outcomes;

    constructor(System system) {
        SYSTEM = system;
        HOUSE = system.house();
        ENGINE = system.engine();
        FUND = system.fund();
        ORACLE = system.oracle();
        SEGMENT = system.segment();
        _time = START;
        for (uint256 i = 0; i < ACCOUNTS; ++i) _accounts.push(_newAccount(i));
        (_feedPrice[0], _feedPrice[1]) = (200e18, 8_000e18);
        highestPrice = _feedPrice;
    }

    function _newAccount(uint256 i) private pure returns (AccountId) {
        bool dealer = i >= SELF_DEALER && i < GRIEFER;
        address owner = address(uint160(0x10000 + (dealer ? SELF_DEALER : i)));
        return toAccountId(owner, dealer ? uint96(i - SELF_DEALER) : 0);
    }

    /* ONE CALL */

    /// @dev Every call starts at the campaign's own time and draws from its own seed.
    modifier step(uint256 seed) {
        ++steps;
        _state = uint256(keccak256(abi.encode(seed, steps)));
        vm.warp(_time);
        _;
    }

    /// @dev Even in [0, limit).
    function _draw(uint256 limit) internal returns (uint256 value) {
        value = _state % limit;
        _state = uint256(keccak256(abi.encode(_state)));
    }

    function _chance(uint256 percent) internal returns (bool) {
        return _draw(100) < percent;
    }

    function _pickActive() internal returns (AccountId) {
        return _accounts[_draw(ACTIVE)];
    }

    function _advance(uint256 seconds_) internal virtual {
        _time += seconds_;
        vm.warp(_time);
    }

    /// @dev Calls as `caller`; a failure must be one of `expected`, four bytes each.
    function _try(
        address caller,
        address target,
        bytes memory data,
        bytes memory expected,
        bytes32 verb
    ) internal returns (bool ok, bytes memory result) {
        vm.prank(caller);
        (ok, result) = target.call(data);
        if (ok) _reached(verb);
        else if (_isExpected(result, expected)) _reached(bytes32(uint256(verb) | uint32(bytes4(result))));
        else _break(string.concat("INV-04: unexpected failure of ", _text(verb), " ", _hex(result)));
    }

    function _isExpected(bytes memory result, bytes memory expected) private pure returns (bool) {
        bytes4 selector = bytes4(result);
        for (uint256 i = 0; i + 4 <= expected.length; i += 4) {
            bytes4 candidate;
            assembly ("memory-safe") {
                candidate := mload(add(add(expected, 0x20), i))
            }
            if (bytes4(candidate) == selector) return true;
        }
        return false;
    }

    function _require(bool condition, string memory what) internal {
        if (!condition) _break(what);
    }

    function _break(string memory what) internal {
        if (bytes(broken).length == 0) broken = what;
    }

    /* OUTCOMES */

    function _reached(bytes32 outcome) internal {
        if (_count[outcome]++ == 0) _outcomes.push(outcome);
    }

    function count(bytes32 outcome) external view returns (uint256) {
        return _count[outcome];
    }

    /// @dev "outcome count, ...": what a campaign has reached, for whoever reads a failure.
    function report() external view returns (string memory text) {
        for (uint256 i = 0; i < _outcomes.length; ++i) {
            bytes32 outcome = _outcomes[i];
            text = string.concat(text, _text(outcome), " ", decimal(_count[outcome]), ", ");
        }
    }

    /* BOOKS */

    function accounts() external view returns (AccountId[] memory) {
        return _accounts;
    }

    function prices() public view returns (uint256[2] memory current) {
        (current[0], ) = ORACLE.quote(FeedId.wrap(0));
        (current[1], ) = ORACLE.quote(FeedId.wrap(1));
    }

    /// @dev Cash, positions and collateral at full price.
    function valueOf(AccountId account, uint256[2] memory at) public view returns (int256 value) {
        AccountHeader memory header = HOUSE.headerOf(account);
        value = header.cash;
        for (uint8 market = 0; market < 2; ++market) {
            if (header.markets & (1 << market) == 0) continue;
            (int256 base, int256 quoteValue) = HOUSE.positionOf(account, MarketId.wrap(market));
            value += _floorMul(base, at[market]) + quoteValue;
        }
        if (header.assets != 0) value += int256((HOUSE.collateralOf(account, WETH) * at[0]) / UNIT);
    }

    function _floorMul(int256 base, uint256 price) internal pure returns (int256) {
        int256 product = base * int256(price);
        int256 quotient = product / int256(UNIT);
        return product < 0 && product % int256(UNIT) != 0 ? quotient - 1 : quotient;
    }

    function _snapshot() internal view returns (Snapshot memory snapshot) {
        return _snapshotAt(prices());
    }

    /// @dev The last value is the clearing account's.
    function _snapshotAt(uint256[2] memory at) internal view returns (Snapshot memory snapshot) {
        snapshot.prices = at;
        snapshot.values = new int256[](ACCOUNTS + 1);
        for (uint256 i = 0; i < ACCOUNTS; ++i) snapshot.values[i] = valueOf(_accounts[i], at);
        snapshot.values[ACCOUNTS] = valueOf(HOUSE.clearingAccount(), at);
        snapshot.fundAccount = HOUSE.fundAccount();
        snapshot.unallocated = HOUSE.unallocatedLoss();
        (snapshot.fees, ) = HOUSE.totals();
        snapshot.segment = FUND.segmentOf(SEGMENT);
        for (uint256 i = 0; i < 4; ++i) {
            snapshot.generations[i] = _generation(uint8(i / 2), i % 2 == 0);
        }
    }

    function _generation(uint8 market, bool long) internal view returns (uint16) {
        (Side memory side, ) = HOUSE.sideOf(MarketId.wrap(market), long);
        return side.generation;
    }

    function _indexOf(AccountId account) internal view returns (uint256) {
        for (uint256 i = 0; i < ACCOUNTS; ++i) if (_accounts[i] == account) return i;
        return ACCOUNTS;
    }

    /* TEXT */

    /// @dev The letters of an outcome; the selector of an error in its last four bytes as digits.
    function _text(bytes32 word) internal pure returns (string memory) {
        uint256 length;
        while (length < 28 && word[length] != 0) ++length;
        bytes memory out = new bytes(length);
        for (uint256 i = 0; i < length; ++i) out[i] = word[i];
        bytes4 selector = bytes4(uint32(uint256(word)));
        return selector == 0 ? string(out) : string.concat(string(out), ":", _hex(abi.encodePacked(selector)));
    }

    function decimal(uint256 value) public pure returns (string memory) {
        if (value < 10) return string(abi.encodePacked(bytes1(uint8(48 + value))));
        return string.concat(decimal(value / 10), decimal(value % 10));
    }

    function _hex(bytes memory data) internal pure returns (string memory) {
        bytes16 digits = "0123456789abcdef";
        uint256 length = data.length > 36 ? 36 : data.length;
        bytes memory out = new bytes(2 * length);
        for (uint256 i = 0; i < length; ++i) {
            out[2 * i] = digits[uint8(data[i]) >> 4];
            out[2 * i + 1] = digits[uint8(data[i]) & 15];
        }
        return string(out);
    }
}

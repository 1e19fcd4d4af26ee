// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {SourceKind, SourceStatus} from "../../../contracts/interfaces/IPriceSource.sol";
import {OpenZeppelinVault} from "../../../contracts/mocks/bench/OpenZeppelinVault.sol";
import {MockAggregator} from "../../../contracts/mocks/MockAggregator.sol";
import {MockAnswers} from "../../../contracts/mocks/MockAnswers.sol";
import {MockPullSource, MockRatioSource, MockSource} from "../../../contracts/mocks/MockSource.sol";
import {MockToken} from "../../../contracts/mocks/MockToken.sol";
import {ChainlinkSource} from "../../../contracts/oracle/sources/ChainlinkSource.sol";
import {RatioSource} from "../../../contracts/oracle/sources/RatioSource.sol";
import {vm} from "../support/Vm.sol";
import {SourceTest} from "./SourceTest.sol";

/// @dev A rate that a contract states without arguments.
interface IRate {
    function getRate() external view returns (uint256);
}

/// @dev ORC-01: a rate times a price, growth-capped and never cut to the cap.
contract RatioSourceTest is SourceTest {
    uint256 private constant RATE = 1.2e18;
    uint256 private constant PRICE = 2_000e18;
    /// @dev 5% a year, and not more than 2% down.
    uint16 private constant GROWTH_BPS = 5_00;
    uint16 private constant FLOOR_BPS = 98_00;
    bytes4 private constant GET_RATE = IRate.getRate.selector;

    RatioSource private source;
    MockPullSource private price;
    MockAnswers private target;

    function setUp() external {
        vm.warp(NOW);
        price = new MockPullSource();
        price.setAnswer(uint256(SourceStatus.Valid), PRICE, NOW - 5, 3e18);
        source = new RatioSource(price, address(price), "");
        target = new MockAnswers();
        _setRate(RATE);
    }

    function test_ORC01_KindIsRatio() external view {
        _require(source.kind() == SourceKind.Ratio, "ratio");
    }

    function test_ORC01_RateTimesPrice() external {
        // The interval grows with the price, and is rounded up.
        _expectRead(source, _words(), SourceStatus.Valid, 2_400e18, NOW - 5, 3.6e18);
        price.setAnswer(uint256(SourceStatus.Valid), PRICE, NOW - 5, 1);
        _expectRead(source, _words(), SourceStatus.Valid, 2_400e18, NOW - 5, 2);
    }

    function test_ORC01_WordsAreAsDocumented() external view {
        uint256[2] memory words = _words();
        uint256 first = (uint256(18) << 224) | (uint256(FLOOR_BPS) << 208) | (uint256(GROWTH_BPS) << 192);
        first |= (uint256(uint32(GET_RATE)) << 160) | uint160(address(target));
        _require(words[0] == first, "target, selector, bounds, decimals");
        _require(words[1] == (NOW << 128) | RATE, "rate and time of the listing");
    }

    /// @dev 5% a year of 1.2 is 0.06 a year; to the wei and to the second.
    function test_ORC01_AboveTheCapIsOutsideTheBandAndNotCut() external {
        uint256[2] memory words = _words();
        _setRate(RATE + 1);
        _expectFailure(source, words, SourceStatus.OutsideBand);
        vm.warp(NOW + 365 days);
        price.setAnswer(uint256(SourceStatus.Valid), PRICE, NOW, 0);
        _setRate(1.26e18);
        _expectRead(source, words, SourceStatus.Valid, 2_520e18, NOW, 0);
        _setRate(1.26e18 + 1);
        _expectFailure(source, words, SourceStatus.OutsideBand);
        _setRate(1.26e18);
        vm.warp(NOW + 365 days - 1);
        _expectFailure(source, words, SourceStatus.OutsideBand);
    }

    function test_ORC01_BelowTheFloorIsOutsideTheBand() external {
        uint256[2] memory words = _words();
        _setRate(1.176e18);
        _expectRead(source, words, SourceStatus.Valid, 2_352e18, NOW - 5, 3.528e18);
        _setRate(1.176e18 - 1);
        _expectFailure(source, words, SourceStatus.OutsideBand);
        _setRate(1);
        _expectFailure(source, words, SourceStatus.OutsideBand);
    }

    function test_ORC01_RatesThatAreNone() external {
        uint256[2] memory words = _words();
        _setRate(0);
        _expectFailure(source, words, SourceStatus.NotPositive);
        _setRate(uint256(type(uint128).max) + 1);
        _expectFailure(source, words, SourceStatus.Malformed);
        _setRate(type(uint256).max);
        _expectFailure(source, words, SourceStatus.Malformed);
        target.setAnswer(GET_RATE, new bytes(31));
        _expectFailure(source, words, SourceStatus.Unreachable);
    }

    function test_ORC01_ThePricesFailureIsPassedOn() external {
        uint256[2] memory words = _words();
        for (uint8 i = 1; i <= uint8(type(SourceStatus).max); ++i) {
            price.setStatus(SourceStatus(i));
            _expectFailure(source, words, SourceStatus(i));
        }
    }

    /// @dev A reader that breaks its promise is not believed.
    function test_ORC01_APriceOutOfRangeIsMalformed() external {
        uint256[2] memory words = _words();
        uint256 valid = uint256(SourceStatus.Valid);
        uint256[4][5] memory answers = [
            [uint256(type(SourceStatus).max) + 1, PRICE, NOW, 0],
            [valid, 0, NOW, 0],
            [valid, 1e27 + 1, NOW, 0],
            [valid, PRICE, 0, 0],
            [valid, PRICE, NOW, 1e27 + 1]
        ];
        for (uint256 i = 0; i < answers.length; ++i) {
            price.setAnswer(answers[i][0], answers[i][1], answers[i][2], answers[i][3]);
            _expectFailure(source, words, SourceStatus.Malformed);
        }
        price.setAnswer(valid, PRICE, NOW + 1, 0);
        _expectFailure(source, words, SourceStatus.FromFuture);
        price.setMode(MockSource.Mode.Short);
        _expectFailure(source, words, SourceStatus.Malformed);
        price.setMode(MockSource.Mode.Reverts);
        _expectFailure(source, words, SourceStatus.Unreachable);
    }

    function test_ORC01_AProductOutOfRangeIsMalformed() external {
        uint256[2] memory words = _words();
        uint256 valid = uint256(SourceStatus.Valid);
        // 1.2 times this is 1e9 and less than a wei; a wei more is too much.
        uint256 highest = uint256(1e28) / 12 + 1;
        price.setAnswer(valid, highest, NOW, 0);
        _expectRead(source, words, SourceStatus.Valid, 1e27, NOW, 0);
        price.setAnswer(valid, highest + 1, NOW, 0);
        _expectFailure(source, words, SourceStatus.Malformed);
        // Less than a wei is not a price of 0.
        _setRate(0.9e18);
        words = _words();
        price.setAnswer(valid, 1, NOW, 0);
        _expectFailure(source, words, SourceStatus.Malformed);
    }

    function test_ORC01_RateDecimals() external {
        uint8[4] memory decimals = [0, 6, 27, 36];
        for (uint256 i = 0; i < decimals.length; ++i) {
            _setRate(3 * 10 ** decimals[i]);
            uint256[2] memory words = _configure(
                source,
                address(target),
                abi.encode(GET_RATE, decimals[i], GROWTH_BPS, FLOOR_BPS)
            );
            _expectRead(source, words, SourceStatus.Valid, 6_000e18, NOW - 5, 9e18);
        }
    }

    /// @dev On OpenZeppelin's vault: a share is worth what it stands for, a donation is a jump that is not believed, nor is a loss.
    function test_ORC01_DonationToAVaultIsNotBelieved() external {
        MockToken asset = new MockToken("Test Dollar", "USD", 6);
        OpenZeppelinVault vault = new OpenZeppelinVault(IERC20(address(asset)));
        asset.mint(address(this), 1_000e6);
        asset.approve(address(vault), 1_000e6);
        vault.deposit(1_000e6, address(this));
        asset.mint(address(vault), 200e6);

        uint256 rate = vault.convertToAssets(1e6);
        uint256[2] memory words = _configure(source, address(vault), abi.encode(bytes4(0), 6, GROWTH_BPS, FLOOR_BPS));
        _require(rate == 1.2e6 - 1, "rounded down by the vault");
        _expectRead(source, words, SourceStatus.Valid, (PRICE * rate) / 1e6, NOW - 5, (3e18 * rate + 1e6 - 1) / 1e6);

        // One part in a thousand in the same block: seven days of allowed growth.
        asset.mint(address(vault), 1.2e6);
        _expectFailure(source, words, SourceStatus.OutsideBand);
        vm.warp(NOW + 8 days);
        (SourceStatus status, , , ) = source.read(words[0], words[1]);
        _require(status == SourceStatus.Valid, "when so much may have grown it is believed");
        // A loss of 3%.
        asset.burn(address(vault), 36e6);
        _expectFailure(source, words, SourceStatus.OutsideBand);
    }

    function test_ORC01_AVaultsDecimalsAreChecked() external {
        MockToken asset = new MockToken("Test Dollar", "USD", 6);
        OpenZeppelinVault vault = new OpenZeppelinVault(IERC20(address(asset)));
        _expectRefusal(
            source,
            address(vault),
            abi.encode(bytes4(0), 18, GROWTH_BPS, FLOOR_BPS),
            abi.encodeWithSelector(RatioSource.RatioSource_WrongDecimals.selector, address(vault), 18, 6)
        );
        _expectRefusal(
            source,
            address(target),
            abi.encode(GET_RATE, 37, GROWTH_BPS, FLOOR_BPS),
            abi.encodeWithSelector(RatioSource.RatioSource_WrongDecimals.selector, address(target), 37, 36)
        );
        // Neither a vault nor a rate.
        bytes4 problem = RatioSource.RatioSource_Unreadable.selector;
        _expectRefusal(
            source,
            address(target),
            abi.encode(bytes4(0), 18, GROWTH_BPS, FLOOR_BPS),
            abi.encodeWithSelector(problem, address(target))
        );
    }

    /// @dev What says its own decimals, but not which asset it holds, or holds one that says nothing of itself.
    function test_ORC01_AVaultWithoutAReadableAssetIsRefused() external {
        bytes memory settings = abi.encode(bytes4(0), 18, GROWTH_BPS, FLOOR_BPS);
        bytes memory problem = abi.encodeWithSelector(RatioSource.RatioSource_Unreadable.selector, address(target));
        target.setAnswer(IERC20Metadata.decimals.selector, abi.encode(18));
        target.setAnswer(IERC4626.convertToAssets.selector, abi.encode(RATE));
        _expectRefusal(source, address(target), settings, problem);
        target.setAnswer(IERC4626.asset.selector, abi.encode((uint256(1) << 160) | uint160(address(target))));
        _expectRefusal(source, address(target), settings, problem);
        target.setAnswer(IERC4626.asset.selector, abi.encode(address(0xdead)));
        _expectRefusal(source, address(target), settings, problem);
        target.setAnswer(IERC4626.asset.selector, abi.encode(address(target)));
        source.configure(address(target), settings);
    }

    function test_ORC01_ListingsOutOfBoundsAreRefused() external {
        bytes4 growth = RatioSource.RatioSource_InvalidGrowth.selector;
        bytes4 floor = RatioSource.RatioSource_InvalidFloor.selector;
        bytes4 unreadable = RatioSource.RatioSource_Unreadable.selector;
        address at = address(target);
        _expectRefusal(source, at, abi.encode(GET_RATE, 18, 100_01, FLOOR_BPS), abi.encodeWithSelector(growth, 100_01));
        _expectRefusal(source, at, abi.encode(GET_RATE, 18, GROWTH_BPS, 0), abi.encodeWithSelector(floor, 0));
        _expectRefusal(source, at, abi.encode(GET_RATE, 18, GROWTH_BPS, 100_01), abi.encodeWithSelector(floor, 100_01));
        source.configure(at, abi.encode(GET_RATE, 18, 0, 100_00));
        source.configure(at, abi.encode(GET_RATE, 18, 100_00, 1));
        uint256[2] memory rates = [uint256(0), uint256(type(uint128).max) + 1];
        bytes memory settings = abi.encode(GET_RATE, 18, GROWTH_BPS, FLOOR_BPS);
        for (uint256 i = 0; i < rates.length; ++i) {
            _setRate(rates[i]);
            _expectRefusal(source, at, settings, abi.encodeWithSelector(unreadable, at));
        }
        _expectRefusal(source, address(0xdead), settings, abi.encodeWithSelector(unreadable, address(0xdead)));
    }

    function test_ORC01_ARatioOfARatioIsRefused() external {
        MockRatioSource nested = new MockRatioSource();
        vm.expectRevert(abi.encodeWithSelector(RatioSource.RatioSource_NestedRatio.selector, address(nested)));
        new RatioSource(nested, address(nested), "");
    }

    /// @dev R1a: the rate's limit and the price's fit into what the oracle gives, with a real reader that gives its feed FEED_GAS.
    function test_R1a_SourceGasCoversBoth() external {
        ChainlinkSource reader = new ChainlinkSource();
        MockAggregator feed = new MockAggregator(8, 2_000e8);
        source = new RatioSource(reader, address(feed), abi.encode(uint32(3_600)));
        uint256[2] memory words = _words();
        _expectRead(source, words, SourceStatus.Valid, 2_400e18, NOW, 0);
        // A rate that takes nearly all it gets, and a feed that burns all.
        target.setGas(GET_RATE, 100_000);
        _expectRead(source, words, SourceStatus.Valid, 2_400e18, NOW, 0);
        _expectFailureWithSourceGas(source, words, SourceStatus.Valid);
        feed.setMode(MockAggregator.Mode.BurnsGas);
        _expectFailureWithSourceGas(source, words, SourceStatus.Unreachable);
        // However much a rate takes of what it gets, or more: what is left is enough for the price.
        for (uint256 spent = 90_000; spent <= 200_000; spent += 5_000) {
            target.setGas(GET_RATE, spent);
            _expectFailureWithSourceGas(source, words, SourceStatus.Unreachable);
        }
        MockAnswers.Mode[3] memory modes = [
            MockAnswers.Mode.Reverts,
            MockAnswers.Mode.BurnsGas,
            MockAnswers.Mode.RevertBomb
        ];
        for (uint256 i = 0; i < modes.length; ++i) {
            target.setMode(GET_RATE, modes[i]);
            _expectFailureWithSourceGas(source, words, SourceStatus.Unreachable);
        }
    }

    function test_ORC01_StarvedReadRevertsInsteadOfFailing() external view {
        _expectStarvedReadReverts(source, _words(), 110_000);
        _expectStarvedReadReverts(source, _words(), 270_000);
    }

    /// forge-config: default.fuzz.runs = 5000
    function testFuzz_ORC01_NeverRevertsAndNeverZero(
        uint256 rate,
        uint256[4] calldata answer,
        uint64 elapsed,
        uint8 nearness
    ) external {
        uint256[2] memory words = _words();
        vm.warp(NOW + elapsed);
        if (nearness % 2 == 0) rate = 1.17e18 + (rate % 0.1e18);
        _setRate(rate);
        price.setAnswer(
            nearness % 3 == 0 ? answer[0] : 0,
            nearness % 5 == 0 ? answer[1] : answer[1] % 1e28,
            nearness % 7 == 0 ? answer[2] : NOW - (answer[2] % 100),
            nearness % 11 == 0 ? answer[3] : answer[3] % 1e20
        );
        if (!_expectTotal(source, words)) return;
        _require(rate >= 1.176e18, "not below the floor");
        _require(rate <= RATE + (RATE * GROWTH_BPS * uint256(elapsed)) / (10_000 * 365 days), "nor above the cap");
    }

    function _setRate(uint256 rate) private {
        target.setAnswer(GET_RATE, abi.encode(rate));
    }

    function _words() private view returns (uint256[2] memory) {
        return _configure(source, address(target), abi.encode(GET_RATE, 18, GROWTH_BPS, FLOOR_BPS));
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CapitalWord, CapitalWords} from "../../../contracts/coverage/CapitalWord.sol";
import {VaultStorage} from "../../../contracts/coverage/VaultStorage.sol";
import {
    AccrualWord,
    AccrualWords,
    CommitmentWord,
    CommitmentWords,
    CurveWords,
    DrawsWord,
    DrawsWords,
    RequestWords
} from "../../../contracts/coverage/VaultWords.sol";
import {ExitRequest, Tranche} from "../../../contracts/types/Coverage.sol";
import {CurveState} from "../../../contracts/types/Premium.sol";
import {Fuzz} from "../support/Fuzz.sol";

/// @notice A slot of the vault read or written as a word says what the compiler's struct says, and the other way round.
contract VaultWordsTest {
    using AccrualWords for VaultStorage.Ledger;
    using CapitalWords for VaultStorage.Capital;
    using CommitmentWords for VaultStorage.Commitment;
    using CurveWords for CurveState;
    using DrawsWords for VaultStorage.Ledger;
    using RequestWords for VaultStorage.KeptRequest;

    VaultStorage.Capital private _capital;
    VaultStorage.Ledger private _ledger;
    VaultStorage.Commitment private _commitment;
    VaultStorage.KeptRequest private _request;
    CurveState private _curve;

    /* CAPITAL */

    function testFuzz_CVR05_capitalIsReadAsItWasStored(VaultStorage.Capital memory capital) external {
        _capital = capital;
        CapitalWord word = _capital.load();
        Fuzz.assertEqual(word.valueOf(Tranche.Junior), uint256(capital.junior), "junior");
        Fuzz.assertEqual(word.valueOf(Tranche.Senior), uint256(capital.senior), "senior");
        Fuzz.assertEqual(uint256(word.epochOf(Tranche.Junior)), capital.juniorEpoch, "juniorEpoch");
        Fuzz.assertEqual(uint256(word.epochOf(Tranche.Senior)), capital.seniorEpoch, "seniorEpoch");
        Fuzz.assertTrue(word.hasAdvances(Tranche.Junior) == (capital.advances % 2 == 1), "advances of junior");
        Fuzz.assertTrue(word.hasAdvances(Tranche.Senior) == ((capital.advances / 2) % 2 == 1), "advances of senior");
        Fuzz.assertEqual(uint256(word.draws()), capital.draws, "draws");
    }

    function testFuzz_CVR05_aNewValueLeavesTheRestOfCapital(
        VaultStorage.Capital memory capital,
        uint96 value
    ) external {
        _capital = capital;
        _capital.store(_capital.load().withValue(Tranche.Junior, value));
        capital.junior = value;
        _assertCapital(capital, "junior");
        _capital.store(_capital.load().withValue(Tranche.Senior, value));
        capital.senior = value;
        _assertCapital(capital, "senior");
    }

    function testFuzz_CVR04_newValuesLeaveTheRestOfCapital(
        VaultStorage.Capital memory capital,
        uint96 junior,
        uint96 senior
    ) external {
        _capital = capital;
        _capital.store(_capital.load().withValues(junior, senior));
        (capital.junior, capital.senior) = (junior, senior);
        _assertCapital(capital, "values");
    }

    function testFuzz_CVR05_theNextEpochEndsAdvancesAndLeavesTheRestOfCapital(
        VaultStorage.Capital memory capital
    ) external {
        capital.juniorEpoch %= type(uint24).max;
        capital.seniorEpoch %= type(uint24).max;
        _capital = capital;
        _capital.store(_capital.load().withNextEpoch(Tranche.Junior));
        capital.juniorEpoch += 1;
        capital.advances &= ~uint8(1);
        _assertCapital(capital, "junior");
        _capital.store(_capital.load().withNextEpoch(Tranche.Senior));
        capital.seniorEpoch += 1;
        capital.advances &= ~uint8(2);
        _assertCapital(capital, "senior");
    }

    function testFuzz_CVR05_noEpochFollowsTheLast(bool isSenior) external {
        _capital.juniorEpoch = type(uint24).max;
        _capital.seniorEpoch = type(uint24).max;
        try this.nextEpoch(isSenior ? Tranche.Senior : Tranche.Junior) {
            Fuzz.assertTrue(false, "an epoch after the last");
        } catch (bytes memory reason) {
            bytes memory expected = abi.encodeWithSignature("Panic(uint256)", 0x11);
            Fuzz.assertTrue(keccak256(reason) == keccak256(expected), "reason");
        }
    }

    function testFuzz_CVR06_advancesLeaveTheRestOfCapital(VaultStorage.Capital memory capital, bool has) external {
        _capital = capital;
        _capital.store(_capital.load().withAdvances(Tranche.Junior, has));
        capital.advances = (capital.advances & ~uint8(1)) | (has ? 1 : 0);
        _assertCapital(capital, "junior");
        _capital.store(_capital.load().withAdvances(Tranche.Senior, has));
        capital.advances = (capital.advances & ~uint8(2)) | (has ? 2 : 0);
        _assertCapital(capital, "senior");
    }

    function testFuzz_FND10_drawsLeaveTheRestOfCapital(VaultStorage.Capital memory capital, uint8 draws) external {
        _capital = capital;
        _capital.store(_capital.load().withDraws(draws));
        capital.draws = draws;
        _assertCapital(capital, "draws");
    }

    /* LEDGER */

    function testFuzz_CVR04_accrualIsReadAsItWasStored(VaultStorage.Ledger memory ledger) external {
        _ledger = ledger;
        AccrualWord word = _ledger.loadAccrual();
        Fuzz.assertEqual(uint256(word.unearned()), ledger.unearned, "unearned");
        Fuzz.assertEqual(uint256(word.rate()), ledger.rate, "rate");
        Fuzz.assertEqual(uint256(word.accruedAt()), ledger.accruedAt, "accruedAt");
    }

    function testFuzz_CVR04_accrualIsStoredAsItIsReadAndLeavesTheRest(
        VaultStorage.Ledger memory ledger,
        uint96 unearned,
        uint96 rate,
        uint40 accruedAt
    ) external {
        _ledger = ledger;
        _ledger.storeAccrual(AccrualWords.packAccrual(unearned, rate, accruedAt));
        (ledger.unearned, ledger.rate, ledger.accruedAt) = (unearned, rate, accruedAt);
        _assertLedger(ledger);
    }

    function testFuzz_CVR09_aDrawMovesCommittedToOwedAndLeavesTheRest(
        VaultStorage.Ledger memory ledger,
        uint96 paid
    ) external {
        paid = uint96(Fuzz.between(paid, 0, ledger.committed));
        ledger.owed = uint96(Fuzz.between(ledger.owed, 0, type(uint96).max - paid));
        _ledger = ledger;
        DrawsWord word = _ledger.loadDraws();
        Fuzz.assertEqual(uint256(word.committed()), ledger.committed, "committed");
        Fuzz.assertEqual(uint256(word.owed()), ledger.owed, "owed");
        _ledger.storeDraws(word.withDraw(paid));
        (ledger.committed, ledger.owed) = (ledger.committed - paid, ledger.owed + paid);
        _assertLedger(ledger);
    }

    function testFuzz_CVR09_aCommitmentIsReadAndDrawnOnAsItWasStored(
        VaultStorage.Commitment memory commitment,
        uint96 remaining,
        uint96 paid
    ) external {
        commitment.owed = uint96(Fuzz.between(commitment.owed, 0, type(uint96).max - paid));
        _commitment = commitment;
        CommitmentWord word = _commitment.load();
        Fuzz.assertEqual(uint256(word.remaining()), commitment.remaining, "remaining");
        Fuzz.assertEqual(uint256(word.owed()), commitment.owed, "owed");
        Fuzz.assertEqual(word.activeFrom(), uint256(commitment.activeFrom), "activeFrom");
        Fuzz.assertEqual(word.endsInWeek(), uint256(commitment.endsInWeek), "endsInWeek");
        _commitment.store(word.withDraw(remaining, paid));
        (commitment.remaining, commitment.owed) = (remaining, commitment.owed + paid);
        VaultStorage.Commitment memory stored = _commitment;
        Fuzz.assertTrue(keccak256(abi.encode(stored)) == keccak256(abi.encode(commitment)), "commitment");
    }

    /* REQUESTS AND THE CURVE */

    function testFuzz_CVR06_aRequestIsStoredAsItIsRead(
        VaultStorage.KeptRequest memory before,
        ExitRequest memory request
    ) external {
        _request = before;
        _request.store(request);
        VaultStorage.KeptRequest memory stored = _request;
        Fuzz.assertEqual(uint256(stored.shares), request.shares, "shares");
        Fuzz.assertEqual(uint256(stored.requestedAt), request.requestedAt, "requestedAt");
        Fuzz.assertEqual(uint256(stored.epoch), request.epoch, "epoch");
        Fuzz.assertTrue(stored.isWithheld == request.isWithheld, "isWithheld");
        Fuzz.assertTrue(stored.hasAdvance == (request.advanced != 0), "hasAdvance");
        Fuzz.assertEqual(uint256(stored.advanced), before.advanced, "advanced stays");
    }

    function testFuzz_CVR06_aRequestWithoutAdvanceSaysSo(ExitRequest memory request) external {
        request.advanced = 0;
        _request.store(request);
        Fuzz.assertTrue(!_request.hasAdvance, "hasAdvance");
    }

    function testFuzz_CVR08_theCurveIsStoredAsItIsRead(CurveState memory curve) external {
        _curve.store(curve.kinkRate, curve.utilisation, curve.updatedAt);
        CurveState memory stored = _curve;
        Fuzz.assertTrue(keccak256(abi.encode(stored)) == keccak256(abi.encode(curve)), "curve");
    }

    /* STEPS */

    function nextEpoch(Tranche tranche) external view returns (CapitalWord) {
        return _capital.load().withNextEpoch(tranche);
    }

    function _assertCapital(VaultStorage.Capital memory expected, string memory what) private view {
        VaultStorage.Capital memory stored = _capital;
        Fuzz.assertTrue(keccak256(abi.encode(stored)) == keccak256(abi.encode(expected)), what);
    }

    function _assertLedger(VaultStorage.Ledger memory expected) private view {
        VaultStorage.Ledger memory stored = _ledger;
        Fuzz.assertTrue(keccak256(abi.encode(stored)) == keccak256(abi.encode(expected)), "ledger");
    }
}

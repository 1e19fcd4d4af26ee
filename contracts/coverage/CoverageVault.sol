// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CodePiece} from "../libraries/CodePiece.sol";

import {VaultBooks} from "../interfaces/ICoverageVault.sol";
import {ExitRequest, Tranche} from "../types/Coverage.sol";
import {CapitalWord} from "./CapitalWord.sol";
import {Commitments} from "./Commitments.sol";
import {CoverageVaultExtension} from "./CoverageVaultExtension.sol";
import {CoverToken} from "./CoverToken.sol";
import {Exits} from "./Exits.sol";
import {TrancheShare} from "./TrancheShare.sol";
import {VaultStorage} from "./VaultStorage.sol";

/// @title Coverage vault
/// @notice See ICoverageVault for every function. One vault per house and settlement asset; no owner, no upgrade, no withdrawal but by exits,
/// redeemed cover and booked draws (R5). The access manager can announce products and commitments, and close products.
/// Rooms, lowest first: VaultStorage, VaultCapital, PremiumLedger, Tranches, then here Exits and Commitments. What sells and pays cover (Products,
/// Settlements, Purchases) is answered by CoverageVaultExtension, and what concludes treaties (Treaties) by a third piece behind it. Their
/// addresses are immutable, and their code works on the storage of this contract: three contracts, because one would be larger than a contract
/// may be. This is no upgrade path: nobody can change it.
contract CoverageVault is Exits, Commitments, CodePiece {
    address private immutable EXTENSION;
    TrancheShare private immutable JUNIOR_SHARE;
    TrancheShare private immutable SENIOR_SHARE;

    /// @param extension_ says what this vault is linked to, so that both cannot differ
    constructor(CoverageVaultExtension extension_) VaultStorage(extension_.settings()) {
        EXTENSION = address(extension_);
        _juniorShare = JUNIOR_SHARE = new TrancheShare(Tranche.Junior, TOKEN, DECIMALS);
        _seniorShare = SENIOR_SHARE = new TrancheShare(Tranche.Senior, TOKEN, DECIMALS);
        _cover = new CoverToken();
        _ledger.accruedAt = uint40(block.timestamp);
    }

    /* READERS: no guard of the vault's own. Its books are complete whenever it calls out. */

    function books() external view returns (VaultBooks memory result) {
        uint256 earned;
        CapitalWord capital = _capitalWord();
        (result.junior, result.senior, earned) = _currentValues(capital);
        result.juniorAdvanced = _advancedOf(capital, Tranche.Junior);
        result.seniorAdvanced = _advancedOf(capital, Tranche.Senior);
        result.unearned = _ledger.unearned - earned;
        result.escrowed = _ledger.escrowed;
        result.payable_ = _ledger.payable_;
        result.owedToFund = _ledger.owed;
        result.liability = _ledger.liability;
        result.committed = _ledger.committed;
        result.atRisk = _ledger.atRisk;
    }

    function trancheState(Tranche tranche) external view returns (uint256 value, uint32 epoch) {
        _distress(0);
        CapitalWord capital = _capitalWord();
        (uint256 junior, uint256 senior, ) = _currentValues(capital);
        return (tranche == Tranche.Junior ? junior : senior, capital.epochOf(tranche));
    }

    function epochOf(Tranche tranche) external view returns (uint32) {
        return _epochOf(tranche);
    }

    function queuedOf(Tranche tranche) external view returns (uint256) {
        return _bookOf(tranche).queued;
    }

    function freeCapital() external view returns (uint256) {
        return _freeCapital();
    }

    function exitRequestOf(Tranche tranche, address owner) external view returns (ExitRequest memory) {
        return _requestOf(tranche, owner);
    }

    function shareOf(Tranche tranche) external view returns (address) {
        return address(_shareOf(tranche));
    }

    function coverToken() external view returns (address) {
        return address(_cover);
    }

    function floor() external view returns (uint256) {
        return FLOOR;
    }

    function verifier() external view returns (address) {
        return address(VERIFIER);
    }

    function house() external view returns (address) {
        return address(HOUSE);
    }

    function fund() external view returns (address) {
        return FUND;
    }

    function settlementToken() external view returns (address) {
        return TOKEN;
    }

    function extension() external view returns (address) {
        return EXTENSION;
    }

    function _shareOf(Tranche tranche) internal view override returns (TrancheShare) {
        return tranche == Tranche.Junior ? JUNIOR_SHARE : SENIOR_SHARE;
    }

    function _nextPiece() internal view override returns (address) {
        return EXTENSION;
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {CoverToken} from "../../../contracts/coverage/CoverToken.sol";
import {CoverageVault} from "../../../contracts/coverage/CoverageVault.sol";
import {CoverageVaultExtension} from "../../../contracts/coverage/CoverageVaultExtension.sol";
import {TrancheShare} from "../../../contracts/coverage/TrancheShare.sol";
import {VaultStorage} from "../../../contracts/coverage/VaultStorage.sol";
import {IClaimVerifier} from "../../../contracts/interfaces/IClaimVerifier.sol";
import {IClearingHouse} from "../../../contracts/interfaces/IClearingHouse.sol";
import {ICoverageVault} from "../../../contracts/interfaces/ICoverageVault.sol";
import {ICoverageVaultEvents} from "../../../contracts/interfaces/ICoverageVaultEvents.sol";
import {Tranche} from "../../../contracts/types/Coverage.sol";
import {PurchaseId, SeriesId} from "../../../contracts/types/Identifiers.sol";
import {vm} from "../support/Vm.sol";
import {VaultTest} from "./VaultTest.sol";

/// @dev What tests of attacks share: vaults on other contracts than the mocks of VaultTest, and the errors that attacks end with.
abstract contract AttackVault is VaultTest {
    address internal constant MALLORY = address(0xBAD);

    /// @dev From here on `vault` and its tokens are this one.
    function useVault(address fund, address verifier_) internal {
        CoverageVaultExtension extension = new CoverageVaultExtension(settingsWith(fund, verifier_, UNIT), model);
        vault = ICoverageVault(address(new CoverageVault(extension)));
        junior = TrancheShare(vault.shareOf(Tranche.Junior));
        senior = TrancheShare(vault.shareOf(Tranche.Senior));
        cover = CoverToken(vault.coverToken());
    }

    function settingsWith(
        address fund,
        address verifier_,
        uint256 floor
    ) internal view returns (VaultStorage.Settings memory) {
        return
            VaultStorage.Settings({
                accessManager: address(manager),
                house: IClearingHouse(address(house)),
                fund: fund,
                verifier: IClaimVerifier(verifier_),
                floor: floor
            });
    }

    /// @dev A series of `weeks_` with that limit in units, in a product of its own.
    function newSeries(uint256 limit, uint256 weeks_) internal returns (SeriesId) {
        return openSeries(list(terms()), limit, weeks_);
    }

    function buyFor(SeriesId series, address who, uint256 units) internal returns (PurchaseId, uint256 premium) {
        uint256 number;
        (number, premium) = buy(series, who, units);
        return (PurchaseId.wrap(uint64(number)), premium);
    }

    /// @dev Bought and minted.
    function insure(SeriesId series, address who, uint256 units) internal {
        (PurchaseId purchase, ) = buyFor(series, who, units);
        skip(1 days);
        assertTrue("minted", vault.complete(purchase));
    }

    function redeem(SeriesId series, address who, uint256 units) internal returns (uint256) {
        vm.prank(who);
        return vault.redeem(series, uint96(units), who);
    }

    function queue(TrancheShare share, address who, uint256 shares) internal {
        vm.prank(who);
        share.requestRedeem(shares, who, who);
    }

    /* ERRORS */

    function locked() internal pure returns (bytes memory) {
        return abi.encodeWithSelector(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector);
    }

    function expectAmount(uint256 amount, uint256 max) internal {
        vm.expectRevert(abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_InvalidAmount.selector, amount, max));
    }

    function expectUnexpectedTransfer(uint256 expected, uint256 received) internal {
        vm.expectRevert(
            abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_UnexpectedTransfer.selector, expected, received)
        );
    }

    function expectNoCapacity(uint256 required, uint256 free) internal {
        vm.expectRevert(abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_NoCapacity.selector, required, free));
    }

    function expectOutsideWindow(uint256 opensAt, uint256 closesAt) internal {
        vm.expectRevert(
            abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_OutsideWindow.selector, opensAt, closesAt)
        );
    }

    function expectWithheld(uint256 value) internal {
        vm.expectRevert(abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_ExitWithheld.selector, value, value));
    }

    function expectNoRequest(address who) internal {
        vm.expectRevert(abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_NoExitRequest.selector, who));
    }

    function expectNotForSale(SeriesId series) internal {
        vm.expectRevert(abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_SeriesNotForSale.selector, series));
    }

    function expectTransferFailed(address receiver, uint256 amount) internal {
        vm.expectRevert(
            abi.encodeWithSelector(
                ICoverageVaultEvents.CoverageVault_TransferFailed.selector,
                address(token),
                receiver,
                amount
            )
        );
    }
}

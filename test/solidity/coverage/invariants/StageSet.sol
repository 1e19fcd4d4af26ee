// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

import {ClaimVerifier} from "../../../../contracts/claims/ClaimVerifier.sol";
import {CoverageVault} from "../../../../contracts/coverage/CoverageVault.sol";
import {CoverageVaultExtension} from "../../../../contracts/coverage/CoverageVaultExtension.sol";
import {PremiumModel} from "../../../../contracts/coverage/PremiumModel.sol";
import {VaultStorage} from "../../../../contracts/coverage/VaultStorage.sol";
import {InsuranceFund} from "../../../../contracts/fund/InsuranceFund.sol";
import {IClearingHouse} from "../../../../contracts/interfaces/IClearingHouse.sol";
import {ICoverageVault} from "../../../../contracts/interfaces/ICoverageVault.sol";
import {IPremiumModel} from "../../../../contracts/interfaces/IPremiumModel.sol";
import {IPriceOracle} from "../../../../contracts/interfaces/IPriceOracle.sol";
import {MockToken} from "../../../../contracts/mocks/MockToken.sol";
import {MockTrigger} from "../../../../contracts/mocks/MockTrigger.sol";
import {StageHouse} from "./StageHouse.sol";

/// @dev Two real vaults, a real fund and verifier, and what a campaign tells what to do: house, trigger, token.
contract StageSet {
    uint256 public constant FLOOR = 100e18;
    uint256 public constant BOND = 10e6;

    AccessManager private immutable _manager;
    MockToken public immutable usd;
    StageHouse public immutable house;
    InsuranceFund public immutable fund;
    ClaimVerifier public immutable verifier;
    MockTrigger public immutable trigger;
    IPremiumModel public immutable model;
    ICoverageVault public immutable vault;
    ICoverageVault public immutable reinsurance;

    constructor() {
        usd = new MockToken("Test Dollar", "USD", 6);
        _manager = new AccessManager(address(this));
        house = new StageHouse(address(usd));
        fund = new InsuranceFund();
        verifier = new ClaimVerifier(address(usd), BOND, BOND / 10, address(0xFEE));
        trigger = new MockTrigger();
        // Hazard rates ask no oracle.
        model = new PremiumModel(IPriceOracle(address(0)));
        VaultStorage.Settings memory settings = VaultStorage.Settings({
            accessManager: address(_manager),
            house: IClearingHouse(address(house)),
            fund: address(fund),
            verifier: verifier,
            floor: FLOOR
        });
        CoverageVaultExtension extension = new CoverageVaultExtension(settings, model);
        vault = ICoverageVault(address(new CoverageVault(extension)));
        reinsurance = ICoverageVault(address(new CoverageVault(extension)));
    }

    /// @dev Whoever comes first is the administrator.
    function handOver() external {
        _manager.grantRole(_manager.ADMIN_ROLE(), msg.sender, 0);
        _manager.renounceRole(_manager.ADMIN_ROLE(), address(this));
    }
}

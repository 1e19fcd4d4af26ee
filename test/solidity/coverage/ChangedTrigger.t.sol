// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICoverageVaultEvents} from "../../../contracts/interfaces/ICoverageVaultEvents.sol";
import {MockVerifier} from "../../../contracts/mocks/MockVerifier.sol";
import {ProductTerms} from "../../../contracts/types/Coverage.sol";
import {ProductId} from "../../../contracts/types/Identifiers.sol";
import {vm} from "../support/Vm.sol";
import {VaultTest} from "./VaultTest.sol";

interface IVmEtch {
    function etch(address target, bytes calldata code) external;
}

/// @dev CVR-03: what decides a product is what was announced, for as long as everybody could leave.
contract ChangedTriggerTest is VaultTest {
    function test_CVR03_a_trigger_with_other_code_than_announced_opens_no_series() external {
        deposit(junior, ALICE, 100);
        ProductTerms memory product = terms();
        product.trigger = address(new MockVerifier());
        ProductId id = list(product);
        bytes memory announced = product.trigger.code;
        refuses(product, id, abi.encodePacked(announced, hex"00"));
        refuses(product, id, "");
        IVmEtch(address(vm)).etch(product.trigger, announced);
        openSeries(id, 5, 8);
    }

    function refuses(ProductTerms memory product, ProductId id, bytes memory code) private {
        IVmEtch(address(vm)).etch(product.trigger, code);
        uint32 week = uint32(block.timestamp / WEEK + 8);
        vm.expectRevert(abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_InvalidProduct.selector, product));
        vault.openSeries(id, uint96(5 * UNIT), week);
    }
}

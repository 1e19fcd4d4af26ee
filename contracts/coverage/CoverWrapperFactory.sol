// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Create2} from "@openzeppelin/contracts/utils/Create2.sol";

import {ICoverWrapperFactory} from "../interfaces/ICoverWrapper.sol";
import {ICoverageVault} from "../interfaces/ICoverageVault.sol";
import {SeriesId} from "../types/Identifiers.sol";
import {CoverWrapper} from "./CoverWrapper.sol";

/// @title Wrappers of one vault's series, each at an address that follows from the series (CVR-03)
contract CoverWrapperFactory is ICoverWrapperFactory {
    ICoverageVault public immutable vault;
    address private immutable COVER;

    constructor(ICoverageVault vault_) {
        vault = vault_;
        COVER = vault_.coverToken();
    }

    function create(SeriesId series) external returns (address wrapper) {
        wrapper = wrapperOf(series);
        if (wrapper.code.length != 0) return wrapper;
        if (vault.seriesOf(series).endsAt == 0) revert CoverWrapperFactory_UnknownSeries(series);
        new CoverWrapper{salt: _salt(series)}(COVER, series);
        emit CoverWrapped(series, wrapper);
    }

    function wrapperOf(SeriesId series) public view returns (address) {
        bytes memory code = abi.encodePacked(type(CoverWrapper).creationCode, abi.encode(COVER, series));
        return Create2.computeAddress(_salt(series), keccak256(code));
    }

    function _salt(SeriesId series) private pure returns (bytes32) {
        return bytes32(uint256(SeriesId.unwrap(series)));
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";
import {IERC1155Receiver} from "@openzeppelin/contracts/token/ERC1155/IERC1155Receiver.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";

import {ICoverWrapper} from "../interfaces/ICoverWrapper.sol";
import {SeriesId} from "../types/Identifiers.sol";

/// @title ERC-20 of one series of cover
/// @notice See ICoverWrapper. Supply = cover tokens held, after every call: they enter by `wrap` only and leave by `unwrap` only.
contract CoverWrapper is ICoverWrapper, ERC20Permit, IERC1155Receiver {
    address public immutable cover;
    SeriesId public immutable series;

    constructor(
        address cover_,
        SeriesId series_
    )
        ERC20(
            string.concat("Bulwark Cover ", Strings.toString(SeriesId.unwrap(series_))),
            string.concat("bwCOVER-", Strings.toString(SeriesId.unwrap(series_)))
        )
        ERC20Permit(string.concat("Bulwark Cover ", Strings.toString(SeriesId.unwrap(series_))))
    {
        cover = cover_;
        series = series_;
    }

    function wrap(uint256 units, address receiver) external {
        // Interaction: the cover token is our own code and calls back this contract only.
        IERC1155(cover).safeTransferFrom(msg.sender, address(this), SeriesId.unwrap(series), units, "");
        _mint(receiver, units);
    }

    function unwrap(uint256 units, address receiver) external {
        _burn(msg.sender, units);
        IERC1155(cover).safeTransferFrom(address(this), receiver, SeriesId.unwrap(series), units, "");
    }

    /// @inheritdoc IERC1155Receiver
    function onERC1155Received(
        address operator,
        address,
        uint256 id,
        uint256,
        bytes calldata
    ) external view returns (bytes4) {
        // The operator of a transfer is whoever called the cover token: this contract in `wrap` alone.
        if (msg.sender != cover || operator != address(this)) revert CoverWrapper_NotWrapping(operator, id);
        return IERC1155Receiver.onERC1155Received.selector;
    }

    /// @inheritdoc IERC1155Receiver
    function onERC1155BatchReceived(
        address operator,
        address,
        uint256[] calldata ids,
        uint256[] calldata,
        bytes calldata
    ) external pure returns (bytes4) {
        revert CoverWrapper_NotWrapping(operator, ids.length == 0 ? 0 : ids[0]);
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) external pure returns (bool) {
        return interfaceId == type(IERC1155Receiver).interfaceId || interfaceId == type(IERC165).interfaceId;
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AssetId} from "../types/Identifiers.sol";

/// @title Sale of what the fund was given in other assets (FND-05)
/// @notice Only liquid settlement asset counts in a fund's reserve. Donations and recoveries in any collateral asset of the house are sent
/// here and sold to anyone, from 1% above consensus down to 3% below within four hours; the proceeds are donated to the segment in the same
/// transaction. Nobody owns the contract or chooses a price, and what is sent here leaves by a sale only. It has no right in the fund:
/// anyone may donate.
interface IReserveSale {
    /// @notice Emitted when a sale began. `amount` in the asset's own decimals.
    event SaleStarted(AssetId indexed asset, uint256 amount);
    /// @notice Emitted at each purchase. `amount` and `cost` in the tokens' own decimals, `price` WAD.
    event Sold(AssetId indexed asset, address indexed buyer, uint256 amount, uint256 cost, uint256 price);
    /// @notice Emitted when settlement tokens that were sent here went to the reserve.
    event Forwarded(uint256 amount);

    /// @notice Thrown when the contract is deployed for a house without code, or one whose links are not set yet.
    error ReserveSale_InvalidHouse(address house);
    /// @notice Thrown for the settlement asset, and for an asset that is not listed.
    error ReserveSale_UnknownAsset(AssetId asset);
    /// @notice Thrown when a sale cannot begin: nothing is held, or one runs whose price may still be taken.
    error ReserveSale_CannotStart(AssetId asset, uint256 held, uint256 startsFrom);
    /// @notice Thrown when there is no sale: none was started, or it ended a day after it was.
    error ReserveSale_NotRunning(AssetId asset);
    /// @notice Thrown when an amount is 0 or above what is held.
    error ReserveSale_InvalidAmount(uint256 amount, uint256 max);
    /// @notice Thrown when a purchase would cost more than the buyer allows.
    error ReserveSale_CostAboveLimit(uint256 cost, uint256 limit);
    /// @notice Thrown when a token refused, or moved another amount than it was told.
    error ReserveSale_TransferFailed(address token);

    /// @notice Starts the sale of all that is held of an asset, also of what arrives while it lasts. Anyone. A sale lasts a day; a new one may
    /// begin then.
    function start(AssetId asset) external;

    /// @notice Buys from a running sale. Anyone. Brings the price to this second first; reverts without consensus, and while a sequencer is
    /// down. Locked; the cost is donated before the asset leaves.
    /// @param amount in the asset's own decimals
    /// @param maxCost most that is paid, in the settlement token's own decimals
    /// @return cost what was paid, rounded up
    function buy(AssetId asset, uint256 amount, uint256 maxCost) external returns (uint256 cost);

    /// @notice Donates settlement tokens that were sent here. Anyone.
    function forward() external returns (uint256 amount);

    /// @notice Price of now, WAD per whole unit, rounded up; reverts as `buy` would.
    function priceOf(AssetId asset) external view returns (uint256);

    /// @notice When the running sale of an asset began; 0 when none runs.
    function startedAt(AssetId asset) external view returns (uint256);
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Recapitalisation: new tokens for a reserve that was drawn on (FND-07)
/// @notice The only minter of the token that votes. When the fund's ratio has been below 0.3 for 24 live hours, anyone starts an auction;
/// new tokens are sold for the settlement token, which goes to the reserve as a gift. What is sold replaces realised draws that nothing has
/// replaced yet, and nothing else: not a target that has grown.
///
/// - Live hours: `observe` is called at most two hours apart, each time on a ratio that risk control set within the hour before. A longer gap
///   adds nothing; one observation of 0.3 or more starts anew.
/// - Needed: the smaller of what `cover` has booked since the reserve was last seen whole (ratio 1 and more), less what was raised, and what
///   resources lack to the target.
/// - Price: from 16 times the floor, halved every 6 hours, on a straight line in between; the floor after a day; the auction ends after two.
/// - Growth: what BulwarkToken allows, 2% in any 7 days and 10% in any 365.
/// @dev What vaults have paid counts as drawn, too: it cannot be told apart without a slot on the loss path, and the target bounds it. Amounts WAD
/// unless said otherwise. Every function that changes state is locked but `setFloorPrice`.
interface IRecapAuction {
    /// @notice Emitted by `observe`.
    /// @param criticalFor live seconds for which the ratio has been critical
    event Observed(uint256 ratio, uint256 criticalFor);
    /// @notice Emitted when the reserve was seen whole: draws up to `drawn` count as replaced.
    event Replenished(uint256 drawn);
    /// @notice Emitted when an auction began.
    event RecapStarted(uint256 needed, uint256 floorPrice);
    /// @notice Emitted for each purchase. `cost` in the settlement token's own decimals.
    event RecapSold(address indexed buyer, address indexed receiver, uint256 tokens, uint256 cost, uint256 price);
    /// @notice Emitted when the floor price was set.
    event FloorPriceSet(uint256 previous, uint256 current);

    /// @notice Thrown at deployment when a contract is not what it should be.
    error RecapAuction_InvalidLink(address link);
    /// @notice Thrown when risk control has not set the ratio within the last hour.
    error RecapAuction_StaleRatio(uint256 setAt);
    /// @notice Thrown when an auction may not start: too few live hours, the last of them too long ago, or nothing needed.
    error RecapAuction_NotCritical(uint256 criticalFor, uint256 seenAt, uint256 needed);
    /// @notice Thrown when an auction is running already.
    error RecapAuction_Running(uint256 endsAt);
    /// @notice Thrown when no auction is running.
    error RecapAuction_NotRunning(uint256 endedAt);
    /// @notice Thrown while the guardian has paused recapitalisation.
    error RecapAuction_Paused(uint256 until);
    /// @notice Thrown when nothing can be sold: nothing is needed any more, or nothing may be minted now.
    error RecapAuction_SoldOut(uint256 needed, uint256 mintable);
    /// @notice Thrown when a purchase would cost more than its buyer allows, in the settlement token's own decimals.
    error RecapAuction_CostAboveLimit(uint256 cost, uint256 limit);
    /// @notice Thrown when the settlement token did not move.
    error RecapAuction_TransferFailed(address token);
    /// @notice Thrown when a floor price is zero, above 1e9 units, or falls by more than a tenth.
    error RecapAuction_InvalidFloor(uint256 price, uint256 low, uint256 high);
    /// @notice Thrown when the floor price falls within a week of the last time.
    error RecapAuction_TooSoon(uint256 allowedFrom);

    /// @notice Notes the ratio of now (see above). Anyone may call.
    function observe() external;

    /// @notice Starts an auction. Anyone may call.
    function start() external;

    /// @notice Buys new tokens at the price of now: as many as asked for, or as many as are needed and may be minted, if that is less.
    /// @param tokens 18 decimals
    /// @param maxCost most that the caller pays, in the settlement token's own decimals
    /// @return bought 18 decimals
    /// @return cost in the settlement token's own decimals, rounded up
    function buy(uint256 tokens, uint256 maxCost, address receiver) external returns (uint256 bought, uint256 cost);

    /// @notice Sets the lowest price of auctions that begin from now on. Restricted. Limits: up at once, to 1e9 units; down by a tenth, once a week.
    function setFloorPrice(uint256 price) external;

    /// @notice Price of a whole token now; reverts while no auction runs.
    function priceNow() external view returns (uint256);

    /// @notice What an auction could raise now.
    function needed() external view returns (uint256);

    /// @notice Live seconds for which the ratio has been critical, and when it was seen last.
    function criticalFor() external view returns (uint256 live, uint256 seenAt);

    /// @notice When the auction that runs began; 0 while none does.
    function startedAt() external view returns (uint256);

    /// @notice Lowest price of the next auction, settlement asset per whole token.
    function floorPrice() external view returns (uint256);
}

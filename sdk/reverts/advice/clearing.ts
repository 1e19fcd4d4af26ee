// ClearingHouse. Names in braces are values of the error.
export const clearingAdvice = {
  ClearingHouse_NotAuthorized:
    "Call as the owner of {account}, or have the owner lend {caller} scope {scope} with setDelegate.",
  ClearingHouse_NotLinked: "Only {expected} may call this function: use the function that calls it for you.",
  ClearingHouse_AlreadyLinked: "The links are set for good: deploy another house for another engine.",
  ClearingHouse_InvalidSettings: "Deploy with a fund's share of fees below 100%.",
  ClearingHouse_InvalidLink: "Name a deployed contract: {target} has no code.",
  ClearingHouse_UnknownMarket: "Choose a market of listedMarkets(): market {market} is not listed.",
  ClearingHouse_UnknownAsset: "Choose a listed asset, 0 to 7: asset {asset} is not listed.",
  ClearingHouse_MarketAlreadyListed: "Choose a free number: what market {market} is listed with cannot change.",
  ClearingHouse_AssetAlreadyListed: "Choose a free number: what asset {asset} is listed with cannot change.",
  ClearingHouse_InvalidListing:
    "List a market below 48 with a maintenance rate of 1e-5 to 50% and a cap of 1 to 2^95 wei of base.",
  ClearingHouse_InvalidAsset:
    "List a token with at most 18 decimals that is not the settlement token, with a haircut below 100% and a cap.",
  ClearingHouse_InvalidDelegate:
    "Name a delegate that is neither zero nor the owner, with scopes 1 (trade), 2 (deposit), 4 (move), 8 (withdraw).",
  ClearingHouse_InvalidAmount: "Pass an amount above 0 and at most {max}, in the token's own decimals.",
  ClearingHouse_UnexpectedTransfer:
    "Use a token that moves exactly what it is told: {token} moved {received} of {expected}.",
  ClearingHouse_TransferFailed: "Check balance, allowance and blocklist of {token}: it did not move {amount} to {to}.",
  ClearingHouse_AssetCapExceeded: "Deposit less, or another asset: with this, {total} of at most {cap} would be held.",
  ClearingHouse_InsufficientBalance: "Take at most {balance}: that is all that the account has of asset {asset}.",
  ClearingHouse_InsufficientLiquidity:
    "Try again after InsuranceFund.settle: a loss is unallocated and the house has nothing to pay with.",
  ClearingHouse_SelfTrade: "Name two different accounts.",
  ClearingHouse_InvalidSize: "Trade a size that is not 0 and at most 2^95 wei of base either way.",
  ClearingHouse_InvalidPrice: "Use a price above 0 and at most {max}.",
  ClearingHouse_PriceOutsideBand: "Agree on a price within {bandBps} basis points of {indexPrice}.",
  ClearingHouse_NoConsensus:
    "Wait until enough sources of feed {market} agree, or bring newer prices through the Router.",
  ClearingHouse_MarketClosed: "Only reduce positions: market {market} takes no more risk.",
  ClearingHouse_OpenInterestCapExceeded: "Trade less, or wait: {openInterest} would be above the cap of {cap}.",
  ClearingHouse_TooManyMarkets: "Close a position first: an account holds positions in at most {max} markets.",
  ClearingHouse_BelowInitialMargin: "Deposit more or trade less: {balance} counts for margin and {required} is needed.",
  ClearingHouse_BlindAccount: "Wait until all prices of the account have consensus again, or only reduce risk.",
  ClearingHouse_NotBlind:
    "Call markBlind while there is no consensus, and come back when the mark is {required} seconds old.",
  ClearingHouse_NotLiquidatable: "Leave the account alone: it has {marginBalance} and needs {maintenanceMargin}.",
  ClearingHouse_DustPosition: "Close the rest too, or keep a maintenance margin of at least {min}.",
  ClearingHouse_Bankrupt: "Deposit first: the account is worth {value} and takes no part in orders.",
  ClearingHouse_ReductionTooCostly: "Use a better price: this fill loses {lost} and may lose {allowed}.",
  ClearingHouse_InAuction: "Wait until the auction of the account is over, or use assets and markets that it holds.",
  ClearingHouse_PositionTooOld: "Call roll(account, {market}) until the position is up to date, then try again.",
  ClearingHouse_PartialBidAgainstOwnSide:
    "Bid for the whole account, or from an account without the opposite position in market {market}.",
  ClearingHouse_DeficitUnbooked:
    "Have the accounts that owe more than they have deleveraged or bid for first, in the same transaction if you like.",
  ClearingHouse_DeficitShareWithheld:
    "Leave {share} in the account until the measured loss is booked, or lapses in an hour.",
  ClearingHouse_InvalidRate: "Set a margin rate above 0 and at most 50%, in 1e-5.",
  ClearingHouse_InvalidRiskTargets: "Keep to the house's bounds: a cap of at most {listedCap}, a penalty of 5% to 20%.",
  ClearingHouse_MarketPaused: "Only reduce positions until {until}: the guardian has paused market {market}.",
  ClearingHouse_CapNotLower: "Pass a cap below {current}: a listed cap only falls.",
  ClearingHouse_InvalidClosing: "Announce a closing once, for {earliest} or later.",
  ClearingHouse_NotClosing: "Wait until {closesAt}, or leave it: the closing is not announced, not due, or done.",
  ClearingHouse_CollateralNotForSale:
    "Choose another account or asset: this one's cash of {cash} is tolerated still, or it has none of the asset.",
  ClearingHouse_CostAboveLimit: "Raise the limit to {cost}, or buy less.",
} as const;

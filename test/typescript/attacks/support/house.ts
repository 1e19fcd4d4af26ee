import { withDefences } from "../../support/defences.ts";

/*
 * The clearing house without one of its defences: one compilation for the attacks of all files that go through it.
 */

const ACCOUNTS = "contracts/clearing/Accounts.sol";
const TRADING = "contracts/clearing/Trading.sol";
const GUARDED_CALL = "contracts/libraries/GuardedCall.sol";
const HOUSE = ["ClearingHouse"];
/** Credited is what was asked for, whatever has arrived. */
const MEASURED = [ACCOUNTS, "received = current > before ? current - before : 0;", "received = amount;"] as const;

export const house = withDefences({
  bandOfFills: { contracts: HOUSE, edits: [[TRADING, "distance * BPS_ONE > indexPrice * bandBps", "false"]] },
  oneRounding: {
    contracts: HOUSE,
    edits: [
      // Each side works out its own, so that of what the one gives and the other gets each is rounded its own way.
      [TRADING, "isTaker ? terms.quote : -terms.quote", "-WadMath.signedMulDivDown(base, terms.indexPrice, WAD)"],
    ],
  },
  permitMayFail: {
    contracts: HOUSE,
    edits: [
      [
        GUARDED_CALL,
        "return tryCall(token, TOKEN_GAS, abi.encodePacked(IERC20Permit.permit.selector, abi.encode(permit)));",
        "require(tryCall(token, TOKEN_GAS, abi.encodePacked(IERC20Permit.permit.selector, abi.encode(permit))));",
      ],
    ],
  },
  lock: {
    contracts: HOUSE,
    edits: [
      // A token gets less gas than the house asks for before it calls a token, so that the floor would stop a second deposit too.
      [GUARDED_CALL, "available < required", "false"],
      [
        "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol",
        "if (_reentrancyGuardEntered()) { revert ReentrancyGuardReentrantCall(); }",
        "",
      ],
    ],
  },
  measured: { contracts: HOUSE, edits: [MEASURED] },
  answerHeard: {
    contracts: HOUSE,
    edits: [
      MEASURED,
      [GUARDED_CALL, "size == 0 ? token.code.length != 0 : size >= 32 && word == 1", "token.code.length != 0"],
    ],
  },
  cap: { contracts: HOUSE, edits: [[ACCOUNTS, "total > cap", "false"]] },
});

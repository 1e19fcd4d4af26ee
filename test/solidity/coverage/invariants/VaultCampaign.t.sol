// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {VaultBooks} from "../../../../contracts/interfaces/ICoverageVault.sol";
import {SegmentView} from "../../../../contracts/interfaces/IInsuranceFund.sol";
import {CurveState} from "../../../../contracts/types/Premium.sol";
import {vm} from "../../support/Vm.sol";
import {StageSet} from "./StageSet.sol";
import {VaultActions} from "./VaultActions.sol";
import {VaultHandler} from "./VaultHandler.sol";

/// @dev What holds after every call, whatever was called. Each message begins with the id of the promise.
contract VaultCampaignTest {
    uint256 private constant SCALE = 1e12;
    uint256 private constant OWNERS = 5;
    uint256 private constant BOND = 10e6;
    uint256 private constant EVERY = 4;
    /// @dev Rounding of the model against the shares: a ten thousandth of a dollar, for each tranche that began anew.
    uint256 private constant DUST = 1e14;
    /// @dev After so many runs every outcome must have been reached.
    uint256 private constant FULL_CAMPAIGN = 80;

    VaultHandler internal handler;
    VaultActions internal actions;

    error Invariant_Broken(string what);
    error Campaign_NeverReached(string outcomes, string reached);

    function setUp() public {
        handler = new VaultHandler(new StageSet());
        actions = new VaultActions(handler);
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(actions);
    }

    /// @dev As in SystemInvariants: a campaign that has not seen what it is for proves nothing, and fails.
    function afterInvariant() public {
        uint256 runs = vm.envOr("bulwark.vault.runs", uint256(0)) + 1;
        vm.setEnv("bulwark.vault.runs", handler.decimal(runs));
        string[46] memory outcomes = _mustReach();
        string memory all;
        string memory missing;
        for (uint256 i = 0; i < outcomes.length; ++i) {
            string memory key = string.concat("bulwark.vault.", outcomes[i]);
            uint256 reached = vm.envOr(key, uint256(0)) + handler.count(bytes32(bytes(outcomes[i])));
            string memory number = handler.decimal(reached);
            vm.setEnv(key, number);
            if (runs < FULL_CAMPAIGN) continue;
            all = string.concat(all, outcomes[i], " ", number, "; ");
            if (reached == 0) missing = string.concat(missing, outcomes[i], "; ");
        }
        if (bytes(missing).length > 0) revert Campaign_NeverReached(missing, all);
    }

    /// forge-config: default.invariant.runs = 80
    /// forge-config: default.invariant.depth = 250
    function invariant_INV03_07to12_19_CVR02_PFUND_VaultWithEverythingThatCanHappen() public view {
        _assert(bytes(handler.broken()).length == 0, handler.broken());
        VaultBooks memory books = handler.vault().books();
        _checkTokens(books);
        _checkCapacity(books);
        _checkCurve();
        // What is wrong with a share stays wrong: not every call needs to be followed by the whole count.
        if (handler.steps() % EVERY != 0) return;
        _checkReinsurance();
        _checkOwners();
        _assert(handler.boundOfAll() == books.liability, "CVR-02: the liability is not the sum of its series");
    }

    function _checkTokens(VaultBooks memory books) private view {
        uint256 held = handler.usd().balanceOf(address(handler.vault())) * SCALE;
        uint256 ledger = _ledgerOf(books);
        _assert(held >= ledger, "INV-08: fewer tokens than the books say");
        // Dust of a tranche that was used up may stay behind, and nothing else.
        uint256 most = ledger + handler.donated() + 1e6 * handler.exhausted();
        _assert(held <= most, "INV-08: tokens have dropped out of the books");
        SegmentView memory segment = handler.fund().segmentOf(handler.segment());
        uint256 inFund = handler.usd().balanceOf(address(handler.fund())) * SCALE;
        _assert(inFund + segment.pending >= segment.reserve + segment.owed, "INV-07: the fund's tokens");
        uint256 owed = books.owedToFund + handler.reinsurance().books().owedToFund;
        _assert(owed >= segment.pending, "FND-11: a vault has forgotten what it owes");
        _assert(
            handler.usd().balanceOf(address(handler.verifier())) == BOND * handler.openIncidents(),
            "CLM-01: a bond is kept or paid twice"
        );
    }

    function _ledgerOf(VaultBooks memory books) private pure returns (uint256 ledger) {
        ledger = books.junior + books.senior - books.juniorAdvanced - books.seniorAdvanced;
        ledger += books.unearned + books.escrowed + books.payable_ + books.owedToFund;
    }

    /// @dev INV-03, INV-07 to INV-09 for the vault behind the vault: to the wei, because it has one underwriter.
    function _checkReinsurance() private view {
        VaultBooks memory books = handler.reinsurance().books();
        uint256 junior = books.junior - books.juniorAdvanced;
        uint256 senior = books.senior - books.seniorAdvanced;
        _assert(junior == handler.reinsuranceCapital(0), "INV-08: junior of the reinsurance vault");
        _assert(senior == handler.reinsuranceCapital(1), "INV-08: senior of the reinsurance vault");
        uint256 held = handler.usd().balanceOf(address(handler.reinsurance())) * SCALE;
        uint256 ledger = _ledgerOf(books);
        // Dust of a tranche that was used up falls to the other one.
        _assert(held == ledger + handler.donated(), "INV-07: the reinsurance vault's tokens");
        if (books.committed == 0) return;
        _assert(
            books.committed + handler.reinsurance().floor() <= junior + senior,
            "INV-09: reinsurance beyond capital"
        );
    }

    /// @dev CVR-02. A payout is rounded up for all tokens, and unbound as far as its series has bound.
    function _checkCapacity(VaultBooks memory books) private view {
        uint256 liquid = books.junior + books.senior - books.juniorAdvanced - books.seniorAdvanced;
        uint256 bound = books.liability + books.committed;
        if (bound == 0) return;
        uint256 required = bound + handler.vault().floor();
        _assert(required <= liquid + handler.settlements(), "INV-09: cover and commitments beyond capital");
    }

    /// @dev CVR-08: nothing but cover, and whoever asks for it, writes the curve.
    function _checkCurve() private view {
        CurveState memory curve = handler.vault().curve();
        CurveState memory expected = handler.expectedCurve();
        _assert(
            keccak256(abi.encode(curve)) == keccak256(abi.encode(expected)),
            "CVR-08: the curve says other than happened"
        );
        bool isWithin = curve.kinkRate >= 0.01e18 && curve.kinkRate <= 0.2e18 && curve.utilisation <= 1e18;
        _assert(curve.updatedAt == 0 || isWithin, "CVR-08: the curve leaves its bounds");
    }

    /// @dev INV-10, INV-11: shares are worth what the model without shares says, queued or not.
    function _checkOwners() private view {
        for (uint256 tranche = 0; tranche < 2; ++tranche) {
            for (uint256 i = 0; i < OWNERS; ++i) {
                uint256 worth = handler.worthOf(i, tranche);
                uint256 fair = handler.wealthOf(i, tranche);
                uint256 distance = worth > fair ? worth - fair : fair - worth;
                _assert(distance <= DUST, worth > fair ? "INV-11: has more than fair" : "INV-10: has less than fair");
            }
        }
    }

    function _assert(bool condition, string memory what) private pure {
        if (!condition) revert Invariant_Broken(what);
    }

    /// @dev A frozen tranche comes up about twice in 20,000 calls, too seldom to count on: AttackAdvances.t.sol makes it freeze and thaw.
    function _mustReach() private pure returns (string[46] memory) {
        return
            [
                "exit",
                "exit advanced",
                "exit after advance",
                "exit by capacity",
                "exit withheld whole",
                "exit at last",
                "expired",
                "advance expired",
                "cancelled",
                "request merged",
                "shares sold",
                "withheld",
                "shut out in sight of a loss",
                "foreseen loss",
                "foreseen false alarm",
                "commitments cut",
                "commitment activated",
                "reinsurance committed",
                "bought",
                "minted",
                "no capacity",
                "no sale in sight of a loss",
                "refunded after a loss",
                "refunded late",
                "reported",
                "confirmed",
                "rejected",
                "lapsed",
                "settled",
                "settled at the limit",
                "redeemed",
                "redeemed at the limit",
                "paid only once",
                "released",
                "draw from junior",
                "draw from senior",
                "draw from reinsurance",
                "all layers used up",
                "junior used up",
                "junior ends, senior pays",
                "drawn capital collected",
                "share of premiums collected",
                "reinsurance left",
                "deposit before a sync",
                "curve rises",
                "curve falls"
            ];
    }
}

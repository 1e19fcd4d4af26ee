// What the page asks of contracts that the SDK has no room for: test/typescript/app compares every line with what the compiler wrote.
import { Contract, Interface } from "ethers";
import type { ContractRunner } from "ethers";

export const fragments = {
  AccessManager: [
    "event RoleGranted(uint64 indexed roleId, address indexed account, uint32 delay, uint48 since, bool newMember)",
    "event RoleRevoked(uint64 indexed roleId, address indexed account)",
    "event RoleLabel(uint64 indexed roleId, string label)",
    "event TargetFunctionRoleUpdated(address indexed target, bytes4 selector, uint64 indexed roleId)",
    "event OperationScheduled(bytes32 indexed operationId, uint32 indexed nonce, uint48 schedule, address caller, address target, bytes data)",
    "event OperationExecuted(bytes32 indexed operationId, uint32 indexed nonce)",
    "event OperationCanceled(bytes32 indexed operationId, uint32 indexed nonce)",
    "function getTargetAdminDelay(address target) view returns (uint32)",
  ],
  BulwarkGovernor: [
    "function votingDelay() view returns (uint256)",
    "function votingPeriod() view returns (uint256)",
    "function proposalThreshold() view returns (uint256)",
    "function quorumNumerator() view returns (uint256)",
    "function quorumDenominator() view returns (uint256)",
  ],
  Guardian: ["function pausedUntil(uint256 bit) view returns (uint256)"],
  Steward: [
    "function mandate() view returns (tuple(address key, uint40 expiry))",
    "function rangeOf(uint8 marketClass) view returns (uint256[8] low, uint256[8] high)",
  ],
  CoverWrapperFactory: [
    "function wrapperOf(uint64 series) view returns (address)",
    "function create(uint64 series) returns (address wrapper)",
  ],
  CoverWrapper: [
    "function wrap(uint256 units, address receiver)",
    "function unwrap(uint256 units, address receiver)",
    "function balanceOf(address account) view returns (uint256)",
  ],
  CoverToken: [
    "function setApprovalForAll(address operator, bool isApproved)",
    "function isApprovedForAll(address owner, address operator) view returns (bool)",
  ],
  RiskController: [
    "event MarketSynced(uint8 indexed market, tuple(uint16 maintenanceTarget, uint96 cap, uint32 gapRate, uint16 penaltyRate) targets, uint256 ratio, uint256 contribution, uint256 target, uint256 resources)",
    "event ClassParametersSet(uint8 indexed marketClass, tuple(uint16 maintenanceFloor, uint16 maintenanceCap, uint16 deviations, uint16 shortfallFloor, uint16 resourceShare, uint16 basePenalty, uint16 chargedShare, uint16 loading) previous, tuple(uint16 maintenanceFloor, uint16 maintenanceCap, uint16 deviations, uint16 shortfallFloor, uint16 resourceShare, uint16 basePenalty, uint16 chargedShare, uint16 loading) current)",
  ],
  MockToken: ["function mint(address to, uint256 amount)"],
} as const;
export type Face = keyof typeof fragments;

const faces = new Map<Face, Interface>();

export function faceOf(name: Face): Interface {
  const known = faces.get(name);
  if (known !== undefined) return known;
  const made = new Interface(fragments[name]);
  faces.set(name, made);
  return made;
}

export function bindFace(name: Face, address: string, runner: ContractRunner): Contract {
  return new Contract(address, faceOf(name), runner);
}

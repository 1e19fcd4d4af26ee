// The deployment manifest, as scripts/deploy/manifest.ts writes it, read by someone who does not know where it comes from.
import { getAddress, isHexString } from "ethers";

import { BulwarkError } from "./errors.ts";

/** The only format there is. */
export const MANIFEST_FORMAT = 1;

export interface DeployedContract {
  readonly address: string;
  /** Contract whose code stands there. */
  readonly contract: string;
  readonly codeHash: string;
}

/** Addresses of a deployment by name. */
export interface Manifest {
  readonly format: typeof MANIFEST_FORMAT;
  readonly network: string;
  readonly chainId: number;
  readonly module: string;
  readonly contracts: Readonly<Record<string, DeployedContract>>;
}

/** Contracts without which there is no client. */
export const REQUIRED_CONTRACTS = [
  "ClearingHouse",
  "SignedOrders",
  "LiquidationEngine",
  "InsuranceFund",
  "CoverageVault",
  "ClaimVerifier",
  "PriceOracle",
  "PremiumModel",
  "RiskController",
  "Router",
  "Lens",
  "Solvency",
] as const;
export type RequiredContract = (typeof REQUIRED_CONTRACTS)[number];

/**
 * Checks what was parsed from JSON, field by field.
 * @example
 * const manifest = parseManifest(JSON.parse(await readFile("deployments/sepolia/manifest.json", "utf8")));
 */
export function parseManifest(value: unknown): Manifest {
  const fields = recordOf(value, "manifest");
  if (fields.format !== MANIFEST_FORMAT) throw new ManifestFormatError(fields.format);
  const { chainId } = fields;
  if (typeof chainId !== "number" || !Number.isSafeInteger(chainId) || chainId < 1) {
    throw new ManifestFieldError("chainId", chainId, "a whole number above 0");
  }
  const contracts: Record<string, DeployedContract> = {};
  for (const [name, entry] of Object.entries(recordOf(fields.contracts, "contracts"))) {
    contracts[name] = parseContract(name, entry);
  }
  for (const name of REQUIRED_CONTRACTS) {
    if (contracts[name] === undefined) throw new ManifestContractMissingError(name);
  }
  return Object.freeze({
    format: MANIFEST_FORMAT,
    network: textOf(fields.network, "network"),
    chainId,
    module: textOf(fields.module, "module"),
    contracts: Object.freeze(contracts),
  });
}

/** Address of a contract that not every deployment has. */
export function addressOf(manifest: Manifest, name: string): string {
  const found = manifest.contracts[name];
  if (found === undefined) throw new ManifestContractMissingError(name);
  return found.address;
}

function parseContract(name: string, value: unknown): DeployedContract {
  const path = `contracts.${name}`;
  const fields = recordOf(value, path);
  const { codeHash } = fields;
  if (typeof codeHash !== "string" || !isHexString(codeHash, 32)) {
    throw new ManifestFieldError(`${path}.codeHash`, codeHash, "32 bytes of hexadecimal");
  }
  return Object.freeze({
    address: parseAddress(`${path}.address`, fields.address),
    contract: textOf(fields.contract, `${path}.contract`),
    codeHash,
  });
}

function parseAddress(path: string, value: unknown): string {
  const expected = "an address that is not zero, with a right checksum where it has capitals";
  try {
    const address = getAddress(String(value));
    if (BigInt(address) !== 0n) return address;
  } catch (cause) {
    throw new ManifestFieldError(path, value, expected, cause);
  }
  throw new ManifestFieldError(path, value, expected);
}

function recordOf(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new ManifestFieldError(path, value, "an object");
}

function textOf(value: unknown, path: string): string {
  if (typeof value === "string" && value !== "") return value;
  throw new ManifestFieldError(path, value, "a text that is not empty");
}

/* ERRORS */

/** A manifest of another version, or none at all. */
export class ManifestFormatError extends BulwarkError {
  override name = "ManifestFormatError";
  readonly format: unknown;

  constructor(format: unknown) {
    super(
      `Manifest format ${JSON.stringify(format) ?? "undefined"} is unknown: this package reads format ${MANIFEST_FORMAT}. ` +
        "Take the manifest.json that the deployment wrote, and the package of the same release.",
    );
    this.format = format;
  }
}

/** A field of a manifest that cannot be used. */
export class ManifestFieldError extends BulwarkError {
  override name = "ManifestFieldError";
  readonly field: string;
  readonly value: unknown;
  readonly expected: string;

  constructor(field: string, value: unknown, expected: string, cause?: unknown) {
    super(
      `Manifest field ${field} is ${JSON.stringify(value) ?? "missing"}; it must be ${expected}.`,
      cause === undefined ? undefined : { cause },
    );
    this.field = field;
    this.value = value;
    this.expected = expected;
  }
}

/** A contract that the manifest does not name. */
export class ManifestContractMissingError extends BulwarkError {
  override name = "ManifestContractMissingError";
  readonly contract: string;

  constructor(contract: string) {
    super(`The manifest names no ${contract}: the deployment is not complete, or has none. Read \`npm run deploy\`.`);
    this.contract = contract;
  }
}

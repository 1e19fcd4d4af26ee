// TypeScript types of the values of every custom error, from the ABIs.
import { Interface } from "ethers";
import type { ParamType } from "ethers";

/** The module `sdk/reverts/values.d.ts` of the package. */
export function valueTypes(errorFragments: readonly string[]): string {
  const lines: string[] = [];
  new Interface(errorFragments).forEachError(({ name, inputs }) =>
    lines.push(`  readonly ${name}: ${objectOf(inputs)};`),
  );
  return [
    "/** Values of every error by its name. */",
    "export interface ValuesByName {",
    ...lines,
    "}",
    "/** Values of the error with a name. */",
    "export type ValuesOf<Name extends keyof ValuesByName> = ValuesByName[Name];",
    "",
  ].join("\n");
}

function objectOf(inputs: readonly ParamType[]): string {
  if (inputs.length === 0) return "Readonly<Record<string, never>>";
  return `{ ${inputs.map((input) => `readonly ${input.name}: ${typeOf(input)}`).join("; ")} }`;
}

function typeOf(input: ParamType): string {
  if (input.arrayChildren !== null) return `readonly ${typeOf(input.arrayChildren)}[]`;
  if (input.components !== null) return objectOf(input.components);
  if (input.baseType === "bool") return "boolean";
  return /^u?int/.test(input.baseType) ? "bigint" : "string";
}

import type { ErrorValues } from "./contractError.ts";

/**
 * Values of the error with a name. In the package this module has the types that the ABIs give them, which scripts/sdk/build.ts writes; among the
 * sources they are only known to have names.
 */
export type ValuesOf<Name extends string> = Name extends string ? ErrorValues : never;

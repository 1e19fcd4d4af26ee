// What to do about every custom error, written by hand. A test fails when a contract has an error that is not here.
import { claimsAdvice } from "./claims.ts";
import { clearingAdvice } from "./clearing.ts";
import { coverageAdvice } from "./coverage.ts";
import { fundAdvice } from "./fund.ts";
import { governanceAdvice } from "./governance.ts";
import { oracleAdvice } from "./oracle.ts";
import { standardAdvice } from "./standard.ts";
import { tradingAdvice } from "./trading.ts";

export const advice = {
  ...clearingAdvice,
  ...tradingAdvice,
  ...coverageAdvice,
  ...claimsAdvice,
  ...fundAdvice,
  ...oracleAdvice,
  ...governanceAdvice,
  ...standardAdvice,
} as const;

/** Name of a custom error. */
export type ErrorName = keyof typeof advice;

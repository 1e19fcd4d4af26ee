// How the commands of a deployment end: what an error means in words and for the shell.
import { CommanderError } from "commander";

export const ExitCode = { Fine: 0, Broken: 1, WrongInput: 2, Interrupted: 130 } as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/**
 * Runs a command's `main` on the command line and sets the exit code.
 * @param name before every message
 * @param meaningOf exit code of an error that the command refuses with, undefined for one that is a bug and is thrown on
 */
export async function endAs(
  name: string,
  main: (argv: readonly string[]) => Promise<ExitCode>,
  meaningOf: (error: unknown) => ExitCode | undefined,
): Promise<void> {
  try {
    process.exitCode = await main(process.argv.slice(2));
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return; // --help
    const code = error instanceof CommanderError ? ExitCode.WrongInput : meaningOf(error);
    if (code === undefined) throw error;
    console.error(`${name}: ${(error as Error).message}`);
    process.exitCode = code;
  }
}

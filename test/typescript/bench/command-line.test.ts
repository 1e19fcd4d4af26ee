import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { CommanderError } from "commander";

import { OptionError, parseOptions } from "../../../scripts/bench/options.ts";

const COMMAND = fileURLToPath(new URL("../../../scripts/bench/index.ts", import.meta.url));
const KEYS = ["bid", "fill"];

describe("bench, command line", () => {
  it("measures everything at three sizes of the house unless told otherwise", () => {
    expect(parseOptions([], KEYS)).to.deep.equal({
      json: undefined,
      floors: false,
      split: false,
      profile: undefined,
      check: false,
      update: false,
      build: true,
      accounts: [100, 1_000, 10_000],
    });
  });

  it("takes populations in any order, and none", () => {
    expect(parseOptions(["--accounts", "1000,10"], KEYS).accounts).to.deep.equal([10, 1_000]);
    expect(parseOptions(["--accounts", ""], KEYS).accounts).to.deep.equal([]);
  });

  const wrong: readonly [name: string, args: readonly string[], message: RegExp][] = [
    ["a population that is no number", ["--accounts", "many"], /--accounts "many": whole numbers from 1 to 100000/],
    ["an empty house", ["--accounts", "100,0"], /--accounts "100,0": /],
    ["an operation that does not exist", ["--profile", "bidding"], /--profile "bidding": .* there are bid, fill/],
    ["comparing and writing at once", ["--check", "--update"], /exclude each other/],
  ];
  for (const [name, args, message] of wrong) {
    it(`refuses ${name}`, () => {
      expect(() => parseOptions(args, KEYS)).to.throw(OptionError, message);
    });
  }

  it("refuses an option that does not exist, and arguments", () => {
    expect(() => parseOptions(["--sped"], KEYS)).to.throw(CommanderError, /unknown option/);
    expect(() => parseOptions(["bid"], KEYS)).to.throw(CommanderError, /too many arguments/);
  });

  it("ends with exit code 1 and one line on a wrong option", () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, "--profile", "nothing"], {
      encoding: "utf8",
    });
    expect([status, stdout]).to.deep.equal([1, ""]);
    expect(stderr).to.match(/^bench: --profile "nothing": there is no such operation[^\n]*\n$/);
  });
});

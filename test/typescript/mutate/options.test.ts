import { expect } from "chai";
import { CommanderError } from "commander";

import { OptionError } from "../../../scripts/instrument/errors.ts";
import { clock } from "../../../scripts/instrument/progress.ts";
import { parseOptions } from "../../../scripts/mutate/options.ts";
import { InputError } from "../../../scripts/replay/errors.ts";

describe("mutate, command line", () => {
  it("draws 800 mutants from all files unless told otherwise", () => {
    expect(parseOptions([])).to.deep.equal({
      seed: 1,
      count: 800,
      files: [],
      isResumed: false,
      isTable: false,
      hasTypeScript: true,
      seconds: 30,
      lanes: 2,
    });
  });

  it("takes files and folders with commas between them", () => {
    expect(parseOptions(["--file", "contracts/fund, contracts/libraries/WadMath.sol"]).files).to.deep.equal([
      "contracts/fund",
      "contracts/libraries/WadMath.sol",
    ]);
  });

  it("refuses what it cannot use and says what is allowed", () => {
    expect(() => parseOptions(["--file", "sdk"])).to.throw(OptionError, "contracts/");
    expect(() => parseOptions(["--count", "0"])).to.throw(InputError, "1");
    expect(() => parseOptions(["--lanes", "0"])).to.throw(InputError, "1");
    expect(() => parseOptions(["--seed", "x"])).to.throw(InputError);
    expect(() => parseOptions(["more"])).to.throw(CommanderError);
    expect(() => parseOptions(["--sed", "1"])).to.throw(CommanderError, "--seed");
  });

  it("writes times as minutes and seconds", () => {
    expect([0, 59.6, 65, 3_600].map(clock)).to.deep.equal(["0:00", "1:00", "1:05", "60:00"]);
  });
});

import { readFileSync } from "node:fs";
import { expect } from "chai";

import { recordedCrashes } from "../../../scripts/crashes/data.ts";
import { parseOptions } from "../../../scripts/crashes/options.ts";
import { runCrash } from "../../../scripts/crashes/run.ts";
import { report } from "../../../scripts/crashes/table.ts";

const DOCUMENT = readFileSync(new URL("../../../docs/economics.md", import.meta.url), "utf8");
const TABLES = ["## What came in, who paid", "## What carries a gap"] as const;
/** What the document says of is played again with the command's defaults. */
const PLAYED = "2020-03-eth";
const silent = { settingUp: () => undefined, pointReached: () => undefined };

/** Cells of every row below a heading, the row of names included. */
function tableOf(text: string, heading: string): string[][] {
  const [, part = ""] = text.split(`${heading}\n`);
  const [section = ""] = part.split("\n## ");
  const lines = section.split("\n").filter((line) => line.startsWith("|") && !/^[|\s:-]+$/.test(line));
  return lines.map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

describe("docs/economics.md, tables of the recorded crashes", () => {
  const crashes = recordedCrashes();

  for (const heading of TABLES) {
    it(`FND-02: "${heading.slice(3)}" has every crash that ships with the project, with risk control and without, in order`, () => {
      const [names = [], ...rows] = tableOf(DOCUMENT, heading);
      const control = names.indexOf("control");
      const expected = crashes.flatMap(({ id }) => [`${id} on`, `${id} off`]);
      expect(rows.map((cells) => `${cells[0] ?? ""} ${cells[control] ?? ""}`)).to.deep.equal(expected);
    });
  }

  it(`FND-02: what it says of ${PLAYED} is what the command prints with its defaults`, async function () {
    this.timeout(300_000);
    const crash = crashes.find(({ id }) => id === PLAYED);
    if (!crash) throw new Error(`no crash ${PLAYED}`);
    const options = parseOptions(
      [],
      crashes.map(({ id }) => id),
    );
    const play = (linked: boolean) => runCrash(crash, options, { linked, listener: silent });
    const text = report(await Promise.all([play(true), play(false)]));
    for (const heading of TABLES) {
      const [names, ...rows] = tableOf(DOCUMENT, heading);
      const own = rows.filter(([id]) => id === PLAYED);
      expect(tableOf(text, heading), heading).to.deep.equal([names, ...own]);
    }
  });
});

import { expect } from "chai";

import { floorOf } from "../../../scripts/bench/floors.ts";
import { shownPeer } from "../../../scripts/bench/measure.ts";
import { OptionError, parseOptions } from "../../../scripts/bench/options.ts";
import { bestOf } from "../../../scripts/bench/peers/index.ts";
import { differencesBetween } from "../../../scripts/bench/snapshot.ts";
import { peerLines } from "../../../scripts/bench/table.ts";

const KEYS = ["bid", "fill"];

describe("npm run bench: what it is told and what it says", () => {
  it("options that exclude each other or mean nothing are refused", () => {
    const all = parseOptions([], KEYS);
    expect([all.build, all.check, all.accounts]).to.deep.equal([true, false, [100, 1_000, 10_000]]);
    expect(parseOptions(["--no-build", "--check", "--accounts", "20,5"], KEYS)).to.deep.include({
      build: false,
      check: true,
      accounts: [5, 20],
    });
    for (const wrong of [
      ["--check", "--update"],
      ["--profile", "gas"],
      ["--accounts", "0"],
      ["--accounts", "1.5"],
    ]) {
      expect(() => parseOptions(wrong, KEYS), wrong.join(" ")).to.throw(OptionError);
    }
  });

  it("the snapshot is compared to the gas, both ways", () => {
    const stored = new Map([
      ["same", 5],
      ["dearer", 100],
      ["cheaper", 100],
      ["gone", 7],
    ]);
    const measured = new Map([
      ["same", 5],
      ["dearer", 101],
      ["cheaper", 99],
      ["new", 8],
    ]);
    expect(differencesBetween(stored, stored)).to.deep.equal([]);
    expect(differencesBetween(stored, measured)).to.deep.equal([
      "dearer: 100 in the snapshot, now 101 (+1)",
      "cheaper: 100 in the snapshot, now 99 (-1)",
      "gone: 7 in the snapshot, not measured now",
      "new: not in the snapshot, now 8",
    ]);
  });

  it("of several peers the cheapest stands in the table, and all are listed", () => {
    const peer = (key: string, name: string, gas: number) => ({ key, peer: { name, gas, origin: "here" } });
    const figures = [peer("fill", "a", 9), peer("bid", "b", 2_000), peer("bid", "c", 1_999)];
    expect([...bestOf(figures)].map(([key, best]) => [key, best.name])).to.deep.equal([
      ["fill", "a"],
      ["bid", "c"],
    ]);
    expect(peerLines(figures)).to.deep.equal([
      "  bid   1,999  c, here",
      "  bid   2,000  b, here",
      "  fill      9  a, here",
    ]);
    expect(peerLines([])).to.deep.equal([]);
  });

  it("what has run here replaces what is quoted of the same peer, and of another one that is dearer", () => {
    const peer = (name: string, gas: number) => ({ name, gas, origin: "" });
    expect(shownPeer(peer("Morpho Blue", 10), peer("Morpho Blue liquidate", 11))?.gas).to.equal(11);
    expect(shownPeer(peer("Derive v2", 10), peer("Perp v2", 11))?.gas).to.equal(10);
    expect(shownPeer(peer("Derive v2", 12), peer("Perp v2", 11))?.gas).to.equal(11);
    expect([shownPeer(undefined, peer("a", 1))?.gas, shownPeer(peer("b", 2), undefined)?.gas]).to.deep.equal([1, 2]);
    expect(shownPeer(undefined, undefined)).to.equal(undefined);
  });

  it("a fill under a gap premium has to write both sides, the fund's account and an event more", () => {
    // Two slots written that were only read: 2 * (5,000 - 2,100); one more; an event of two topics and two words: 3 * 375 + 2 * 256.
    expect((floorOf("fill-gap") ?? 0) - (floorOf("fill") ?? 0)).to.equal(2 * 2_900 + 5_000 + 3 * 375 + 2 * 256);
  });
});

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect } from "chai";

import { UnusableStoreError, WrongStoreError } from "../../../scripts/keeper/errors.ts";
import { Store } from "../../../scripts/keeper/store.ts";
import { cursorAt } from "../../../sdk/events/cursor.ts";

const log = (block: number, index: number, transactionHash = `0x${block}${index}`) => ({
  address: "0x",
  topics: [],
  data: "0x",
  blockNumber: block,
  blockHash: "0x",
  transactionHash,
  index,
});

describe("keeper: store (KPR-01)", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "bulwark-store-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("KPR-01: a thing is known while the first log that told of it stands; the last word on it counts", () => {
    const store = new Store(":memory:", "one");
    store.see({ kind: "account", id: "a", detail: "" }, log(1, 0));
    store.see({ kind: "account", id: "a", detail: "" }, log(2, 0));
    store.see({ kind: "feed", id: "0", detail: "300" }, log(1, 1));
    store.see({ kind: "feed", id: "0", detail: "600" }, log(3, 0));
    store.see({ kind: "account", id: "b", detail: "" }, log(2, 1));
    store.forget(log(2, 1));
    expect(store.all("account")).to.deep.equal([{ id: "a", detail: "" }]);
    expect(store.all("feed")).to.deep.equal([{ id: "0", detail: "600" }]);
    store.forget(log(3, 0));
    expect(store.all("feed")).to.deep.equal([{ id: "0", detail: "300" }]);
    store.forget(log(1, 0));
    expect(store.all("account")).to.deep.equal([]);
    store.close();
  });

  it("KPR-01: a step that fails half way leaves nothing of itself", () => {
    const store = new Store(":memory:", "one");
    const step = () =>
      store.together(() => {
        store.see({ kind: "account", id: "a", detail: "" }, log(1, 0));
        store.cursor = cursorAt(5);
        throw new RangeError("half way");
      });
    expect(step).to.throw(RangeError, "half way");
    expect(store.all("account")).to.deep.equal([]);
    expect(store.cursor).to.equal(undefined);
    store.close();
  });

  it("KPR-01: one at a time works with it; the next may when it is closed", () => {
    const file = join(folder, "locked.sqlite");
    const first = new Store(file, "one");
    expect(() => new Store(file, "one")).to.throw(UnusableStoreError, /another keeper works with it/);
    first.close();
    new Store(file, "one").close();
  });

  it("KPR-01: one of a version that kept less of the events reads them again, and keeps what it laid out", () => {
    const file = join(folder, "older.sqlite");
    const first = new Store(file, "one");
    first.see({ kind: "account", id: "a", detail: "" }, log(1, 0));
    first.cursor = cursorAt(9);
    first.layOut("0xa", 5n, 100n);
    first.close();
    const database = new DatabaseSync(file);
    database.exec("DELETE FROM facts WHERE name = 'reading'");
    database.close();
    const second = new Store(file, "one");
    expect(second.cursor).to.equal(undefined);
    expect(second.all("account")).to.deep.equal([]);
    expect(second.laidOutSince(0n)).to.equal(5n);
    second.cursor = cursorAt(9);
    second.close();
    const third = new Store(file, "one");
    expect(third.cursor).to.deep.equal(cursorAt(9));
    third.close();
  });

  it("KPR-01: survives being closed, with numbers of 256 bits; another deployment's is refused", () => {
    const file = join(folder, "keeper.sqlite");
    const amount = 2n ** 255n;
    const first = new Store(file, "one");
    first.cursor = cursorAt(7);
    first.layOut("0xa", amount, 100n);
    first.layOut("0xb", 1n, 200n);
    first.countAttempt("start x", 100n);
    first.countAttempt("start x", 130n);
    first.close();
    expect(() => new Store(file, "two")).to.throw(WrongStoreError, /was written for one, the manifest is of two/);
    const second = new Store(file, "one");
    expect(second.cursor).to.deep.equal(cursorAt(7));
    expect(second.laidOutSince(100n)).to.equal(amount + 1n);
    expect(second.laidOutSince(101n), "the day is over").to.equal(1n);
    second.giveBack("0xb");
    expect(second.laidOutSince(0n)).to.equal(0n);
    expect(second.attempts().get("start x")).to.deep.equal({ count: 2, triedAt: 130n });
    second.close();
  });
});

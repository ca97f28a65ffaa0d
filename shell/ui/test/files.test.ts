// SPDX-License-Identifier: GPL-3.0-or-later
// Files: the order of rows, runs of numbers, keys, and what of a name is changed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { mayOf } from "../src/apps/files/about";
import { actionOf, type Key } from "../src/apps/files/keys";
import { readSettings } from "../src/apps/files/settings";
import { View } from "../src/apps/files/view";
import type { Fetched, Row, ViewState } from "../src/lib/files";
import { comparer, findTyped, runsOf, stemOf } from "../src/apps/files/sort";
import { targetOf } from "../src/apps/files/drag";

const row = (id: number, name: string, more: Partial<Row> = {}): Row => ({ id, name, is: "text", kind: "Text", size: id, time: id, ...more });
const key = (key: string, more: Partial<Key> = {}): Key => ({ key, code: "", ctrlKey: false, shiftKey: false, altKey: false, metaKey: false, ...more });
const sorted = (rows: Row[], by: "name" | "size" | "kind" | "time", down: boolean) => [...rows].sort(comparer({ by, down }, "en")).map(({ name }) => name);

test("files: folders first, then as a person counts", () => {
  const rows = [row(1, "file 10"), row(2, "file 9"), row(3, "zoo", { is: "folder" }), row(4, "File 1")];
  assert.deepEqual(sorted(rows, "name", false), ["zoo", "File 1", "file 9", "file 10"]);
  assert.deepEqual(sorted(rows, "name", true), ["zoo", "file 10", "file 9", "File 1"]);
  assert.deepEqual(sorted(rows, "size", true), ["zoo", "File 1", "file 9", "file 10"]);
  assert.deepEqual(sorted(rows, "time", false), ["zoo", "file 10", "file 9", "File 1"]);
});

test("files: what is alike keeps one order", () => {
  const rows = [row(2, "same"), row(1, "same")];
  assert.deepEqual([...rows].sort(comparer({ by: "kind", down: true }, "en")).map(({ id }) => id), [1, 2]);
});

test("files: numbers as runs", () => {
  assert.deepEqual(runsOf([]), []);
  assert.deepEqual(runsOf([7]), [7, 7]);
  assert.deepEqual(runsOf(new Set([5, 3, 4, 9])), [3, 5, 9, 9]);
  assert.deepEqual(runsOf(Array.from({ length: 10_000 }, (_, k) => k + 1)), [1, 10_000]);
});

test("files: typing goes to the next that begins so, and round", () => {
  const rows = [row(1, "alpha"), row(2, "Beta"), row(3, "bravo"), row(4, "Ärger")];
  assert.equal(findTyped(rows, "b", 0, "en"), 1);
  assert.equal(findTyped(rows, "b", 2, "en"), 2);
  assert.equal(findTyped(rows, "br", 0, "en"), 2);
  assert.equal(findTyped(rows, "a", 1, "en"), 3);
  assert.equal(findTyped(rows, "z", 0, "en"), -1);
  assert.equal(findTyped([], "z", 0, "en"), -1);
});

test("files: the ending of a name is left alone", () => {
  assert.equal(stemOf({ name: "photo.jpeg", is: "image" }), 5);
  assert.equal(stemOf({ name: "backup.tar.gz", is: "archive" }), 6);
  assert.equal(stemOf({ name: ".profile", is: "text" }), 8);
  assert.equal(stemOf({ name: "v1.2", is: "folder" }), 4);
});

test("files: keys", () => {
  const does = (event: Key, rtl = false) => actionOf(event, rtl)?.do;
  assert.equal(does(key("Delete")), "trash");
  assert.equal(does(key("Delete", { shiftKey: true })), "delete");
  assert.equal(does(key("N", { ctrlKey: true, shiftKey: true })), "new-folder");
  assert.equal(does(key("λ", { code: "KeyL", ctrlKey: true })), "path");
  assert.equal(does(key("ArrowLeft", { altKey: true })), "back");
  assert.equal(does(key("ArrowLeft", { altKey: true }), true), "forward");
  assert.deepEqual(actionOf(key("3", { altKey: true })), { do: "go-tab", at: 2 });
  assert.equal(actionOf(key("a")), null);
  assert.equal(actionOf(key("a", { metaKey: true })), null);
  assert.equal(actionOf(key("z", { ctrlKey: true, altKey: true })), null);
});

test("files: what was kept may be anything", () => {
  assert.deepEqual(readSettings({ as: 7, by: "x", down: "yes", hidden: 1 }), { as: "list", by: "name", down: false, hidden: false });
  assert.deepEqual(readSettings({ as: "grid", by: "time", down: true, hidden: true }), { as: "grid", by: "time", down: true, hidden: true });
});

test("files: permissions in words", () => {
  assert.equal(mayOf(0, false), "nothing");
  assert.equal(mayOf(6, false), "read · change");
  assert.equal(mayOf(5, true), "see what is in it · go in");
});

test("files: what would go with all the trash is seen, hidden or not", async () => {
  const fetched: Fetched = { rows: [row(1, "seen"), row(2, ".unseen", { hidden: true })], gone: [], more: false, done: true, cut: false, error: "" };
  const answers = { webkit: { messageHandlers: { inos: { postMessage: () => Promise.resolve(JSON.stringify(fetched)) } } }, clearTimeout, setTimeout };
  Object.assign(globalThis, { window: answers, document: { documentElement: { lang: "en" } } });
  const shownIn = async (kind: ViewState["kind"]) => {
    const state: ViewState = { view: 1, kind, title: "", path: "", place: "", text: "", crumbs: [], back: false, forward: false, up: false };
    const view = new View(state, { by: "name", down: false, hidden: false }, () => undefined);
    view.enter(state);
    await new Promise((resolve) => setTimeout(resolve));
    return view.order.map(({ id }) => id);
  };
  assert.deepEqual(await shownIn("folder"), [1]);
  assert.deepEqual(await shownIn("trash"), [2, 1]);
});

test("what is dragged goes where it can be", () => {
  const view = { view: 1, kind: "folder", place: "home" };
  const folder = { id: 5, name: "a", is: "folder" as const, kind: "", time: 0 };
  const file = { ...folder, id: 6, is: "text" as const };
  const mine = { view: 1, ids: new Set([5]) };
  const move = { own: true, files: true, moves: true };
  const other = { own: false, files: true, moves: true };
  const given = { own: false, files: false, moves: false };
  assert.deepEqual(targetOf({ files: true, row: folder }, move, { view: 1, ids: new Set([6]) }, view), { item: 5 });
  assert.equal(targetOf({ files: true, row: folder }, move, mine, view), null, "into itself");
  assert.equal(targetOf({ files: true, row: file }, move, mine, view), null, "to where it is");
  assert.deepEqual(targetOf({ files: true, row: file }, { own: true, files: true, moves: false }, mine, view), {}, "copied beside itself");
  assert.deepEqual(targetOf({ files: true }, given, null, view), {});
  assert.deepEqual(targetOf({ files: true }, move, { view: 2, ids: new Set([5]) }, view), {}, "from another tab");
  assert.deepEqual(targetOf({ files: false, place: "root" }, given, mine, view), { place: "root" });
  assert.equal(targetOf({ files: false, place: "home" }, move, mine, view), null);
  assert.deepEqual(targetOf({ files: false, place: "trash" }, move, mine, view), { place: "trash" });
  assert.equal(targetOf({ files: false, place: "trash" }, given, mine, view), null, "a stranger's file");
  assert.equal(targetOf({ files: false, place: "trash" }, { ...move, moves: false }, mine, view), null, "a copy");
  assert.deepEqual(targetOf({ files: false, place: "trash" }, other, mine, view), { place: "trash" }, "of another window");
  assert.deepEqual(targetOf({ files: false, place: "trash" }, other, mine, { ...view, kind: "trash" }), { place: "trash" });
  assert.equal(targetOf({ files: false, place: "trash" }, move, mine, { ...view, kind: "trash" }), null, "what is there already");
  assert.equal(targetOf({ files: false, place: "mesh" }, given, null, view), null);
  assert.equal(targetOf({ files: true }, given, null, { ...view, kind: "trash" }), null);
  assert.equal(targetOf({ files: false }, given, null, view), null);
});

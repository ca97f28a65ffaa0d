// SPDX-License-Identifier: GPL-3.0-or-later
import assert from "node:assert/strict";
import { test } from "node:test";
import { fold, search } from "../src/lib/rank";
import { app } from "./apps";

function names(query: string, ...apps: Parameters<typeof app>[]): string[] {
  return search(apps.map(([name, more]) => app(name, more)), query).map(({ name }) => name);
}

test("a prefix goes before a word start, a keyword and scattered letters", () => {
  const found = names(
    "ter",
    ["Filter Notes"],
    ["Text Router"],
    ["Console", { keywords: ["terminal"] }],
    ["My Terminal"],
    ["Terminal"],
  );
  assert.deepEqual(found, ["Terminal", "My Terminal", "Console", "Filter Notes", "Text Router"]);
});

test("the whole name goes before a longer name", () => {
  assert.deepEqual(names("foot", ["Foot Client"], ["Foot"]), ["Foot", "Foot Client"]);
});

test("nothing typed lists what was started last, then by name", () => {
  const found = names("  ", ["Beta"], ["Alpha"], ["Old", { recent: 1 }], ["New", { recent: 0 }]);
  assert.deepEqual(found, ["New", "Old", "Alpha", "Beta"]);
});

test("what was started last decides among equals only", () => {
  const found = names("ed", ["Editor A"], ["Editor B", { recent: 0 }], ["Red Eye", { recent: 1 }]);
  assert.deepEqual(found, ["Editor B", "Editor A", "Red Eye"]);
});

test("accents and case do not matter", () => {
  assert.equal(fold("ÉDITEUR Ångström"), "editeur angstrom");
  assert.deepEqual(names("editeur", ["Éditeur"]), ["Éditeur"]);
});

test("every word must match", () => {
  assert.deepEqual(names("gtk demo", ["GTK Demo"], ["GTK Printing"]), ["GTK Demo"]);
  assert.deepEqual(names("demo gtk", ["GTK Demo"], ["GTK Printing"]), ["GTK Demo"]);
});

test("a single letter does not match inside words", () => {
  assert.deepEqual(names("o", ["Foot"], ["Office"]), ["Office"]);
});

test("scripts without spaces match", () => {
  assert.deepEqual(names("端末", ["端末"], ["ファイル"]), ["端末"]);
});

test("what matches nothing finds nothing", () => {
  assert.deepEqual(names("zzz", ["Foot"]), []);
});

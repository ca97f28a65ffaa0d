// SPDX-License-Identifier: GPL-3.0-or-later
import assert from "node:assert/strict";
import { test } from "node:test";
import { findGroups, groupShortcuts, keysOf, type Binding } from "../src/lib/shortcuts";

const bindings: Binding[] = [
  ["", "Super+q", "close"], ["", "Alt+F4", "close"], ["", "Super+Page_Up", "workspace previous"], ["", "Super", "launcher"],
  ["", "swipe3-left", "workspace next"], ["", "XF86AudioPlay", "media-play-pause"], ["", "Super+u", "unheard-of"], ["resize", "h", "tile-ratio -5"],
  ["", "Super+x", ""],
];

test("keys are called what stands on them", () => {
  assert.deepEqual(keysOf("Super+Shift+q"), ["Super", "Shift", "Q"]);
  assert.deepEqual(keysOf("Super+bracketleft"), ["Super", "["]);
  assert.deepEqual(keysOf("XF86WakeUp"), ["WakeUp"]);
  assert.deepEqual(keysOf("Super+Page_Down"), ["Super", "Page down"]);
});

test("each action is once, in its group, with all its keys", () => {
  const groups = groupShortcuts(bindings);
  assert.deepEqual(groups.map(({ title }) => title), ["Desktop", "Windows", "Workspaces and screens", "Sound and brightness", "Mode of bindings: resize", "Other"]);
  assert.deepEqual(groups[1]?.rows.map(({ combinations }) => combinations), [[["Super", "Q"], ["Alt", "F4"]]]);
  assert.equal(groups.flatMap(({ rows }) => rows).length, 6, "what fingers do and what is bound to nothing is left out");
});

test("they are found by words, keys and groups", () => {
  const groups = groupShortcuts(bindings);
  const actions = (query: string) => findGroups(groups, query).flatMap(({ rows }) => rows.map(({ action }) => action));
  assert.deepEqual(actions("close f4"), ["close"]);
  assert.deepEqual(actions("SOUND"), ["media-play-pause"]);
  assert.deepEqual(actions("nowhere"), []);
  assert.equal(actions("").length, 6);
});

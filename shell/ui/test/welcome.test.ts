// SPDX-License-Identifier: GPL-3.0-or-later
import assert from "node:assert/strict";
import { test } from "node:test";
import { firstKeys } from "../src/apps/welcome/keys";
import { keyOf, stepAt, steps } from "../src/apps/welcome/steps";

const plain = { ctrlKey: false, altKey: false, metaKey: false };

test("Escape ends it, on every page", () => {
  assert.equal(keyOf({ ...plain, key: "Escape" }), "close");
  assert.equal(keyOf({ ...plain, key: "w", ctrlKey: true }), "close");
  assert.equal(keyOf({ ...plain, key: "w" }), null);
  assert.equal(keyOf({ ...plain, key: "PageDown", ctrlKey: true }), 1);
  assert.equal(keyOf({ ...plain, key: "PageUp", ctrlKey: true, metaKey: true }), null);
});

test("pages end where they end", () => {
  assert.equal(stepAt("hello", -1), "hello");
  assert.equal(stepAt("hello", 1), "look");
  assert.equal(stepAt("keys", 1), "keys");
  assert.equal(new Set(steps).size, 5);
});

test("keys are those that are bound here", () => {
  const rows = firstKeys([["", "Super", "launcher"], ["", "swipe3-up", "overview"], ["game", "x", "close"], ["", "Alt+F4", "close"], ["", "Super+Tab", "switch-next"]]);
  assert.deepEqual(rows.map(({ keys }) => keys), [["Super"], ["Super", "Tab"], ["Alt", "F4"]]);
});

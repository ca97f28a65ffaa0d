// SPDX-License-Identifier: GPL-3.0-or-later
import assert from "node:assert/strict";
import { test } from "node:test";
import { step, type Extent } from "../src/overlay/selection";

const extent: Extent = { rows: 3, actions: 2, atEnd: true, rtl: false };
const key = (name: string, shiftKey = false) => ({ key: name, shiftKey });

test("up and down go round", () => {
  assert.deepEqual(step({ row: 2, action: -1 }, key("ArrowDown"), extent), { row: 0, action: -1 });
  assert.deepEqual(step({ row: 0, action: -1 }, key("ArrowUp"), extent), { row: 2, action: -1 });
});

test("pages stop at the ends", () => {
  assert.deepEqual(step({ row: 1, action: -1 }, key("PageDown"), extent), { row: 2, action: -1 });
  assert.deepEqual(step({ row: 1, action: -1 }, key("PageUp"), extent), { row: 0, action: -1 });
});

test("an arrow enters the actions only from the end of the text", () => {
  const at = { row: 1, action: -1 };
  assert.deepEqual(step(at, key("ArrowRight"), extent), { row: 1, action: 0 });
  assert.equal(step(at, key("ArrowRight"), { ...extent, atEnd: false }), null);
  assert.equal(step(at, key("ArrowRight"), { ...extent, actions: 0 }), null);
});

test("right to left turns the arrows", () => {
  const at = { row: 1, action: -1 };
  assert.deepEqual(step(at, key("ArrowLeft"), { ...extent, rtl: true }), { row: 1, action: 0 });
  assert.equal(step(at, key("ArrowRight"), { ...extent, rtl: true }), null);
});

test("Shift and Enter open the actions, Escape leaves them", () => {
  assert.deepEqual(step({ row: 1, action: -1 }, key("Enter", true), extent), { row: 1, action: 0 });
  assert.deepEqual(step({ row: 1, action: 1 }, key("Escape"), extent), { row: 1, action: -1 });
  assert.equal(step({ row: 1, action: -1 }, key("Escape"), extent), null);
});

test("up from the first action is the application", () => {
  assert.deepEqual(step({ row: 1, action: 0 }, key("ArrowUp"), extent), { row: 1, action: -1 });
  assert.deepEqual(step({ row: 1, action: 1 }, key("ArrowDown"), extent), { row: 1, action: 1 });
});

test("with no rows nothing leaves the first", () => {
  assert.deepEqual(step({ row: 0, action: -1 }, key("ArrowDown"), { ...extent, rows: 0 }), {
    row: 0,
    action: -1,
  });
});

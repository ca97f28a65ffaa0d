// SPDX-License-Identifier: GPL-3.0-or-later
import assert from "node:assert/strict";
import { test } from "node:test";
import { afterKey, cornersOf, find, levelOf, maskOf, nothingHeld, press, symbolOf, variantsOf, type Cap } from "../src/lib/keyboard";

const q: Cap = { code: 16, symbols: ["q", "Q", "@", ""], dead: 0 };
const e: Cap = { code: 18, symbols: ["e", "E", "€", ""], dead: 0 };
const two: Cap = { code: 3, symbols: ["2", '"', "²", ""], dead: 0 };
const acute: Cap = { code: 13, symbols: ["´", "`", "¸", ""], dead: 7 };
const none = new Set<never>();

test("Shift is for one key, then for all, then for none", () => {
  const once = press(nothingHeld, "shift");
  assert.equal(once.shift, "once");
  assert.equal(levelOf(once), 1);
  assert.equal(afterKey(once, none).shift, "off");
  const locked = press(once, "shift");
  assert.equal(locked.shift, "locked");
  assert.equal(afterKey(locked, none).shift, "locked");
  assert.equal(press(locked, "shift").shift, "off");
});

test("Ctrl, Alt and Super are for one key, and go again", () => {
  for (const modifier of ["control", "alt", "logo"] as const) {
    assert.equal(press(press(nothingHeld, modifier), modifier)[modifier], "off");
    assert.equal(afterKey(press(nothingHeld, modifier), none)[modifier], "off");
  }
  assert.equal(maskOf({ ...nothingHeld, control: "once", logo: "once", altGr: "locked" }), 2 + 4 + 16);
});

test("one with a finger on it stays", () => {
  const held = press(press(nothingHeld, "control"), "alt");
  const after = afterKey(held, new Set(["control"] as const));
  assert.equal(after.control, "once");
  assert.equal(after.alt, "off");
});

test("what a key types, and what it is without AltGr", () => {
  assert.deepEqual(symbolOf(q, 2), { text: "@", dead: false, faint: false });
  assert.deepEqual(symbolOf(q, 3), { text: "Q", dead: false, faint: true });
  assert.equal(symbolOf(acute, 1).dead, true);
  assert.deepEqual(cornersOf(q, 0), { shift: "", altGr: "@" });
  assert.deepEqual(cornersOf(two, 0), { shift: '"', altGr: "²" });
  assert.deepEqual(cornersOf(two, 1), { shift: "", altGr: "" });
});

test("the key of a text, without waiting for another", () => {
  assert.deepEqual(find([[two], [q, e]], "@"), { code: 16, mask: 2 });
  assert.deepEqual(find([[two], [q, e]], '"'), { code: 3, mask: 1 });
  assert.equal(find([[acute]], "´"), undefined);
});

test("variants: what AltGr gives is a key's, accents are written", () => {
  assert.deepEqual(variantsOf(q, 0, true), [{ text: "@", mask: 2 }]);
  const offered = variantsOf(e, 0, true);
  assert.deepEqual(offered[0], { text: "€", mask: 2 });
  assert.ok(offered.some(({ text, mask }) => text === "é" && mask === undefined));
  assert.ok(variantsOf(e, 1, true).some(({ text }) => text === "É"));
  assert.ok(variantsOf(e, 0, true).length <= 10);
  assert.deepEqual(variantsOf(acute, 0, true), []);
});

test("where nothing can be written only what a key has is offered", () => {
  assert.deepEqual(variantsOf(e, 0, false), [{ text: "€", mask: 2 }]);
  assert.deepEqual(variantsOf(two, 0, false), [{ text: "²", mask: 2 }]);
  assert.deepEqual(variantsOf({ code: 31, symbols: ["s", "S", "", ""], dead: 0 }, 0, false), []);
});

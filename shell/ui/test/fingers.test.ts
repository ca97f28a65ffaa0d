// SPDX-License-Identifier: GPL-3.0-or-later
import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { Fingers, longPress, renewTime } from "../src/keyboard/fingers";
import type { Cap } from "../src/lib/keyboard";

interface Told {
  command: string;
  args: { code?: number; modifiers?: number; serial?: number; text?: string };
}

let told: Told[] = [];
const postMessage = (text: string) => {
  told.push(JSON.parse(text) as Told);
  return Promise.resolve("null");
};
Object.assign(globalThis, { window: { webkit: { messageHandlers: { inos: { postMessage } } } } });
mock.timers.enable({ apis: ["setTimeout", "setInterval"] });

const box = { left: 0, top: 0, width: 40 } as DOMRect;
const [tab, enter] = [15, 28];
const e: Cap = { code: 18, symbols: ["e", "E", "", ""], dead: 0 };
const slash: Cap = { code: 53, symbols: ["/", "?", "", ""], dead: 0 };

/** What was told since the last time: "+15" for a press, "-15" for a release. */
function keys(): string {
  const said = told.map(({ command, args }) => `${{ "keyboard.press": "+", "keyboard.release": "-" }[command] ?? command}${args.text ?? args.code ?? ""}`);
  told = [];
  return said.join(" ");
}

function raised(serial = 1, writes = true): Fingers {
  const fingers = new Fingers();
  fingers.raise(serial);
  fingers.setWrites(writes);
  return fingers;
}

beforeEach(() => {
  told = [];
});

test("a key is down as long as its finger is", () => {
  const fingers = raised();
  fingers.touchKey(1, {}, tab, undefined, box);
  mock.timers.tick(2 * renewTime);
  assert.ok(fingers.get().down.has(tab));
  fingers.lift(1, false);
  assert.equal(keys(), "+15 +15 +15 -15");
  mock.timers.tick(5 * renewTime);
  assert.equal(keys(), "");
  assert.equal(fingers.get().down.size, 0);
});

test("a finger that went up unheard leaves no key pressed when it comes again", () => {
  const fingers = raised();
  fingers.touchKey(1, {}, tab, undefined, box);
  fingers.touchKey(1, {}, enter, undefined, box);
  assert.equal(keys(), "+15 -15 +28");
  fingers.touchModifier(1, {}, "shift");
  assert.equal(keys(), "-28");
  mock.timers.tick(5 * renewTime);
  fingers.lift(1, false);
  assert.equal(keys(), "");
});

test("a key that goes takes its fingers with it, and no other's", () => {
  const fingers = raised();
  const [gone, stays] = [{}, {}];
  fingers.touchKey(1, gone, tab, undefined, box);
  fingers.touchKey(2, stays, enter, undefined, box);
  fingers.leave(gone);
  assert.equal(keys(), "+15 +28 -15");
  assert.deepEqual([...fingers.get().down], [enter]);
  mock.timers.tick(renewTime);
  assert.equal(keys(), "+28");
  fingers.lift(1, false);
  assert.equal(keys(), "");
  fingers.lift(2, false);
  assert.equal(keys(), "-28");
});

test("a letter that waits is not typed when its key goes", () => {
  const fingers = raised();
  const owner = {};
  fingers.touchKey(1, owner, e.code, e, box);
  fingers.leave(owner);
  mock.timers.tick(longPress);
  assert.equal(keys(), "");
  assert.equal(fingers.get().offer, null);
});

test("a modifier that goes while its finger is used is held no more", () => {
  const fingers = raised();
  const owner = {};
  fingers.touchModifier(1, owner, "control");
  fingers.tap(tab);
  assert.equal(fingers.get().holds.control, "once");
  fingers.leave(owner);
  assert.equal(fingers.get().holds.control, "off");
});

test("what is typed says for which raising", () => {
  const fingers = raised(7);
  fingers.tap(tab);
  fingers.touchKey(1, {}, enter, undefined, box);
  fingers.choose({ text: "é" }, e.code);
  assert.deepEqual(told.filter(({ command }) => command !== "keyboard.release").map(({ args }) => args.serial), [7, 7, 7]);
  told = [];
  fingers.raise(8);
  assert.equal(keys(), "-28");
  mock.timers.tick(5 * renewTime);
  assert.equal(keys(), "");
  fingers.tap(tab);
  assert.equal(told[0]?.args.serial, 8);
});

test("accents are offered where they can be written", () => {
  const fingers = raised(1, true);
  fingers.touchKey(1, {}, e.code, e, box);
  mock.timers.tick(longPress);
  assert.equal(fingers.get().offer?.variants[0]?.text, "è");
  fingers.setWrites(false);
  assert.equal(fingers.get().offer, null);
  fingers.lift(1, false);
  keys();
  // Where they cannot, the letter repeats as any key does.
  fingers.touchKey(1, {}, e.code, e, box);
  mock.timers.tick(longPress);
  assert.equal(fingers.get().offer, null);
  assert.equal(keys(), "+18");
  fingers.lift(1, false);
});

test("a key without variants is pressed at once", () => {
  const fingers = raised();
  fingers.touchKey(1, {}, slash.code, slash, box);
  assert.equal(keys(), "+53");
  fingers.lift(1, true);
});

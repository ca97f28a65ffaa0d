// SPDX-License-Identifier: GPL-3.0-or-later
// What Terminal's window works out without a terminal.
import assert from "node:assert/strict";
import { test } from "node:test";
import { actionOf, type Key } from "../src/apps/terminal/keys";
import { dividersOf, neighbour, panesOf, readRemembered, rectsOf, removePane, setRatio, splitPane, withTerminals, type Tree } from "../src/apps/terminal/layout";
import { defaults, readSettings } from "../src/apps/terminal/settings";
import { cleanPaste, cleanTitle, fromBinary, openable, pieces, runsAtOnce, toMessages } from "../src/apps/terminal/text";

// 1 on the left; 2 above 3 on the right.
const tree: Tree = splitPane(splitPane({ pane: 1 }, 1, "row", 2), 2, "column", 3);

test("a split divides a pane and leaves the others", () => {
  assert.deepEqual(panesOf(tree), [1, 2, 3]);
  assert.deepEqual(rectsOf(tree).get(3), { left: 0.5, top: 0.5, width: 0.5, height: 0.5 });
  assert.deepEqual(dividersOf(tree).map(({ path, direction }) => [path, direction]), [["", "row"], ["1", "column"]]);
});

test("what is left takes the place of what goes", () => {
  const left = removePane(tree, 2);
  assert.ok(left);
  assert.deepEqual(rectsOf(left).get(3), { left: 0.5, top: 0, width: 0.5, height: 1 });
  assert.equal(removePane({ pane: 1 }, 1), null);
});

test("a window comes back without what has ended meanwhile", () => {
  const had = { tabs: [{ key: 1, tree, active: 2 }, { key: 4, tree: { pane: 4 }, active: 4 }], current: 4,
    terminals: [[1, 11], [2, 12], [3, 13], [4, 14]] as [number, number][] };
  assert.deepEqual(withTerminals(had, [11, 12, 13, 14]), had);
  const left = withTerminals(had, [11, 13]);
  assert.deepEqual(left?.tabs.map((tab) => [panesOf(tab.tree), tab.active]), [[[1, 3], 1]]);
  assert.deepEqual([left?.current, left?.terminals], [1, [[1, 11], [3, 13]]]);
  assert.equal(withTerminals(had, []), null);
  // One that had no terminal yet gets one.
  assert.deepEqual(withTerminals({ ...had, terminals: had.terminals.slice(0, 3) }, [])?.tabs.map(({ key }) => key), [4]);
});

test("a divider moves within bounds", () => {
  assert.equal(rectsOf(setRatio(tree, "", 0.25)).get(1)?.width, 0.25);
  assert.equal(rectsOf(setRatio(tree, "", 7)).get(1)?.width, 0.9);
  assert.equal(rectsOf(setRatio(tree, "1", 0.2)).get(2)?.height, 0.2);
});

test("neighbours lie where they are seen", () => {
  assert.equal(neighbour(tree, 1, "right"), 2);
  assert.equal(neighbour(tree, 3, "left"), 1);
  assert.equal(neighbour(tree, 3, "up"), 2);
  assert.equal(neighbour(tree, 2, "down"), 3);
  assert.equal(neighbour(tree, 1, "left"), 1);
  assert.equal(neighbour(tree, 1, "up"), 1);
});

test("what is remembered is read, and nothing else is", () => {
  const remembered = { tabs: [{ key: 1, tree, active: 3 }], current: 1, terminals: [[1, 4]] };
  assert.deepEqual(readRemembered(JSON.stringify(remembered)), remembered);
  for (const text of ["", "null", "{}", '{"tabs":[]}', '{"tabs":[{"key":1,"tree":{},"active":1}],"current":1,"terminals":[]}'])
    assert.equal(readRemembered(text), null, text);
});

test("settings are what they may be", () => {
  assert.deepEqual(readSettings(undefined), defaults);
  assert.deepEqual(readSettings({ fontSize: "big", bell: 1, theme: 7, programsCopy: "yes" }), defaults);
  assert.equal(readSettings({ fontSize: 1e9 }).fontSize, 48);
  assert.equal(readSettings({ scrollback: -5 }).scrollback, 0);
  assert.equal(readSettings({ programsCopy: true }).programsCopy, true);
});

const plain: Key = { key: "", code: "", ctrlKey: false, shiftKey: false, altKey: false, metaKey: false };
const control: Key = { ...plain, ctrlKey: true, shiftKey: true };

test("keys are the window's or the program's", () => {
  assert.deepEqual(actionOf({ ...control, key: "C", code: "KeyC" }), { do: "copy" });
  assert.deepEqual(actionOf({ ...control, key: "c", code: "KeyJ" }), { do: "copy" }, "by the layout");
  assert.deepEqual(actionOf({ ...control, key: "Ψ", code: "KeyC" }), { do: "copy" }, "in Greek");
  assert.equal(actionOf({ ...control, shiftKey: false, key: "c", code: "KeyC" }), null);
  assert.equal(actionOf({ ...plain, altKey: true, key: "b" }), null);
  assert.deepEqual(actionOf({ ...plain, altKey: true, key: "ArrowUp" }), { do: "focus", side: "up" });
  assert.deepEqual(actionOf({ ...plain, ctrlKey: true, key: "+" }), { do: "zoom", by: 1 });
  assert.equal(actionOf({ ...control, metaKey: true, key: "C" }), null);
});

test("titles are short and of one piece", () => {
  assert.equal(cleanTitle("a\u0007b\u202ec\nd"), "abcd");
  assert.equal(cleanTitle("x".repeat(5000)), `${"x".repeat(200)}…`);
  // Persian for "I want": its joiner is part of how it is written.
  assert.equal(cleanTitle("می\u200cخواهم"), "می\u200cخواهم");
});

test("pasted text brings no escape sequence, and lines end as typed ones", () => {
  assert.equal(cleanPaste("a\r\nb\nc"), "a\rb\rc");
  assert.equal(cleanPaste("\u001b[201~rm -rf ~\n"), "[201~rm -rf ~\r");
  assert.equal(cleanPaste("\u009b201~\ttab"), "201~\ttab");
  assert.equal(runsAtOnce(cleanPaste("ls\n")), true);
  assert.equal(runsAtOnce(cleanPaste("ls")), false);
});

test("bytes are whole again after the way", () => {
  const bytes = Uint8Array.from({ length: 100_000 }, (_, at) => (at * 7) & 255);
  const back = toMessages(bytes).map((message) => Buffer.from(message, "base64"));
  assert.deepEqual(Buffer.concat(back), Buffer.from(bytes));
  for (const message of toMessages(bytes)) assert.ok(message.length < 60 * 1024);
  assert.deepEqual(fromBinary("\u0000\u00ff"), Uint8Array.of(0, 255));
  assert.equal(pieces("äöü😀".repeat(9000)).join(""), "äöü😀".repeat(9000));
  assert.deepEqual(pieces(""), [""]);
});

test("only addresses of the web and of mail are opened", () => {
  assert.equal(openable("https://example.org/a b"), "https://example.org/a%20b");
  assert.equal(openable("mailto:a@example.org"), "mailto:a@example.org");
  for (const address of ["file:///etc/passwd", "javascript:alert(1)", "inos://shell/panel.html", "data:text/html,x", "no address", `https://${"x".repeat(3000)}`])
    assert.equal(openable(address), null, address);
});

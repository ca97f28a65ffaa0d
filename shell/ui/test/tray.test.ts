// SPDX-License-Identifier: GPL-3.0-or-later
import assert from "node:assert/strict";
import { test } from "node:test";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { itemsOnPanel, labelOf, menuAt, panelItems, tidyEntries, type MenuEntry, type TrayItem, type TrayMenu } from "../src/lib/tray";
import { Tray } from "../src/overlay/tray";
import { TrayItems } from "../src/panel/tray";

function item(id: number, more: Partial<TrayItem> = {}): TrayItem {
  return { id, title: `Item ${id}`, tooltip: "", status: "active", icon: "", picture: 0, ...more };
}

function entry(id: number, more: Partial<MenuEntry> = {}): MenuEntry {
  return { id, label: `Entry ${id}`, enabled: true, separator: false, toggle: "", on: false, ...more };
}

const line = (id: number) => entry(id, { separator: true });

function draw(items: TrayItem[], menu: TrayMenu | null = null): string {
  return renderToStaticMarkup(createElement(Tray, { serial: 1, state: { items, menu } }));
}

test("few are on the panel, who calls is, and nobody is lost", () => {
  const many = Array.from({ length: 20 }, (_, id) => item(id));
  many[15] = item(15, { status: "attention" });
  many[0] = item(0, { status: "passive" });
  const { shown, more } = panelItems(many);
  assert.deepEqual(shown.map(({ id }) => id), [1, 2, 3, 4, 15]);
  assert.equal(more, 20 - itemsOnPanel);
  assert.deepEqual(panelItems([]), { shown: [], more: 0 });
  const all = Array.from({ length: 30 }, (_, id) => item(id, { status: "attention" }));
  assert.equal(panelItems(all).shown.length, itemsOnPanel);
});

test("what it says is said once", () => {
  assert.equal(labelOf(item(1)), "Item 1");
  assert.equal(labelOf(item(1, { tooltip: "Item 1" })), "Item 1");
  assert.equal(labelOf(item(1, { tooltip: "Item 1 – busy" })), "Item 1 – busy");
  assert.equal(labelOf(item(1, { tooltip: "busy" })), "Item 1: busy");
});

test("lines stand between entries only", () => {
  const ids = tidyEntries([line(1), entry(2), line(3), line(4), entry(5), line(6)]).map(({ id }) => id);
  assert.deepEqual(ids, [2, 3, 5]);
  assert.deepEqual(tidyEntries([line(1)]), []);
});

test("a way through menus ends where the menu does", () => {
  const menu = [entry(1, { children: [entry(2, { children: [entry(3)] })] })];
  assert.deepEqual(menuAt(menu, [1, 2]).entries.map(({ id }) => id), [3]);
  assert.deepEqual([menuAt(menu, [1, 9, 2]).depth, menuAt(menu, [9]).depth, menuAt(menu, []).depth], [1, 0, 0]);
});

test("what strangers say is text, and everything has a name", () => {
  const evil = item(1, { title: "<script>", tooltip: "<img src=x>", status: "attention" });
  const panel = renderToStaticMarkup(createElement(TrayItems, { items: [evil] }));
  assert.ok(panel.includes("&lt;script&gt;") && !panel.includes("<script>") && /needs attention/.test(panel));
  const menu: TrayMenu = { item: 1, entries: [entry(1, { label: "<b>x</b>", toggle: "check", on: true }), line(2), entry(3, { enabled: false, children: [] })], failure: "" };
  const text = draw([evil], menu);
  assert.ok(text.includes("&lt;b&gt;x") && /role="menuitemcheckbox" aria-checked="true"/.test(text));
  assert.match(text, /aria-haspopup="menu"[^>]*disabled|disabled[^>]*aria-haspopup="menu"/);
  assert.match(draw([]), /No program has anything here/);
  assert.match(draw([evil], { item: 1, entries: null, failure: "" }), /being read/);
  assert.match(draw([evil], { item: 1, entries: [], failure: "" }), /empty/);
});

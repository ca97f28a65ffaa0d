// SPDX-License-Identifier: GPL-3.0-or-later
// What Node Manager's page of logs asks for, keeps and draws, also of what strangers wrote.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { Grid } from "../src/apps/node-manager/grid";
import { fieldsOf } from "../src/apps/node-manager/log_panel";
import { entryOf, keptMost, lineOf, linesOfMessage, priorityText, questionOf, reachText, withNewer, type LogEntry, type LogFilter, type LogRow } from "../src/apps/node-manager/log_rows";
import { logColumns } from "../src/apps/node-manager/logs";

const filter: LogFilter = { source: "journal", priority: 4, unit: " cron ", span: "hour", boot: "this", search: " a b " };
const row = (cursor: string, more: Partial<Record<number, unknown>> = {}): LogRow =>
  Object.assign([cursor, "1577836800000000", 6, "a.service", "a", 7, "said", false], more) as LogRow;
const entry = (cursor: string): LogEntry => entryOf(row(cursor));
const cursors = (entries: readonly LogEntry[]) => entries.map(({ cursor }) => cursor).join("");

test("a filter is a question, in which what is not asked for is not there", () => {
  assert.deepEqual(questionOf(filter, 10_000_000), { source: "journal", priority: 4, since: "6400000000", unit: "cron", boot: "this", search: "a b" });
  assert.deepEqual(questionOf({ ...filter, unit: "  ", span: "all", boot: "", search: "" }, 1), { source: "journal", priority: 4, since: "0" });
  assert.equal(questionOf({ ...filter, span: "week" }, 5).since, "0");
});

test("what is new comes first, once, and of all only so many are kept", () => {
  const entries = [entry("c"), entry("b"), entry("a")];
  assert.equal(cursors(withNewer(entries, [entry("e"), entry("d")])), "edcba");
  assert.equal(cursors(withNewer(entries, [entry("d"), entry("c")])), "dcba");
  assert.equal(cursors(withNewer(entries, [])), "cba");
  const many = Array.from({ length: keptMost }, (_, i) => entry(`${i} `));
  assert.equal(withNewer(many, [entry("new")]).length, keptMost);
});

test("an entry is whose it is known to be", () => {
  assert.equal(entry("a").who, "a");
  assert.equal(entryOf(row("a", { 4: "" })).who, "a.service");
  assert.equal(entry("a").time, 1577836800000);
  assert.equal(priorityText(3), "Error");
  assert.equal(priorityText(77), "");
});

const hostile = [
  '<img src=x onerror="alert(1)"><script>alert(2)</script>',
  "\u202e\u2066gnp.exe\u200b\u0000\u001b[31m\ufeff",
  "é".repeat(65536),
  "a\n\tb\r\u2028c",
];

test("what strangers wrote is text, in one line, and turns nothing round", () => {
  const rows = hostile.map((text, i) => entryOf(row(String(i), { 3: text, 4: text, 6: text })));
  const html = renderToStaticMarkup(
    createElement(Grid<LogEntry>, { label: "Logs", className: "logs", columns: logColumns(), rows, keyOf: ({ cursor }) => cursor, selected: null, onSelect: () => undefined }),
  );
  assert.ok(!/<(img|script)/.test(html), html);
  assert.ok(html.includes("&lt;img src=x"));
  // eslint-disable-next-line no-control-regex -- those must not be there
  assert.ok(!/[\u0000-\u001f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/.test(html), html);
  assert.ok(html.length < 40000, String(html.length));
  assert.equal(lineOf("one\n\n  two\tthree"), "one two three");
  assert.deepEqual(linesOfMessage("a\n\tb\u202e"), ["a", "    b"]);
  assert.ok(linesOfMessage("\n".repeat(1e6)).length <= 1000);
  const fields = fieldsOf(["0", [["MESSAGE", "m"], ["Z", hostile[1] ?? ""], ["A", "x".repeat(1e5)]]]);
  assert.deepEqual(fields.map(([name]) => name), ["A", "Z"]);
  assert.equal(fields[1]?.[1], "gnp.exe[31m");
  assert.ok((fields[0]?.[1].length ?? 0) <= 1024);
});

test("who may not read all is told of the group", () => {
  assert.equal(reachText("journal", "all"), "");
  for (const reach of ["own", "refused"]) assert.match(reachText("journal", reach), /systemd-journal/);
  assert.match(reachText("journal", "none"), /no journal/);
  assert.notEqual(reachText("inos", "none"), "");
});

// SPDX-License-Identifier: GPL-3.0-or-later
// How Node Manager's page of logs asks: back until enough is found, on from there, never twice at once.
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { waitingMost, type LogAnswer, type LogFilter, type LogRow } from "../src/apps/node-manager/log_rows";
import { useLog, type Log } from "../src/apps/node-manager/use_log";
import { store } from "../src/lib/store";
import { World } from "./hook";

let world: World;
let log: Log;
let filter: LogFilter;
let top: boolean;
let draw: () => Promise<void>;

const isAtTop = () => top;
const row = (n: number): LogRow => [`c${n}`, String(n), 6, "", "a", 1, `said ${n}`, false];
/** Entries from one number to another, as the log is read. */
const rows = (from: number, to: number) => Array.from({ length: Math.abs(to - from) + 1 }, (_, i) => row(from + (to < from ? -i : i)));
const answer = (found: LogRow[], more: boolean, last = found.at(-1)?.[0] ?? "", first = found[0]?.[0] ?? ""): LogAnswer => ["journal", first, last, more, found];
const asked = () => {
  const question = world.take();
  assert.equal(question.command, "log.read");
  const { newer, cursor = "", search = "" } = question.args as { newer: boolean; cursor?: string; search?: string };
  return { ...question, way: `${newer ? "on" : "back"} ${cursor}`, search };
};
const reply = async (way: string, found: LogAnswer) => {
  const question = asked();
  assert.equal(question.way, way);
  question.answer(found);
  await world.rest();
};
const shown = () => log.entries.map(({ cursor }) => cursor).join(" ");

beforeEach(async () => {
  world = new World();
  top = true;
  filter = { source: "journal", priority: 7, unit: "", span: "all", boot: "", search: "" };
  store.merge({ node: { connected: true } });
  draw = world.run(() => {
    log = useLog(filter, true, isAtTop);
  });
  await draw();
});
afterEach(() => world.end());

test("one look is enough where it finds enough", async () => {
  assert.equal(log.asking, true);
  await reply("back ", answer(rows(200, 101), true));
  assert.equal(log.entries.length, 100);
  assert.deepEqual([log.asking, log.more, log.last, log.first], [false, true, "c101", "c200"]);
  assert.equal(world.questions.length, 0);
  log.older();
  await world.rest();
  await reply("back c101", answer(rows(100, 1), false));
  assert.deepEqual([log.entries.length, log.more, log.first], [200, false, "c200"]);
});

test("a search goes on until enough is found, or there is no more", async () => {
  filter = { ...filter, search: "x" };
  await reply("back ", answer(rows(999, 900), true));
  await draw();
  await reply("back ", answer([], true, "c800", "c999"));
  assert.equal(log.asking, true);
  await reply("back c800", answer([row(750)], true, "c700", "c799"));
  assert.equal(shown(), "c750");
  await reply("back c700", answer([row(1)], false));
  assert.deepEqual([shown(), log.asking, log.more, log.first], ["c750 c1", false, false, "c999"]);
});

test("what does not go on is asked for once", async () => {
  await reply("back ", answer([row(5)], true));
  await reply("back c5", answer([], true, "c5"));
  assert.deepEqual([log.asking, log.more], [false, false]);
});

test("a node that comes back is asked for the newest", async () => {
  await reply("back ", answer(rows(200, 101), true));
  store.merge({ node: { connected: false } });
  await world.rest();
  store.merge({ node: { connected: true } });
  await world.rest();
  assert.equal(log.entries.length, 100, "what was shown stays");
  await reply("back ", answer(rows(300, 201), true));
  assert.equal(log.entries[0]?.cursor, "c300");
  assert.equal(log.entries.length, 100);
});

test("what cannot be read is asked for again, and is not followed from its beginning", async () => {
  asked().fail("no such log");
  await world.rest();
  assert.deepEqual([log.fault, log.asking, log.known], ["no such log", false, false]);
  await world.pass(1000);
  assert.equal(world.questions.length, 0);
  await world.pass(1000);
  await reply("back ", answer(rows(100, 1), false));
  assert.deepEqual([log.fault, log.entries.length], ["", 100]);
  await world.pass(1000);
  await reply("on c100", answer([row(101)], false));
  assert.equal(log.entries[0]?.cursor, "c101");
});

test("an older page that fails can be asked for again", async () => {
  await reply("back ", answer(rows(200, 101), true));
  log.older();
  await world.rest();
  asked().fail("too busy");
  await world.rest();
  assert.deepEqual([log.fault, log.more], ["too busy", true]);
  log.older();
  await world.rest();
  await reply("back c101", answer(rows(100, 1), false));
  assert.equal(log.fault, "");
});

test("a log that was empty is followed", async () => {
  await reply("back ", answer([], false));
  await world.pass(1000);
  await reply("on ", answer([row(1)], false));
  assert.equal(shown(), "c1");
});

test("one question at a time follows", async () => {
  await reply("back ", answer(rows(100, 1), false));
  await world.pass(1000);
  const question = asked();
  await world.turnTo(true);
  await world.turnTo(false);
  await world.pass(5000);
  assert.equal(world.questions.length, 0, "it is under way");
  question.answer(answer([], false, "c100"));
  await world.rest();
  await world.turnTo(true);
  await world.pass(5000);
  assert.equal(world.questions.length, 0, "nobody looks");
  await world.turnTo(false);
  await reply("on c100", answer([row(101)], true));
  await world.pass(0);
  await reply("on c101", answer([], true, "c101"));
  await world.pass(999);
  assert.equal(world.questions.length, 0, "it does not go on");
  await world.pass(1);
  const last = asked();
  await world.end();
  last.answer(answer([], false));
  await world.pass(5000);
  assert.equal(world.questions.length, 0, "it is over");
});

test("what is written while somebody reads waits, and too much of it is not kept", async () => {
  await reply("back ", answer(rows(100, 1), false));
  top = false;
  await world.pass(1000);
  await reply("on c100", answer(rows(101, 103), false));
  assert.deepEqual([log.entries.length, log.waiting.length], [100, 3]);
  log.merge();
  await world.rest();
  assert.deepEqual([log.entries.length, log.waiting.length, log.entries[0]?.cursor], [103, 0, "c103"]);
  await world.pass(1000);
  for (let n = 103; n < 103 + waitingMost; n += 200) {
    await reply(`on c${n}`, answer(rows(n + 1, n + 200), true));
    await world.pass(0);
  }
  await world.pass(5000);
  assert.equal(world.questions.length, 0, "it is not read on");
  log.merge();
  await world.rest();
  await reply("back ", answer(rows(9000, 8901), true));
  assert.deepEqual([log.entries.length, log.waiting.length, log.entries[0]?.cursor], [100, 0, "c9000"]);
  await world.pass(1000);
  await reply("on c9000", answer([], false));
});

test("an older page and another filter at once are a new question", async () => {
  await reply("back ", answer(rows(200, 101), true));
  log.older();
  filter = { ...filter, search: "other" };
  await draw();
  const question = asked();
  assert.deepEqual([question.way, question.search], ["back ", "other"]);
});

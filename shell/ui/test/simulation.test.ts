// SPDX-License-Identifier: GPL-3.0-or-later
// What Node Manager keeps of a simulation, and what it makes of what is typed in.
import assert from "node:assert/strict";
import { test } from "node:test";
import { commandOf, plain, scenariosOf, scenarioText, seedOf, wholeOf } from "../src/apps/node-manager/simulator_text";
import { follow, nodesMost, secondsMost, take, type Simulation } from "../src/apps/node-manager/use_simulation";

const row = (second: number, up = 10) => [second, up, 1, 2.5, 4, 100, 50, 900, 1, 0];
const end = { ok: true, digest: "ab", seed: "7", nodes: 10, seconds: 2, events: 5, processor: 1, slowest: 0, lost: 0, dead: 0, cleared: 0, falsely: 0, suspected: 0, failed: 0, failures: [] };

test("a run grows piece by piece, and ends", () => {
  let now: Simulation | null = null;
  now = take(now, { run: 1, state: "running", rows: [row(1)] });
  now = take(now, { run: 1, state: "running", rows: [row(2, 0)] });
  assert.deepEqual(now?.series.seconds, [1, 2]);
  assert.deepEqual(now?.series.datagrams, [10, 100], "of one node");
  const before = now?.series.up;
  now = take(now, { run: 1, state: "ended", rows: [], end });
  assert.notEqual(now?.series.up, before);
  assert.deepEqual(now?.series.up, before);
  assert.deepEqual([now?.state, now?.end?.digest], ["ended", "ab"]);
  now = take(now, { run: 2, state: "running", rows: [row(1)] });
  assert.deepEqual([now?.series.seconds, now?.end], [[1], null]);
  assert.equal(take(now, { run: 1, state: "running", rows: [row(9)] }), now, "of a run before");
});

test("what a host would never say changes nothing, and grows nothing", () => {
  const odd = [7, null, [], row(1).slice(1), [..."0123456789"], row(NaN), row(-1), row(0)];
  assert.deepEqual(take(null, { run: 1, state: "running", rows: odd })?.series.seconds, []);
  assert.equal(take(null, { run: 1, state: "nonsense", rows: [row(1)] }), null);
  const many = Array.from({ length: 9000 }, (_, i) => row(i + 1));
  assert.equal(take(null, { run: 1, state: "running", rows: many })?.series.seconds.length, secondsMost);
  assert.deepEqual(take(null, { run: 1, state: "running", rows: [row(2), row(1), row(2), row(3)] })?.series.seconds, [2, 3]);
  const odder = take(null, { run: 1, state: "ended", rows: "x", words: 7, end: { ok: "yes", digest: 7, failures: [1, ...Array.from({ length: 99 }, () => "f")] } });
  assert.deepEqual([odder?.words, odder?.end?.ok, odder?.end?.digest, odder?.end?.failures.length], ["", false, "", 20]);
});

test("all rows come, though only the newest news do", async () => {
  const told: number[] = [];
  const asked: string[] = [];
  let there = { run: 1, count: 5 };
  let failures = 0;
  const done = () => new Promise((resolve) => setTimeout(resolve, 20));
  const news = follow(
    async (run, after) => {
      await Promise.resolve();
      if (failures-- > 0) throw new Error("away");
      asked.push(`${run}+${after}`);
      const from = run === there.run ? after : 0;
      return { ...there, rows: Array.from({ length: Math.max(0, Math.min(2, there.count - from)) }, (_, i) => from + i + 1) };
    },
    ({ rows }) => told.push(...(rows as number[])),
    1,
  );
  news({ count: 3 });
  news({ count: 5 });
  await done();
  assert.deepEqual(told, [1, 2, 3, 4, 5]);
  there = { run: 1, count: 6 };
  failures = 2;
  news({ count: 6 });
  await done();
  assert.deepEqual(told, [1, 2, 3, 4, 5, 6], "after failures too");
  there = { run: 2, count: 3 };
  news({ count: 3 });
  await done();
  assert.deepEqual(told.slice(6), [1, 2, 3], "of the next run from its first");
  const before = asked.length;
  await done();
  assert.equal(asked.length, before, "nothing is asked without news");
});

test("what is typed is a number within bounds, or refused", () => {
  assert.deepEqual(["1", " 50 ", "10000"].map((text) => wholeOf(text, nodesMost)), [1, 50, 10000]);
  for (const text of ["", "0", "-1", "1.5", "1e3", "10001", "0x10", "９"]) assert.equal(wholeOf(text, nodesMost), null, text);
  assert.deepEqual(["0", "007", "18446744073709551614"].map(seedOf), ["0", "7", "18446744073709551614"]);
  for (const text of ["", "-1", "18446744073709551615", "1 2", "a"]) assert.equal(seedOf(text), null, text);
});

test("a scenario has a name, words and the command that shows it again", () => {
  const [first, crash, own] = scenariosOf([["crash", 1000, 90, "One in a hundred", "'/usr/share/inos/sim/crash.ini'"], ["mine", 5, 6, "<b>\u202ex", "'/home/a b/mine.ini'"]]);
  assert.equal(first, plain);
  assert.ok(crash && own);
  assert.equal(scenarioText(crash)[0], "One in a hundred crashes");
  assert.deepEqual(scenarioText(own), ["mine", "<b>x"]);
  assert.equal(commandOf({ scenario: own, nodes: 5, seconds: 6, seed: "7" }), "inos-sim --nodes 5 --seconds 6 --seed 7 --scenario '/home/a b/mine.ini'");
  assert.equal(commandOf({ scenario: plain, nodes: 5, seconds: 6, seed: "7" }), "inos-sim --nodes 5 --seconds 6 --seed 7");
});

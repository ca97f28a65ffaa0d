// SPDX-License-Identifier: GPL-3.0-or-later
import assert from "node:assert/strict";
import { test } from "node:test";
import { formatBytes, formatClock, formatPercent, setLocale, untilNextMinute } from "../src/lib/format";
import { area, sparkline } from "../src/lib/history";
import { field, fraction } from "../src/wallpaper/field";

test("percent and bytes follow the locale", () => {
  setLocale("en");
  assert.equal(formatPercent(41.6), "42%");
  assert.equal(formatBytes(24 * 2 ** 30), "24 GiB");
  assert.equal(formatBytes(1536), "1.5 KiB");
  assert.equal(formatBytes(12), "12 B");
  setLocale("de-DE");
  assert.equal(formatPercent(42), "42\u00a0%");
  assert.equal(formatBytes(1536), "1,5 KiB");
});

test("a broken locale is English", () => {
  setLocale("not a locale");
  assert.equal(formatPercent(7), "7%");
});

test("the clock has two digits where there are 24 hours", () => {
  const date = new Date(2026, 10, 21, 5, 3);
  setLocale("de-DE");
  assert.match(formatClock(date), /05:03/);
  setLocale("en-US");
  assert.match(formatClock(date), /\b5:03/);
});

test("the next minute is never now", () => {
  assert.equal(untilNextMinute(60_000), 60_000);
  assert.equal(untilNextMinute(119_999), 1);
});

test("a sparkline ends at the right edge and stays inside", () => {
  assert.equal(sparkline([0, 100], 59, 10), "M58.0 10.0L59.0 0.0");
  assert.equal(sparkline([200], 59, 10), "M59.0 0.0");
  assert.equal(area([1], 59, 10), "");
  assert.match(area([0, 50], 59, 10), /L59 10L58\.0 10Z$/);
});

test("the field is the same for the same node and differs for another", () => {
  assert.deepEqual(field("a", 1280, 800), field("a", 1280, 800));
  assert.notDeepEqual(field("a", 1280, 800)[0], field("b", 1280, 800)[0]);
  assert.ok(field("a", 3840, 2160).length < 4000);
  // While no monitor is there a page may be told so; once it filled the memory with dots at one place.
  for (const [width, height] of [[0, 0], [0, 800], [1280, 0], [-1, 5], [NaN, 800]] as const)
    assert.deepEqual(field("a", width, height), []);
  assert.ok(field("a", 1, 100000).length < 20000);
  assert.ok(fraction("x") >= 0 && fraction("x") < 1);
});

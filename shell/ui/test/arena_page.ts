// SPDX-License-Identifier: GPL-3.0-or-later
// The page of tests/shell/arena/page.c: reads an arena in a real web process, and does to it what a
// hostile page would.
import { source } from "../src/lib/arena";
import type { ActorsRows } from "../src/lib/arena_layout";

declare global {
  interface Window {
    /** ns of the system's monotonic clock; only in ./dev bench shell. */
    inosClock?: () => number;
    inosTest: object;
  }
}

let given: { buffer: ArrayBuffer; offset: number } | undefined;
let opened = 0;
let updates = 0;
let sum = 0;
const latencies: number[] = [];

source.open({ tables: ["cores", "actors"], interval: 100 }, () => Promise.resolve(null));
const listener = window.inosArena;
if (listener) {
  const take = listener.opened.bind(listener);
  listener.opened = (buffer, offset, want, count) => {
    given = { buffer, offset };
    opened++;
    take(buffer, offset, want, count);
  };
}

/** Every epoch of the writer's has its count of rows in each of them. */
function torn(ms: number) {
  const seen = { whole: 0, torn: 0, busy: 0 };
  const end = Date.now() + ms;
  while (Date.now() < end) {
    const good = source.arena?.read("cores", (rows, { count }) => {
      for (let i = 0; i < count; i++) if (rows.usage(i) !== count) return false;
      return true;
    });
    if (good === undefined) seen.busy++;
    else if (good) seen.whole++;
    else seen.torn++;
  }
  return seen;
}

/** Writes over all that it was given. */
function scribble() {
  if (!given) return false;
  const bytes = new Uint8Array(given.buffer, given.offset);
  bytes.fill(0xee);
  return bytes.every((byte) => byte === 0xee);
}

/** Gives the memory away, so that nobody but the collector has it. */
function giveAway() {
  if (!given) return false;
  const { buffer } = given;
  structuredClone(buffer, { transfer: [buffer] });
  const litter: ArrayBuffer[] = [];
  for (let i = 0; i < 64; i++) litter.push(new ArrayBuffer(2 ** 20));
  return buffer.byteLength === 0 && litter.every((each) => new Uint8Array(each).every((byte) => byte === 0));
}

function add(rows: ActorsRows, count: number): number {
  let all = 0;
  for (let i = 0; i < count; i++) all += rows.processed(i) + rows.depth(i) + rows.rate(i) + rows.state(i);
  return all;
}

/** What came as JSON, in place of the arena's rows. */
function takeRows(rows: { processed: number; depth: number; rate: number; state: number }[]) {
  sum = 0;
  for (const row of rows) sum += row.processed + row.depth + row.rate + row.state;
  updates++;
}

function readRows() {
  const read = source.arena?.read("actors", (rows, { count }) => add(rows, count));
  if (read === undefined) return;
  sum = read;
  updates++;
}

function readClock() {
  const written = source.arena?.read("cores", (_, { clock }) => clock);
  if (written && window.inosClock) latencies.push((window.inosClock() - written) / 1000);
}

const runs: Record<string, () => void> = { latency: readClock, rows: readRows };

window.inosTest = {
  torn,
  scribble,
  giveAway,
  begin: (run: string) => runs[run] && source.onEpoch(runs[run]),
  takeRows,
  state: () => ({ opened, updates, sum, readable: source.arena !== undefined, latencies }),
};

// SPDX-License-Identifier: GPL-3.0-or-later
// A run of the simulator as it goes on: what the host tells of it, piece by piece, is kept here.
import { useSyncExternalStore } from "react";
import { store } from "../../lib/store";

/** Virtual seconds that are kept. */
export const secondsMost = 3600;
export const nodesMost = 10_000;
const failuresMost = 20;

export type State = "running" | "ended" | "cancelled" | "failed";

/** One a virtual second. */
export interface Series {
  seconds: number[];
  up: number[];
  least: number[];
  mean: number[];
  most: number[];
  /** A node in a second. */
  datagrams: number[];
  messages: number[];
  bytes: number[];
  /** Of all nodes. */
  suspected: number[];
  dead: number[];
}

export interface End {
  ok: boolean;
  digest: string;
  seed: string;
  nodes: number;
  seconds: number;
  events: number;
  processor: number;
  /** s from a crash to the last verdict. */
  slowest: number;
  lost: number;
  dead: number;
  cleared: number;
  falsely: number;
  suspected: number;
  failed: number;
  failures: string[];
}

export interface Simulation {
  run: number;
  state: State;
  series: Series;
  end: End | null;
  /** What the program said besides. */
  words: string;
}

const states: readonly State[] = ["running", "ended", "cancelled", "failed"];
const sums = ["nodes", "seconds", "events", "processor", "slowest", "lost", "dead", "cleared", "falsely", "suspected", "failed"] as const;

function emptySeries(): Series {
  return { seconds: [], up: [], least: [], mean: [], most: [], datagrams: [], messages: [], bytes: [], suspected: [], dead: [] };
}

function endOf(value: unknown): End | null {
  if (typeof value !== "object" || value === null) return null;
  const given = value as Record<string, unknown>;
  const figures = Object.fromEntries(sums.map((name) => [name, Number(given[name]) || 0])) as Record<(typeof sums)[number], number>;
  const failures = Array.isArray(given["failures"]) ? (given["failures"] as unknown[]) : [];
  return {
    ...figures,
    ok: given["ok"] === true,
    digest: typeof given["digest"] === "string" ? given["digest"] : "",
    seed: typeof given["seed"] === "string" ? given["seed"] : "",
    failures: failures.filter((each): each is string => typeof each === "string").slice(0, failuresMost),
  };
}

function add(series: Series, row: unknown): void {
  if (!Array.isArray(row) || row.length < 10 || !row.every((figure) => typeof figure === "number" && Number.isFinite(figure))) return;
  const [second = 0, up = 0, least = 0, mean = 0, most = 0, datagrams = 0, messages = 0, bytes = 0, suspected = 0, dead = 0] = row as number[];
  // Seconds go one way.
  if (series.seconds.length >= secondsMost || second <= (series.seconds.at(-1) ?? 0)) return;
  const each = Math.max(1, up);
  series.seconds.push(second);
  series.up.push(up);
  series.least.push(least);
  series.mean.push(mean);
  series.most.push(most);
  series.datagrams.push(datagrams / each);
  series.messages.push(messages / each);
  series.bytes.push(bytes / each);
  series.suspected.push(suspected);
  series.dead.push(dead);
}

/** What is known after more news; the same where they are of a run that was there before. */
export function take(now: Simulation | null, news: Record<string, unknown>): Simulation | null {
  const run = typeof news["run"] === "number" ? news["run"] : 0;
  const state = states.find((each) => each === news["state"]);
  if (!state || run < (now?.run ?? 0)) return now;
  const same = now?.run === run ? now : null;
  const series = same ? { ...same.series } : emptySeries();
  // New arrays: charts see by them that there is something new.
  for (const name of Object.keys(series) as (keyof Series)[]) series[name] = [...series[name]];
  for (const row of Array.isArray(news["rows"]) ? (news["rows"] as unknown[]) : []) add(series, row);
  return { run, state, series, end: endOf(news["end"]), words: typeof news["words"] === "string" ? news["words"] : "" };
}

let known: Simulation | null = null;
let seen: unknown;
const listeners = new Set<() => void>();

store.subscribe(() => {
  const { simulation } = store.get();
  if (!simulation || simulation === seen) return;
  seen = simulation;
  known = take(known, simulation);
  for (const listener of listeners) listener();
});

/** null before there was one. */
export function useSimulation(): Simulation | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => known,
  );
}

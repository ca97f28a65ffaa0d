// SPDX-License-Identifier: GPL-3.0-or-later
// A run of the simulator as it goes on: what the host tells of it, piece by piece, is kept here.
import { useSyncExternalStore } from "react";
import { ask } from "../../lib/host";
import { store } from "../../lib/store";
import type { Choice } from "./simulator_text";

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

/** What is known after an answer; the same where that is of a run that was there before. */
export function take(now: Simulation | null, answer: Record<string, unknown>): Simulation | null {
  const run = typeof answer["run"] === "number" ? answer["run"] : 0;
  const state = states.find((each) => each === answer["state"]);
  if (!state || run < (now?.run ?? 0)) return now;
  const same = now?.run === run ? now : null;
  const series = same ? { ...same.series } : emptySeries();
  // New arrays: charts see by them that there is something new.
  for (const name of Object.keys(series) as (keyof Series)[]) series[name] = [...series[name]];
  for (const row of Array.isArray(answer["rows"]) ? (answer["rows"] as unknown[]) : []) add(series, row);
  return { run, state, series, end: endOf(answer["end"]), words: typeof answer["words"] === "string" ? answer["words"] : "" };
}

/** Asks what there is of a run after so many rows; the host answers no more than some at a time. */
export type Question = (run: number, after: number) => Promise<Record<string, unknown>>;

/**
 * What a run has become, asked for after each news of it, of which only the newest need come. One question is under way at a time, and
 * all rows are there in the end.
 */
export function follow(question: Question, tell: (answer: Record<string, unknown>) => void, later = 1000): (news: unknown) => void {
  let newest: unknown = null;
  let answered: unknown = null;
  let asks = false;
  let run = 0;
  let count = 0;
  /** Returns: whether there is more. */
  const step = async (): Promise<boolean> => {
    const answer = await question(run, count);
    const rows = Array.isArray(answer["rows"]) ? answer["rows"].length : 0;
    count = answer["run"] === run ? count + rows : rows;
    run = typeof answer["run"] === "number" ? answer["run"] : run;
    tell(answer);
    return rows > 0 && typeof answer["count"] === "number" && answer["count"] > count;
  };
  const go = async (): Promise<void> => {
    if (asks) return;
    asks = true;
    try {
      while (answered !== newest) {
        const about = newest;
        while (await step());
        answered = about;
      }
    } catch {
      setTimeout(() => void go(), later);
    } finally {
      asks = false;
    }
  };
  return (news) => {
    newest = news;
    void go();
  };
}

/** What was asked for, and as which run. */
export interface Begun {
  run: number;
  choice: Choice;
}

interface Kept {
  simulation: Simulation | null;
  begun: Begun | null;
}

// Of the window, not of its page: a run goes on while another page is looked at.
let kept: Kept = { simulation: null, begun: null };
const listeners = new Set<() => void>();

function keep(change: Partial<Kept>): void {
  kept = { ...kept, ...change };
  for (const listener of listeners) listener();
}

export const keepBegun = (begun: Begun) => keep({ begun });

const onNews = follow(
  (run, after) => ask<Record<string, unknown>>("simulator.rows", { run, after }),
  (answer) => keep({ simulation: take(kept.simulation, answer) }),
);
let seen: unknown;

store.subscribe(() => {
  const { simulation } = store.get();
  if (!simulation || simulation === seen) return;
  seen = simulation;
  onNews(simulation);
});

/** Nulls before there was one. */
export function useSimulation(): Kept {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => kept,
  );
}

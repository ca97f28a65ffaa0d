// SPDX-License-Identifier: GPL-3.0-or-later
// Entries of logs as the node tells of them, what is looked for in them, and the order in which they are kept.
import { t } from "../../lib/i18n";
import { cleanLine } from "../../lib/strange";

/** Cursor, time (µs), priority, unit, program, process, message, whether that was cut. */
export type LogRow = [string, string, number, string, string, number, string, boolean];
/** The log, cursors of the first and the last that was looked at, whether there may be more, entries in the order of reading. */
export type LogAnswer = [string, string, string, boolean, LogRow[]];
/** Logs and how far they may be read; boots, and when they began (µs). */
export type LogSources = [[string, string][], [string, string][]];

export interface LogEntry {
  cursor: string;
  /** ms */
  time: number;
  priority: number;
  /** The program, or where that is not known the unit. */
  who: string;
  unit: string;
  program: string;
  pid: number;
  message: string;
  cut: boolean;
}

export const sourceNames = ["journal", "inos"] as const;
export type SourceName = (typeof sourceNames)[number];
export const spans = ["all", "hour", "day", "week"] as const;
export type Span = (typeof spans)[number];

export interface LogFilter {
  source: SourceName;
  /** The least bad that is shown. */
  priority: number;
  unit: string;
  span: Span;
  /** "", "this" or an id. */
  boot: string;
  search: string;
}

/** The question, but for where it begins. */
export interface LogQuestion {
  source: SourceName;
  priority: number;
  since: string;
  unit?: string;
  boot?: string;
  search?: string;
}

/** Entries that the page keeps. */
export const keptMost = 5000;
/** Entries that wait to be shown; where there are as many no more are read. */
export const waitingMost = 1000;
const hours: Record<Span, number> = { all: 0, hour: 1, day: 24, week: 168 };

export function questionOf(filter: LogFilter, now: number): LogQuestion {
  const { source, priority, unit, span, boot, search } = filter;
  const since = span === "all" ? 0 : Math.max(0, now - hours[span] * 3_600_000);
  return {
    source,
    priority,
    since: String(Math.floor(since) * 1000),
    ...(unit.trim() ? { unit: unit.trim() } : {}),
    ...(boot ? { boot } : {}),
    ...(search.trim() ? { search: search.trim() } : {}),
  };
}

export function entryOf([cursor, time, priority, unit, program, pid, message, cut]: LogRow): LogEntry {
  return { cursor, time: Number(time) / 1000, priority, who: program || unit, unit, program, pid, message, cut };
}

/** In one line, as a list shows it. */
export function lineOf(message: string, most = 512): string {
  return cleanLine(message.slice(0, 4 * most).replace(/\s*[\n\t]\s*/g, " "), most);
}

/** Its lines, each as it may be shown. */
export function linesOfMessage(message: string): string[] {
  return message.split("\n", 1000).map((line) => cleanLine(line.replaceAll("\t", "    "), 4096));
}

/** The newest first. What comes is in that order too, and is not there yet, or it is not taken twice. */
export function withNewer(entries: readonly LogEntry[], newer: readonly LogEntry[]): LogEntry[] {
  const known = new Set(entries.slice(0, 2 * newer.length + 16).map(({ cursor }) => cursor));
  return [...newer.filter(({ cursor }) => !known.has(cursor)), ...entries].slice(0, keptMost);
}

export function priorityText(priority: number): string {
  return [t("Emergency"), t("Alert"), t("Critical"), t("Error"), t("Warning"), t("Notice"), t("Information"), t("Debugging")][priority] ?? "";
}

/** What the person is told of a log that cannot be read whole. */
export function reachText(source: SourceName, reach: string): string {
  if (reach === "all") return "";
  if (source === "inos") return t("There are no files of Inos’ own: systemd started its parts, and they write to the journal.");
  if (reach === "none") return t("This computer keeps no journal. What the parts of Inos wrote is under “Inos”.");
  return reach === "own"
    ? t("You see your own entries only. The whole journal is for members of the group systemd-journal.")
    : t("You may not read the journal. That is for members of the group systemd-journal.");
}

/** How an administrator changes that; text for a terminal. */
export const joinCommand = 'sudo usermod --append --groups systemd-journal "$USER"';

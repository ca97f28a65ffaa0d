// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers, sizes and times as the person's locale writes them.

let locale = "en";
let percentFormat = new Intl.NumberFormat(locale, { style: "percent" });
let sizeFormat = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
let shareFormat = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
let clockFormat = new Intl.DateTimeFormat(locale);
let longFormat = new Intl.DateTimeFormat(locale);
let timeFormat = new Intl.DateTimeFormat(locale);
let momentFormat = new Intl.DateTimeFormat(locale);
let dayFormat = new Intl.DateTimeFormat(locale);
let placeFormat = new Intl.NumberFormat(locale);
let agoFormat = new Intl.RelativeTimeFormat(locale);

export function setLocale(tag: string): void {
  try {
    locale = Intl.getCanonicalLocales(tag)[0] ?? "en";
  } catch {
    locale = "en";
  }
  percentFormat = new Intl.NumberFormat(locale, { style: "percent" });
  sizeFormat = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  shareFormat = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
  const twelve = new Intl.DateTimeFormat(locale, { hour: "numeric" }).resolvedOptions().hour12;
  clockFormat = new Intl.DateTimeFormat(locale, {
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: twelve ? "numeric" : "2-digit",
    minute: "2-digit",
  });
  agoFormat = new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "short" });
  placeFormat = new Intl.NumberFormat(locale, { minimumIntegerDigits: 2, useGrouping: false });
  longFormat = new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "short" });
  timeFormat = new Intl.DateTimeFormat(locale, { timeStyle: "medium" });
  dayFormat = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
  momentFormat = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "medium" });
}
setLocale("en");

/** 0 to 100 in, "42 %" out. */
export function formatPercent(percent: number): string {
  return percentFormat.format(Math.round(percent) / 100);
}

/** A part of one in, "4.2%" out; what is below 0 is not known. */
export function formatShare(share: number): string {
  return share < 0 ? "–" : shareFormat.format(share);
}

const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${sizeFormat.format(value)} ${units[unit] ?? ""}`;
}

export function formatRate(bytes: number): string {
  return `${formatBytes(bytes)}/s`;
}

/** With one digit behind the point at most. */
export function formatNumber(value: number): string {
  return sizeFormat.format(value);
}

const times: [number, string][] = [[1e9, "s"], [1e6, "ms"], [1e3, "µs"], [1, "ns"]];

/** Nanoseconds in, "3.2 ms" out. */
export function formatSpan(ns: number): string {
  const [unit, name] = times.find(([each]) => ns >= each) ?? [1, "ns"];
  const value = ns / unit;
  return `${sizeFormat.format(value < 10 ? value : Math.round(value))} ${name}`;
}

const long: [number, "day" | "hour" | "minute" | "second"][] = [[86400, "day"], [3600, "hour"], [60, "minute"], [1, "second"]];

/** Seconds in, "2 days 3 hours" out: the largest unit, and the next where it is not nothing. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const at = Math.min(long.findIndex(([unit]) => whole >= unit) >>> 0, long.length - 1);
  let rest = whole;
  const parts: string[] = [];
  for (const [unit, name] of long.slice(at, at + 2)) {
    const count = Math.floor(rest / unit);
    rest %= unit;
    if (count > 0 || parts.length === 0)
      parts.push(new Intl.NumberFormat(locale, { style: "unit", unit: name, unitDisplay: "long" }).format(count));
  }
  return parts.join(" ");
}

/** Seconds in, "3:07" or "1:02:03" out: a place in what plays. */
export function formatPlace(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  const first = hours > 0 ? `${sizeFormat.format(hours)}:${placeFormat.format(minutes)}` : sizeFormat.format(minutes);
  return `${first}:${placeFormat.format(whole % 60)}`;
}

/** To the second, of today. What is no time, as a stranger may say it, is a dash; so it is below. */
export function formatTime(date: Date): string {
  return Number.isNaN(date.getTime()) ? "–" : timeFormat.format(date);
}

/** With its day, to the second. */
export function formatExactly(date: Date): string {
  return Number.isNaN(date.getTime()) ? "–" : momentFormat.format(date);
}

/** With its day, to the minute. */
export function formatDay(date: Date): string {
  return Number.isNaN(date.getTime()) ? "–" : dayFormat.format(date);
}

export function formatClock(date: Date): string {
  return clockFormat.format(date);
}

export function formatMoment(date: Date): string {
  return longFormat.format(date);
}

const spans: [unit: Intl.RelativeTimeFormatUnit, ms: number][] = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
];

/** "5 min. ago", "yesterday". */
export function formatAgo(time: number, now: number): string {
  const ago = Math.max(now - time, 0);
  const [unit, ms] = spans.find(([, each]) => ago >= each) ?? (["minute", 60_000] as const);
  return agoFormat.format(-Math.floor(ago / ms), unit);
}

/** Milliseconds until the clock shows another minute. */
export function untilNextMinute(now: number): number {
  return 60_000 - (now % 60_000);
}

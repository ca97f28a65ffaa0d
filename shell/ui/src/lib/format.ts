// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers, sizes and times as the person's locale writes them.

let locale = "en";
let percentFormat = new Intl.NumberFormat(locale, { style: "percent" });
let sizeFormat = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
let clockFormat = new Intl.DateTimeFormat(locale);
let longFormat = new Intl.DateTimeFormat(locale);
let agoFormat = new Intl.RelativeTimeFormat(locale);

export function setLocale(tag: string): void {
  try {
    locale = Intl.getCanonicalLocales(tag)[0] ?? "en";
  } catch {
    locale = "en";
  }
  percentFormat = new Intl.NumberFormat(locale, { style: "percent" });
  sizeFormat = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const twelve = new Intl.DateTimeFormat(locale, { hour: "numeric" }).resolvedOptions().hour12;
  clockFormat = new Intl.DateTimeFormat(locale, {
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: twelve ? "numeric" : "2-digit",
    minute: "2-digit",
  });
  agoFormat = new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "short" });
  longFormat = new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "short" });
}
setLocale("en");

/** 0 to 100 in, "42 %" out. */
export function formatPercent(percent: number): string {
  return percentFormat.format(Math.round(percent) / 100);
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

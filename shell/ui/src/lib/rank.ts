// SPDX-License-Identifier: GPL-3.0-or-later
// Which applications match what was typed, best first.
import type { App } from "./host";

/** Lower case without accents. */
export function fold(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();
}

function startsWord(text: string, query: string): boolean {
  let at = text.indexOf(query);
  while (at > 0) {
    if (!/[\p{L}\p{N}]/u.test(text.charAt(at - 1))) return true;
    at = text.indexOf(query, at + 1);
  }
  return at === 0;
}

function isSubsequence(text: string, query: string): boolean {
  let at = 0;
  for (const c of query) {
    at = text.indexOf(c, at);
    if (at < 0) return false;
    at += c.length;
  }
  return true;
}

/** How well one word matches an application; 0 is not at all. */
function scoreWord(app: App, query: string): number {
  const name = fold(app.name);
  const others = [app.generic, app.program, ...app.keywords].map(fold);
  if (name === query) return 100;
  if (name.startsWith(query)) return 90;
  if (startsWord(name, query)) return 80;
  if (others.some((text) => text === query || text.startsWith(query))) return 60;
  if (others.some((text) => startsWord(text, query))) return 50;
  if (startsWord(fold(app.description), query)) return 45;
  if (query.length > 1 && name.includes(query)) return 40;
  if (query.length > 1 && isSubsequence(name, query)) return 20;
  return 0;
}

/** Every word typed must match; the weakest decides, and the whole text counts first. */
export function score(app: App, query: string): number {
  const whole = fold(query).trim();
  const direct = scoreWord(app, whole);
  const words = whole.split(/\s+/);
  if (direct > 0 || words.length === 1) return direct;
  return Math.min(...words.map((word) => scoreWord(app, word)));
}

/** -1 sorts after every rank. */
function recency(app: App): number {
  return app.recent < 0 ? Number.MAX_SAFE_INTEGER : app.recent;
}

function compareRest(a: App, b: App): number {
  return recency(a) - recency(b) || a.name.localeCompare(b.name) || a.id.localeCompare(b.id);
}

export function search(apps: readonly App[], query: string): App[] {
  if (query.trim() === "") return [...apps].sort(compareRest);
  return apps
    .map((app) => ({ app, points: score(app, query) }))
    .filter(({ points }) => points > 0)
    .sort((a, b) => b.points - a.points || compareRest(a.app, b.app))
    .map(({ app }) => app);
}

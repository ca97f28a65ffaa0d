// SPDX-License-Identifier: GPL-3.0-or-later
// What counts from the next log-in, and the names of languages.
import { useCallback, useEffect, useState } from "react";
import { ask } from "../../lib/host";

export interface SessionSettings {
  /** When windows are opened again; missing where no session answers, as the two below. */
  when?: string;
  /** Locales; "": as the machine is set. */
  messages?: string;
  formats?: string;
  now: { messages: string; formats: string };
  locales: string[];
}

/** Read anew whenever `done` is another list. */
export function useSession(done: unknown): { session: SessionSettings | null; look: () => void } {
  const [session, setSession] = useState<SessionSettings | null>(null);
  const look = useCallback(() => {
    ask<SessionSettings>("session.read").then(setSession, (error: unknown) => console.warn(error));
  }, []);
  useEffect(look, [look, done]);
  return { session, look };
}

/** “de_AT.UTF-8@euro” → “de-AT”; C is English. */
export function tagOf(locale: string): string {
  const tag = locale.replace(/[.@].*$/, "").replaceAll("_", "-");
  return tag === "" || tag === "C" || tag === "POSIX" ? "en" : tag;
}

/** As its own speakers call it. */
export function nameOfLocale(locale: string): string {
  const tag = tagOf(locale);
  const modifier = /@(\w+)/.exec(locale)?.[1];
  try {
    const name = new Intl.DisplayNames([tag], { type: "language" }).of(tag) ?? locale;
    const first = [...name][0] ?? "";
    return first.toLocaleUpperCase(tag) + name.slice(first.length) + (modifier ? ` (${modifier})` : "");
  } catch {
    return locale; // no tag of a language, such as “a_b”
  }
}

/** Whether the two are of the same language, though written otherwise: “de_DE.utf8”, “de_DE.UTF-8”. */
export function isSameLocale(a: string, b: string): boolean {
  const plain = (locale: string) => locale.toLowerCase().replace(/[^a-z@]/g, "");
  return plain(a) === plain(b) || (tagOf(a) === "en" && tagOf(b) === "en");
}

export function sortedLocales(locales: readonly string[]): { value: string; label: string }[] {
  return locales.map((value) => ({ value, label: nameOfLocale(value) })).sort((a, b) => a.label.localeCompare(b.label));
}

/** A date, a number and money as a locale writes them. */
export function exampleOf(locale: string): string {
  const tag = tagOf(locale);
  try {
    const date = new Intl.DateTimeFormat(tag, { dateStyle: "long", timeStyle: "short" }).format(new Date());
    return `${date} · ${new Intl.NumberFormat(tag, { minimumFractionDigits: 2 }).format(1234567.89)}`;
  } catch {
    return "";
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
// What scenarios are called, and what is in them.
import { t } from "../../lib/i18n";
import { clean } from "./text";

export interface Scenario {
  /** "": nothing goes wrong in it. */
  name: string;
  nodes: number;
  seconds: number;
  /** What its file says. */
  comment: string;
  /** As a shell takes it. */
  path: string;
}

export const plain: Scenario = { name: "", nodes: 50, seconds: 60, comment: "", path: "" };

/** Of those that come with Inos; of another one its file's name, and what is written in it. */
export function scenarioText({ name, comment }: Scenario): [title: string, text: string] {
  const texts: Record<string, [string, string]> = {
    "": [t("Nothing goes wrong"), t("Nodes start one after the other, and find each other.")],
    churn: [t("Coming and going"), t("Nodes crash and come back all the time, some with a disk that has forgotten, some say goodbye.")],
    crash: [t("One in a hundred crashes"), t("They go without a word: all others know it within 30 seconds.")],
    decimated: [t("Three of four crash"), t("Those that are left find each other again, and forget those that have gone.")],
    faults: [t("Everything goes wrong"), t("Crashes, liars, wrong clocks, slow nodes, a bad network: after five minutes all is well again.")],
    loss: [t("A bad network"), t("A message in twenty is lost: nobody who is there is called dead.")],
    overlay: [t("Many nodes, small views"), t("Each knows only some of the others: neighbours reach everybody while some go.")],
    partition: [t("A mesh in two parts"), t("A third is cut off until each side calls the other dead; then they are one mesh again.")],
    primaries: [t("Elections"), t("Groups of five elect primaries while some are cut off, crash and stall: no group ever has two.")],
    slow: [t("Slow nodes"), t("A twentieth stalls again and again: they are slow, and not dead.")],
    state: [t("A shared document"), t("Nodes write in a document while messages get lost and some crash: in the end all have the same.")],
  };
  return texts[name] ?? [clean(name), clean(comment)];
}

type Row = [name: string, nodes: number, seconds: number, comment: string, path: string];

export function scenariosOf(rows: readonly Row[]): Scenario[] {
  return [plain, ...rows.map(([name, nodes, seconds, comment, path]) => ({ name, nodes, seconds, comment, path }))];
}

export interface Choice {
  scenario: Scenario;
  nodes: number;
  seconds: number;
  seed: string;
}

/** What is typed into a terminal to see the same again. */
export function commandOf({ scenario, nodes, seconds, seed }: Choice): string {
  return `inos-sim --nodes ${nodes} --seconds ${seconds} --seed ${seed}${scenario.path ? ` --scenario ${scenario.path}` : ""}`;
}

/** A whole number of so many at most, or nothing. */
export function wholeOf(text: string, most: number): number | null {
  const value = /^[0-9]{1,9}$/.test(text.trim()) ? Number(text) : 0;
  return value >= 1 && value <= most ? value : null;
}

/** 0 to 2^64 - 2, in digits. */
export function seedOf(text: string): string | null {
  const digits = text.trim();
  return /^[0-9]{1,20}$/.test(digits) && BigInt(digits) < 2n ** 64n - 1n ? String(BigInt(digits)) : null;
}

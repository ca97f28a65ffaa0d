// SPDX-License-Identifier: GPL-3.0-or-later
// Translation. t("…") and tn("…", "…", n) are what xgettext looks for, with {name} as placeholders.
import { compilePlural } from "./plural";

export interface Catalogue {
  plural: string;
  messages: Record<string, string[]>;
}

export type Values = Record<string, string | number>;

let messages = new Map<string, string[]>();
let pluralIndex: (n: number) => number = (n) => (n === 1 ? 0 : 1);

export function setCatalogue(catalogue: Catalogue | null): void {
  messages = new Map(Object.entries(catalogue?.messages ?? {}));
  pluralIndex = compilePlural(catalogue?.plural ?? "n != 1");
}

function fill(text: string, values: Values): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

export function t(text: string, values: Values = {}): string {
  return fill(messages.get(text)?.[0] ?? text, values);
}

export function tn(one: string, many: string, n: number, values: Values = {}): string {
  const texts = messages.get(one);
  const text = texts ? (texts[pluralIndex(n)] ?? texts[0] ?? many) : n === 1 ? one : many;
  return fill(text, { n, ...values });
}

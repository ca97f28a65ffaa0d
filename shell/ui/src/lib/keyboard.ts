// SPDX-License-Identifier: GPL-3.0-or-later
// The on-screen keyboard, as the host describes it (shell/keyboard), and what its keys do.

export interface KeyboardSwitch {
  on: boolean;
  visible: boolean;
}

export interface Cap {
  /** The kernel's number. */
  code: number;
  /** What it types alone, with Shift, with AltGr, with both; empty for nothing. */
  symbols: string[];
  /** A bit for each of them that waits for the next key. */
  dead: number;
}

export type Purpose = "text" | "digits" | "number" | "phone" | "url" | "email" | "password" | "pin" | "terminal";

export interface KeysState {
  /** Counts how often the keyboard was raised. */
  serial: number;
  purpose: Purpose;
  /** There is a text field that takes what no key types. */
  writes: boolean;
  layout: number;
  layouts: { name: string; code: string }[];
  /** From the digits down. */
  rows: Cap[][];
}

export const modifiers = ["shift", "altGr", "control", "alt", "logo"] as const;
export type Modifier = (typeof modifiers)[number];
/** Pressed for one key, or until it is pressed again. */
export type Hold = "off" | "once" | "locked";
export type Holds = Record<Modifier, Hold>;

export const nothingHeld: Holds = { shift: "off", altGr: "off", control: "off", alt: "off", logo: "off" };

/** The next of what a key that holds goes through: the two that choose a letter can be locked. */
export function press(holds: Holds, modifier: Modifier): Holds {
  const locks = modifier === "shift" || modifier === "altGr";
  const next: Record<Hold, Hold> = { off: "once", once: locks ? "locked" : "off", locked: "off" };
  return { ...holds, [modifier]: next[holds[modifier]] };
}

/** After a key; those on which a finger is stay. */
export function afterKey(holds: Holds, touched: ReadonlySet<Modifier>): Holds {
  const left = modifiers.filter((each) => holds[each] === "once" && !touched.has(each));
  return left.length === 0 ? holds : { ...holds, ...Object.fromEntries(left.map((each) => [each, "off"])) };
}

/** As the host takes them. */
export function maskOf(holds: Holds): number {
  return modifiers.reduce((mask, each, i) => (holds[each] === "off" ? mask : mask | (1 << i)), 0);
}

export function levelOf(holds: Holds): number {
  return maskOf(holds) & 3;
}

/** What a key types now: where AltGr gives it nothing, it is what it is without. */
export function symbolOf(cap: Cap, level: number): { text: string; dead: boolean; faint: boolean } {
  const shown = cap.symbols[level] ? level : level & 1;
  return { text: cap.symbols[shown] || cap.symbols[0] || "", dead: (cap.dead & (1 << shown)) !== 0, faint: shown !== level };
}

/** What is written small above the letter: what Shift gives where that is not its capital, and what AltGr gives. */
export function cornersOf(cap: Cap, level: number): { shift: string; altGr: string } {
  const [plain = "", shifted = "", third = ""] = cap.symbols;
  const capital = shifted === plain.toLocaleUpperCase() || shifted.toLowerCase() === plain;
  return { shift: level === 0 && !capital ? shifted : "", altGr: level === 0 && third !== plain && third !== shifted ? third : "" };
}

/** The key that types a text, with what is to be held for it. */
export function find(rows: readonly Cap[][], text: string): { code: number; mask: number } | undefined {
  for (const mask of [0, 1, 2, 3]) {
    const cap = rows.flat().find(({ symbols, dead }) => symbols[mask] === text && (dead & (1 << mask)) === 0);
    if (cap) return { code: cap.code, mask };
  }
  return undefined;
}

const accents: Record<string, string> = {
  a: "àáâäãåāæ", c: "çćč", d: "ďđð", e: "èéêëēęě", g: "ğ", i: "ìíîïīı", l: "łľ", n: "ñńň", o: "òóôöõøōœ", r: "řŕ", s: "ßśšş", t: "ťþ", u: "ùúûüūů", y: "ýÿ", z: "žźż",
  "-": "–—", ".": "…", "'": "’‘“”„", "?": "¿", "!": "¡", $: "€£¥",
};

export interface Variant {
  text: string;
  /** To be held for the same key; a text that no key has is written instead. */
  mask?: number;
}

/** Most that are offered. */
const variantsMost = 10;

/** What a key offers while it is held: what AltGr gives, and, where something can be written, the letter with accents. */
export function variantsOf(cap: Cap, level: number, writes: boolean): Variant[] {
  const now = symbolOf(cap, level).text;
  const found: Variant[] = [];
  for (const mask of [2, 3]) {
    const text = cap.symbols[mask] ?? "";
    if (text && text !== now && (cap.dead & (1 << mask)) === 0 && !found.some((each) => each.text === text)) found.push({ text, mask });
  }
  const base = now.toLowerCase();
  const upper = base !== now;
  for (const letter of writes ? (accents[base] ?? "") : "") {
    const text = upper ? letter.toUpperCase() : letter;
    if (text !== now && text.length === letter.length && !found.some((each) => each.text === text)) found.push({ text });
  }
  return found.slice(0, variantsMost);
}

// SPDX-License-Identifier: GPL-3.0-or-later
// The keys that are the whole window's.

export type Action = { do: "undo" | "find" | "close" | "fullscreen" } | { do: "page"; at: number } | { do: "step"; by: -1 | 1 };

export interface Key {
  key: string;
  code: string;
  ctrlKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
  metaKey: boolean;
}

const letters: Record<string, Action> = { z: { do: "undo" }, f: { do: "find" }, w: { do: "close" } };

/** The letter as the layout has it; where that has none such, as Greek has, as a US keyboard has it. */
function letterOf(event: Key): string {
  if (/^[a-z]$/i.test(event.key)) return event.key.toLowerCase();
  return /^Key([A-Z])$/.exec(event.code)?.[1]?.toLowerCase() ?? "";
}

export function actionOf(event: Key): Action | null {
  if (event.metaKey || event.altKey) return null;
  if (event.key === "F11" && !event.ctrlKey) return { do: "fullscreen" };
  if (!event.ctrlKey || event.shiftKey) return null;
  if (event.key === "PageUp") return { do: "step", by: -1 };
  if (event.key === "PageDown") return { do: "step", by: 1 };
  const digit = /^(?:Digit|Numpad)([0-9])$/.exec(event.code)?.[1] ?? (/^[0-9]$/.test(event.key) ? event.key : "");
  if (digit) return { do: "page", at: (Number(digit) + 9) % 10 };
  return letters[letterOf(event)] ?? null;
}

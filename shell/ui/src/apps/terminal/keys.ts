// SPDX-License-Identifier: GPL-3.0-or-later
// The keys that are the window's and not the program's.
import type { Side } from "./layout";

export type Action =
  | { do: "copy" | "paste" | "new-tab" | "new-window" | "close" | "find" | "settings" | "sessions" | "fullscreen" }
  | { do: "split"; direction: "row" | "column" }
  | { do: "zoom"; by: -1 | 0 | 1 }
  | { do: "tab"; by: -1 | 1 }
  | { do: "go-tab"; at: number }
  | { do: "focus"; side: Side };

export interface Key {
  key: string;
  code: string;
  ctrlKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
  metaKey: boolean;
}

const withShift: Record<string, Action> = {
  c: { do: "copy" },
  v: { do: "paste" },
  t: { do: "new-tab" },
  n: { do: "new-window" },
  w: { do: "close" },
  f: { do: "find" },
  e: { do: "split", direction: "row" },
  o: { do: "split", direction: "column" },
  a: { do: "sessions" },
  ",": { do: "settings" },
};

/** The letter on the key as the layout has it; where that has none such, as Greek has, as a US keyboard has it. */
function letterOf(event: Key): string {
  if (/^[a-z]$/i.test(event.key)) return event.key.toLowerCase();
  if (event.key === "," || event.key === "<" || event.code === "Comma") return ",";
  return /^Key([A-Z])$/.exec(event.code)?.[1]?.toLowerCase() ?? "";
}

const arrows: Record<string, Side> = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" };

function withControl(event: Key): Action | null {
  if (event.key === "+" || event.key === "=") return { do: "zoom", by: 1 };
  if (event.key === "-") return { do: "zoom", by: -1 };
  if (event.key === "0") return { do: "zoom", by: 0 };
  if (event.key === "PageUp") return { do: "tab", by: -1 };
  if (event.key === "PageDown") return { do: "tab", by: 1 };
  return event.shiftKey ? (withShift[letterOf(event)] ?? null) : null;
}

/** Null for what the program gets. */
export function actionOf(event: Key): Action | null {
  if (event.metaKey) return null;
  if (event.ctrlKey && !event.altKey) return withControl(event);
  if (event.altKey && !event.ctrlKey && !event.shiftKey) {
    const side = arrows[event.key];
    if (side) return { do: "focus", side };
    return /^[1-9]$/.test(event.key) ? { do: "go-tab", at: Number(event.key) - 1 } : null;
  }
  if (event.shiftKey && event.key === "Insert") return { do: "paste" };
  return event.key === "F11" ? { do: "fullscreen" } : null;
}

// SPDX-License-Identifier: GPL-3.0-or-later
// The keys of the window. Arrows, Enter and letters are the list's.

export type Name =
  | "undo" | "search" | "path" | "new-tab" | "close-tab" | "new-window" | "new-folder" | "hidden" | "select-all" | "copy" | "cut" | "paste"
  | "back" | "forward" | "up" | "home" | "reload" | "fullscreen" | "properties" | "rename" | "trash" | "delete" | "menu" | "grid" | "list";
export type Action = { do: Name } | { do: "tab"; by: -1 | 1 } | { do: "go-tab"; at: number };

export interface Key {
  key: string;
  code: string;
  ctrlKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
  metaKey: boolean;
}

const letters: Record<string, Name> = { z: "undo", f: "search", l: "path", t: "new-tab", w: "close-tab", n: "new-window", h: "hidden", a: "select-all", c: "copy", x: "cut", v: "paste", r: "reload" };
const plain: Record<string, Name> = { F2: "rename", F5: "reload", F11: "fullscreen", Delete: "trash", ContextMenu: "menu", Backspace: "up" };
const withAlt: Record<string, Name> = { ArrowLeft: "back", ArrowRight: "forward", ArrowUp: "up", Home: "home", Enter: "properties" };

/** The letter as the layout has it; where that has none such, as Greek has, as a US keyboard has it. */
function letterOf(event: Key): string {
  if (/^[a-z]$/i.test(event.key)) return event.key.toLowerCase();
  return /^Key([A-Z])$/.exec(event.code)?.[1]?.toLowerCase() ?? "";
}

function named(name: Name | undefined): Action | null {
  return name ? { do: name } : null;
}

function withControl(event: Key): Action | null {
  if (event.key === "PageUp") return { do: "tab", by: -1 };
  if (event.key === "PageDown") return { do: "tab", by: 1 };
  if (event.shiftKey) return letterOf(event) === "n" ? { do: "new-folder" } : null;
  if (event.key === "1") return { do: "list" };
  if (event.key === "2") return { do: "grid" };
  return named(letters[letterOf(event)]);
}

/** `rtl`: back is where reading begins. */
export function actionOf(event: Key, rtl = false): Action | null {
  if (event.metaKey) return null;
  if (event.ctrlKey) return event.altKey ? null : withControl(event);
  if (event.altKey) {
    if (event.shiftKey) return null;
    if (/^[1-9]$/.test(event.key)) return { do: "go-tab", at: Number(event.key) - 1 };
    const name = withAlt[event.key];
    if (rtl && name === "back") return { do: "forward" };
    if (rtl && name === "forward") return { do: "back" };
    return named(name);
  }
  if (event.shiftKey) {
    if (event.key === "Delete") return { do: "delete" };
    return event.key === "F10" ? { do: "menu" } : null;
  }
  return named(plain[event.key]);
}

// SPDX-License-Identifier: GPL-3.0-or-later
// The key bindings in groups, as a person looks for them.
import { actionText } from "../apps/settings/bindings";
import { t } from "./i18n";

export type Binding = [mode: string, combination: string, action: string];

export interface ShortcutRow {
  action: string;
  label: string;
  /** Each as the names of its keys. */
  combinations: string[][];
}

export interface ShortcutGroup {
  title: string;
  rows: ShortcutRow[];
}

const groups: [name: string, actions: RegExp][] = [
  ["desktop", /^(launcher|overview|notifications|quick-settings|tray|clipboard|shortcuts|power-menu|lock|suspend|exec)$/],
  ["windows", /^(close|fullscreen|maximize|minimize|move|move-by-keys|resize|resize-by-keys|private|snap|sticky|on-top|below|window-menu|switch-.*|focus)$/],
  ["tiles", /^(tile-.*|column-.*|consume.*|expel|layout-mode)$/],
  ["workspaces", /^(workspace|.*-workspace|.*-output)$/],
  ["media", /^(volume-.*|microphone-.*|media-.*|brightness-.*)$/],
  ["access", /^(zoom-.*|high-contrast-pointer|invert-colours|layout|layout-next|mode)$/],
];

function titleOf(name: string): string {
  const titles: Record<string, string> = {
    desktop: t("Desktop"),
    windows: t("Windows"),
    tiles: t("Tiled windows"),
    workspaces: t("Workspaces and screens"),
    media: t("Sound and brightness"),
    access: t("Seeing and typing"),
  };
  return titles[name] ?? t("Other");
}

function keyNames(): Record<string, string> {
  return {
    super: t("Super"), logo: t("Super"), alt: t("Alt"), ctrl: t("Ctrl"), shift: t("Shift"), return: t("Enter"), escape: t("Esc"), space: t("Space"),
    tab: t("Tab"), delete: t("Delete"), backspace: t("Backspace"), page_up: t("Page up"), page_down: t("Page down"), left: "←", right: "→", up: "↑", down: "↓",
    minus: "−", equal: "=", plus: "+", comma: ",", period: ".", bracketleft: "[", bracketright: "]", slash: "/", question: "?", semicolon: ";", apostrophe: "'",
    button1: t("left button"), button2: t("middle button"), button3: t("right button"),
    xf86audioraisevolume: t("Louder"), xf86audiolowervolume: t("Softer"), xf86audiomute: t("Mute"), xf86audiomicmute: t("Mute the microphone"),
    xf86monbrightnessup: t("Brighter"), xf86monbrightnessdown: t("Darker"), xf86audioplay: t("Play"), xf86audiopause: t("Pause"), xf86audionext: t("Next track"),
    xf86audioprev: t("Previous track"), xf86audiostop: t("Stop playing"),
  };
}

/** A key as it is labelled: the sign that it types, or its name. */
function keyName(key: string): string {
  return keyNames()[key.toLowerCase()] ?? (key.length === 1 ? key.toLocaleUpperCase() : key.replace(/^XF86/i, "").replaceAll("_", " "));
}

export function keysOf(combination: string): string[] {
  return combination.split("+").map((part) => keyName(part.trim())).filter(Boolean);
}

/** Gestures of fingers and switches are no keys. */
const isPressed = (combination: string): boolean => !/^(swipe|pinch|hold)\d|^(lid|tablet)-/i.test(combination);

/** In groups, those of a mode under its name, each action once. */
export function groupShortcuts(bindings: readonly Binding[]): ShortcutGroup[] {
  const found = new Map<string, Map<string, ShortcutRow>>();
  const order = groups.map(([name]) => name);
  for (const [mode, combination, action] of bindings) {
    if (!action || !isPressed(combination)) continue;
    const name = action.split(" ", 1)[0] ?? "";
    const group = mode ? `mode ${mode}` : (groups.find(([, actions]) => actions.test(name))?.[0] ?? "other");
    const rows = found.get(group) ?? new Map<string, ShortcutRow>();
    const row = rows.get(action) ?? { action, label: actionText(action), combinations: [] };
    row.combinations.push(keysOf(combination));
    found.set(group, rows.set(action, row));
  }
  const place = (name: string) => order.indexOf(name) >>> 0;
  return [...found]
    .sort(([a], [b]) => place(a) - place(b) || a.localeCompare(b))
    .map(([name, rows]) => ({ title: name.startsWith("mode ") ? t("Mode of bindings: {name}", { name: name.slice(5) }) : titleOf(name), rows: [...rows.values()] }));
}

/** The groups that have rows with every word, and of them these rows. */
export function findGroups(all: readonly ShortcutGroup[], query: string): ShortcutGroup[] {
  const words = query.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const fits = ({ label, action, combinations }: ShortcutRow, title: string) => {
    const text = `${label} ${action} ${title} ${combinations.map((keys) => keys.join(" ")).join(" ")}`.toLocaleLowerCase();
    return words.every((word) => text.includes(word));
  };
  return all.map(({ title, rows }) => ({ title, rows: rows.filter((row) => fits(row, title)) })).filter(({ rows }) => rows.length > 0);
}

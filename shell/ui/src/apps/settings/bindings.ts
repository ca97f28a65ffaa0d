// SPDX-License-Identifier: GPL-3.0-or-later
// What key combinations do, in words, and which keyboard layouts are used.
import type { Config, SettingsDesk } from "../../lib/desk";
import { t } from "../../lib/i18n";
import { text } from "./config";
import type { Setting } from "./deeds";

export interface Shortcut {
  action: string;
  label: string;
  /** As they are written in the file: "Super+Shift+q". */
  combinations: string[];
  /** What else does it, and is not changed here: gestures, and what the pointer does. */
  fixed: string[];
}

const sides = (): Record<string, string> => ({ up: t("upwards"), down: t("downwards"), left: t("leftwards"), right: t("rightwards"), next: t("next"), previous: t("previous") });
const steps = (): Record<string, string> => ({ next: t("Next"), previous: t("Previous") });
const of = (what: string, how: string): string => t("{action}: {keys}", { action: what, keys: how });

/** What nothing is known of, from its name: "column-centre" is "Column centre". */
function readable(name: string, argument: string): string {
  const words = (name.charAt(0).toUpperCase() + name.slice(1)).replaceAll("-", " ");
  return argument ? of(words, steps()[argument] ?? sides()[argument] ?? argument) : words;
}

function plain(): Record<string, string> {
  return {
    below: t("Keep the window below others"), "brightness-down": of(t("Brightness"), "−"), "brightness-up": of(t("Brightness"), "+"), clipboard: t("What was copied"), close: t("Close the window"), fullscreen: t("Fill the screen with the window"), "high-contrast-pointer": t("Pointer with high contrast"),
    "invert-colours": t("Inverted colours"), launcher: t("Applications"), "layout-next": t("Next keyboard layout"), lock: t("Lock"), maximize: t("Maximize the window"),
    "media-next": t("Next track"), "media-pause": t("Pause"), "media-play": t("Play"), "media-play-pause": t("Play or pause"), "media-previous": t("Previous track"), "media-stop": t("Stop playing"), "microphone-mute": t("Mute the microphone"), minimize: t("Minimize the window"),
    move: t("Move the window"), "move-by-keys": t("Move the window with arrow keys"), notifications: t("Notifications"), "on-top": t("Keep the window on top"), overview: t("Overview of the windows"), "power-menu": t("Power menu"), "quick-settings": t("Quick settings"), private: t("Window black in pictures of the screen"), resize: t("Resize the window"), "resize-by-keys": t("Resize the window with arrow keys"), shortcuts: t("Keyboard shortcuts"),
    sticky: t("Window on every workspace"), suspend: t("Suspend"), "switch-next": t("Next window"), "switch-previous": t("Previous window"), "tile-float": t("Window floats or is tiled"), tray: t("Programs on the panel"), "volume-down": of(t("Volume"), "−"), "volume-mute": t("Mute"), "volume-up": of(t("Volume"), "+"), "window-menu": t("Menu of the window"),
    "zoom-in": t("Magnify more"), "zoom-out": t("Magnify less"), "zoom-reset": t("End magnifying"),
  };
}

function withArgument(name: string, argument: string): string | undefined {
  const side = sides()[argument] ?? argument;
  const step = steps()[argument];
  switch (name) {
    case "exec": return t("Start “{program}”", { program: argument });
    case "layout": return t("Keyboard layout {n}", { n: argument });
    case "layout-mode": return argument === "next" ? t("Next way to arrange windows") : t("Arrange windows: {way}", { way: argument });
    case "mode": return t("Mode of bindings: {name}", { name: argument });
    case "move-to-workspace": return step ? undefined : t("Window to workspace {n}", { n: argument });
    case "snap": return t("Window to the side: {side}", { side });
    case "tile-move": return t("Tiled window to the place: {side}", { side });
    case "tile-ratio": return argument.startsWith("-") ? t("Tiled window smaller") : t("Tiled window larger");
    case "workspace": return step ? of(t("Workspaces"), step) : t("Workspace {n}", { n: argument });
    default: return undefined;
  }
}

export function actionText(action: string): string {
  const [, name = "", argument = ""] = /^(\S+)\s*(.*)$/.exec(action) ?? [];
  return (argument ? withArgument(name, argument) : plain()[name]) ?? readable(name, argument);
}

/** Whether keys do it alone: no button, wheel or fingers, which cannot be pressed for another. */
const isKeys = (combination: string): boolean => !/(?:^|\+)\s*(?:button\d+|scroll(?:up|down|left|right)|swipe\d-\w+|pinch\d-\w+|hold\d)\s*$/i.test(combination);

/** What is bound, and what could be; by their names. */
export function shortcutsOf({ input, actions }: SettingsDesk): Shortcut[] {
  const found = new Map<string, string[]>();
  for (const [mode, combination, action] of input?.Bindings ?? []) {
    if (mode === "" && action) found.set(action, [...(found.get(action) ?? []), combination]);
  }
  for (const [name, argument] of actions ?? []) {
    if (!argument && !found.has(name)) found.set(name, []);
  }
  return [...found]
    .map(([action, all]) => ({ action, label: actionText(action), combinations: all.filter(isKeys), fixed: all.filter((each) => !isKeys(each)) }))
    .sort((a, b) => a.label.localeCompare(b.label, undefined, { numeric: true }));
}

export function findShortcuts(shortcuts: readonly Shortcut[], query: string): Shortcut[] {
  const words = query.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return shortcuts.filter(({ action, label, combinations, fixed }) => words.every((word) => `${label} ${action} ${[...combinations, ...fixed].join(" ")}`.toLocaleLowerCase().includes(word)));
}

/** The same for all ways to write a combination: modifiers in any order and case; Logo is Super. */
export function canonical(combination: string): string {
  const parts = combination.split("+").map((part) => part.trim().toLowerCase());
  const modifiers = parts.slice(0, -1).map((each) => (each === "logo" ? "super" : each));
  return [...[...new Set(modifiers)].sort(), ...parts.slice(-1)].join("+");
}

/** Who has a combination now, but for the action itself. */
export function takenBy(shortcuts: readonly Shortcut[], combination: string, but: string): Shortcut | undefined {
  const wanted = canonical(combination);
  return shortcuts.find(({ action, combinations }) => action !== but && combinations.some((each) => canonical(each) === wanted));
}

export interface Layout {
  id: string;
  variant: string;
}

/** [id, variant, name], as the host lists them. */
export type KnownLayout = [id: string, variant: string, name: string];

export function layoutName(known: readonly KnownLayout[], { id, variant }: Layout): string {
  return known.find((each) => each[0] === id && each[1] === variant)?.[2] ?? (variant ? `${id} (${variant})` : id);
}

/** Those of the file; where it says none, those that are used, by their names. */
export function layoutsOf(config: Config | undefined, used: readonly string[], known: readonly KnownLayout[]): Layout[] {
  const ids = text(config, "keyboard", "layout").split(",").map((id) => id.trim()).filter(Boolean);
  const variants = text(config, "keyboard", "variant").split(",");
  if (ids.length > 0) return ids.map((id, i) => ({ id, variant: (variants[i] ?? "").trim() }));
  return used.flatMap((name) => known.filter((each) => each[2] === name).slice(0, 1)).map(([id, variant]) => ({ id, variant }));
}

export function layoutSettings(layouts: readonly Layout[]): Setting[] {
  const variants = layouts.map(({ variant }) => variant).join(",");
  return [
    ["keyboard", "layout", layouts.map(({ id }) => id).join(",")],
    ["keyboard", "variant", /[^,]/.test(variants) ? variants : null],
  ];
}

/** Options of XKB, those of one kind replaced; "" takes them away. */
export function withOption(options: string, prefix: RegExp, option: string): string | null {
  const rest = options.split(",").map((each) => each.trim()).filter((each) => each && !prefix.test(each));
  return [...rest, ...(option ? [option] : [])].join(",") || null;
}

// SPDX-License-Identifier: GPL-3.0-or-later
// The items that programs have on the panel, as the host describes them (shell/tray). All texts are strangers'.

export interface TrayItem {
  id: number;
  title: string;
  /** What it says when it is pointed at, or empty. */
  tooltip: string;
  status: "passive" | "active" | "attention";
  /** An icon of the theme, or empty. */
  icon: string;
  /** The number of its picture; 0: none. */
  picture: number;
}

export interface MenuEntry {
  id: number;
  label: string;
  enabled: boolean;
  separator: boolean;
  toggle: "" | "check" | "radio";
  on: boolean;
  /** The menu below it. */
  children?: MenuEntry[];
}

export interface TrayMenu {
  /** Whose it is. */
  item: number;
  /** null: not read yet. */
  entries: MenuEntry[] | null;
  failure: string;
}

export interface TrayState {
  items: TrayItem[];
  menu: TrayMenu | null;
}

/** So many are on the panel; the others are behind a button. */
export const itemsOnPanel = 5;

/** Those that call for somebody come first; those that have nothing to say are only in the list. */
export function panelItems(items: readonly TrayItem[]): { shown: TrayItem[]; more: number } {
  const awake = items.filter(({ status }) => status !== "passive");
  const calling = awake.filter(({ status }) => status === "attention").slice(0, itemsOnPanel);
  const quiet = awake.filter((item) => !calling.includes(item)).slice(0, itemsOnPanel - calling.length);
  const shown = awake.filter((item) => calling.includes(item) || quiet.includes(item));
  return { shown, more: items.length - shown.length };
}

/** Title and what else it says, once. */
export function labelOf({ title, tooltip }: TrayItem): string {
  return !tooltip || tooltip === title ? title : tooltip.startsWith(title) ? tooltip : `${title}: ${tooltip}`;
}

/** Without lines at the ends, and no two in a row. */
export function tidyEntries(entries: readonly MenuEntry[]): MenuEntry[] {
  const kept = entries.filter(({ separator }, index) => !separator || (index > 0 && entries[index - 1]?.separator === false));
  while (kept.at(-1)?.separator) kept.pop();
  return kept;
}

/** The menu that lies at the end of a way through others; as far as the way is still there. */
export function menuAt(entries: readonly MenuEntry[], way: readonly number[]): { title: string; entries: readonly MenuEntry[]; depth: number } {
  let [title, at, depth] = ["", entries, 0];
  for (const id of way) {
    const next = at.find((entry) => entry.id === id);
    if (!next?.children) break;
    [title, at, depth] = [next.label, next.children, depth + 1];
  }
  return { title, entries: at, depth };
}

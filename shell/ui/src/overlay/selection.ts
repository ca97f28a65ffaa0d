// SPDX-License-Identifier: GPL-3.0-or-later
// Which row of the launcher is chosen, and which of its actions (-1: the application itself).

export interface Selection {
  row: number;
  action: number;
}

export interface Extent {
  rows: number;
  /** Of the chosen row. */
  actions: number;
  /** The caret stands behind the last letter, so that an arrow may leave the text. */
  atEnd: boolean;
  rtl: boolean;
}

interface Key {
  key: string;
  shiftKey: boolean;
}

export const noSelection: Selection = { row: 0, action: -1 };

const pageSize = 6;

/** Where a key leads; null where it is not for the list. */
export function step({ row, action }: Selection, key: Key, extent: Extent): Selection | null {
  const last = Math.max(extent.rows - 1, 0);
  const to = (next: number): Selection => ({ row: Math.min(Math.max(next, 0), last), action: -1 });
  const inwards = extent.rtl ? "ArrowLeft" : "ArrowRight";
  const outwards = extent.rtl ? "ArrowRight" : "ArrowLeft";
  switch (key.key) {
    case "ArrowDown":
      if (action >= 0) return { row, action: Math.min(action + 1, extent.actions - 1) };
      return row === last ? to(0) : to(row + 1);
    case "ArrowUp":
      if (action >= 0) return { row, action: action - 1 };
      return row === 0 ? to(last) : to(row - 1);
    case "PageDown":
      return to(row + pageSize);
    case "PageUp":
      return to(row - pageSize);
    case inwards:
      return action < 0 && extent.atEnd && extent.actions > 0 ? { row, action: 0 } : null;
    case "Enter":
      return key.shiftKey && extent.actions > 0 ? { row, action: 0 } : null;
    case outwards:
    case "Escape":
      return action >= 0 ? { row, action: -1 } : null;
    default:
      return null;
  }
}

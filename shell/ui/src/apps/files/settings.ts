// SPDX-License-Identifier: GPL-3.0-or-later
// How files are shown, from one window to the next.
import { isColumn, type Column } from "./sort";

export interface Settings {
  as: "list" | "grid";
  by: Column;
  down: boolean;
  hidden: boolean;
}

/** What was kept is a file that anyone may have written. */
export function readSettings(stored: Record<string, unknown> = {}): Settings {
  const { as, by, down, hidden } = stored;
  return { as: as === "grid" ? "grid" : "list", by: isColumn(by) ? by : "name", down: down === true, hidden: hidden === true };
}

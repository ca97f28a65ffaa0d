// SPDX-License-Identifier: GPL-3.0-or-later
// The order that files are shown in.
import type { Row } from "../../lib/files";

export const columns = ["name", "size", "kind", "time"] as const;
export type Column = (typeof columns)[number];

export interface Order {
  by: Column;
  down: boolean;
}

export function isColumn(value: unknown): value is Column {
  return columns.some((column) => column === value);
}

/** Folders first; what is alike is by name, as a person counts: 2 before 10. */
export function comparer({ by, down }: Order, language: string): (a: Row, b: Row) => number {
  const { compare } = new Intl.Collator(language, { numeric: true });
  const sign = down ? -1 : 1;
  const byColumn: Record<Column, (a: Row, b: Row) => number> = {
    name: () => 0,
    size: (a, b) => (a.size ?? -1) - (b.size ?? -1),
    kind: (a, b) => compare(a.kind, b.kind),
    time: (a, b) => a.time - b.time,
  };
  const first = byColumn[by];
  return (a, b) => Number(b.is === "folder") - Number(a.is === "folder") || sign * (first(a, b) || compare(a.name, b.name)) || a.id - b.id;
}

/** Numbers as runs, first and last of each, as the host takes them. */
export function runsOf(ids: Iterable<number>): number[] {
  const runs: number[] = [];
  for (const id of [...ids].sort((a, b) => a - b)) {
    if (runs.length > 0 && runs[runs.length - 1] === id - 1) runs[runs.length - 1] = id;
    else runs.push(id, id);
  }
  return runs;
}

/** The next row after `at` whose name begins with what was typed, round the end. -1: none. */
export function findTyped(rows: readonly Row[], typed: string, at: number, language: string): number {
  const { compare } = new Intl.Collator(language, { sensitivity: "base" });
  const length = [...typed].length;
  for (let step = 0; step < rows.length; step++) {
    const index = (Math.max(at, 0) + step) % rows.length;
    const name = rows[index]?.name ?? "";
    if (compare([...name.slice(0, length * 2)].slice(0, length).join(""), typed) === 0) return index;
  }
  return -1;
}

/** How much of a name is selected when it is changed: not its ending. */
export function stemOf({ name, is }: Pick<Row, "name" | "is">): number {
  const tar = /\.tar\.[a-z0-9]{1,4}$/i.exec(name);
  const dot = tar ? tar.index : name.lastIndexOf(".");
  return is === "folder" || dot <= 0 ? name.length : dot;
}

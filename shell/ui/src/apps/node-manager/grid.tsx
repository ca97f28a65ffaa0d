// SPDX-License-Identifier: GPL-3.0-or-later
// A table or a tree of any length, of which only what is seen is drawn. It is one stop of the Tab key;
// arrows go through it.
import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { t } from "../../lib/i18n";

export interface Sort {
  column: string;
  descending: boolean;
}

export interface Column<R> {
  key: string;
  label: string;
  /** Says how wide it is, and where there is no room for it: see node-manager.css. */
  className?: string;
  cell: (row: R) => ReactNode;
  /** What a pointer that rests on it is told. */
  title?: (row: R) => string;
  /** Missing where rows cannot be ordered by it; the larger come first. */
  compare?: (a: R, b: R) => number;
}

/** Of a row of a tree. */
export interface Branch {
  level: number;
  open: boolean | undefined;
  position: number;
  siblings: number;
}

interface Properties<R> {
  label: string;
  className: string;
  columns: readonly Column<R>[];
  rows: readonly R[];
  keyOf: (row: R) => string;
  selected: string | null;
  onSelect: (key: string) => void;
  /** Enter, or a double click. */
  onOpen?: (row: R) => void;
  sort?: Sort | null;
  onSort?: (sort: Sort | null) => void;
  /** Makes a tree of it. */
  branchOf?: (row: R) => Branch;
  onFold?: (row: R, open: boolean) => void;
  /** Stands in for rows where there are none. */
  empty?: ReactNode;
}

/** Pixels, as node-manager.css has it. */
const rowHeight = 30;
/** Rows that are drawn above and below what is seen. */
const more = 6;

/** Rows in the order that was asked for; as they are where none was. */
export function sorted<R>(rows: readonly R[], columns: readonly Column<R>[], sort: Sort | null): readonly R[] {
  const compare = sort && columns.find(({ key }) => key === sort.column)?.compare;
  if (!compare) return rows;
  const way = sort.descending ? 1 : -1;
  return [...rows].sort((a, b) => way * compare(a, b));
}

/** Largest first, then smallest, then as it was. */
export function nextSort(sort: Sort | null, column: string): Sort | null {
  if (sort?.column !== column) return { column, descending: true };
  return sort.descending ? { column, descending: false } : null;
}

export function Grid<R>(properties: Properties<R>) {
  const { label, className, columns, rows, keyOf, selected, onSelect, onOpen, sort = null, onSort, branchOf, onFold, empty } = properties;
  const scroller = useRef<HTMLDivElement>(null);
  const name = useId();
  const [view, setView] = useState({ top: 0, height: 600 });
  const at = rows.findIndex((row) => keyOf(row) === selected);

  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    // The page had the keyboard for want of a list.
    if (document.activeElement === document.body || document.activeElement?.classList.contains("page")) element.focus();
    const look = () => setView({ top: element.scrollTop, height: element.clientHeight });
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener("scroll", look, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, []);

  /** The header covers the first of what is seen. */
  const show = (index: number) => {
    const element = scroller.current;
    if (!element) return;
    const top = index * rowHeight;
    const room = element.clientHeight - rowHeight;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + rowHeight > element.scrollTop + room) element.scrollTop = top + rowHeight - room;
  };
  // What is chosen from elsewhere is brought into view; what the person scrolls away stays away.
  const shown = useRef<string | null>(null);
  useEffect(() => {
    if (at >= 0 && shown.current !== selected) show(at);
    shown.current = at >= 0 ? selected : null;
  });

  const go = (index: number) => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, index))];
    if (row) onSelect(keyOf(row));
  };
  const fold = (row: R | undefined, inwards: boolean) => {
    const branch = row && branchOf?.(row);
    if (!row || !branch) return;
    if (inwards) {
      if (branch.open === false) onFold?.(row, true);
      else if (branch.open) go(at + 1);
      return;
    }
    if (branch.open) {
      onFold?.(row, false);
      return;
    }
    for (let i = at - 1; i >= 0; i--) {
      const above = rows[i];
      if (above !== undefined && branchOf && branchOf(above).level < branch.level) {
        go(i);
        return;
      }
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.altKey || event.metaKey) return;
    const page = Math.max(1, Math.floor(view.height / rowHeight) - 2);
    const inwards = getComputedStyle(event.currentTarget).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    const row = rows[at];
    switch (event.key) {
      case "ArrowDown": go(at + 1); break;
      case "ArrowUp": go(at < 0 ? rows.length - 1 : at - 1); break;
      case "PageDown": go(Math.max(at, 0) + page); break;
      case "PageUp": go(Math.max(at, 0) - page); break;
      case "Home": go(0); break;
      case "End": go(rows.length - 1); break;
      case "ArrowRight":
      case "ArrowLeft": fold(row, event.key === inwards); break;
      case "Enter": if (row !== undefined) onOpen?.(row); break;
      default: return;
    }
    event.preventDefault();
  };

  const first = Math.max(0, Math.floor(view.top / rowHeight) - more);
  const last = Math.min(rows.length, Math.ceil((view.top + view.height) / rowHeight) + more);
  const idOf = (index: number) => `${name}-${index}`;
  return (
    <div
      ref={scroller}
      className={`grid ${className}`}
      role={branchOf ? "treegrid" : "grid"}
      aria-label={label}
      aria-rowcount={rows.length + 1}
      aria-activedescendant={at >= first && at < last ? idOf(at) : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <div className="head" role="row" aria-rowindex={1}>
        {columns.map(({ key, label: text, className: kind = "", compare }) => {
          const is = sort?.column === key;
          const order = !is ? "none" : sort.descending ? "descending" : "ascending";
          return (
            <div key={key} className={`cell ${kind}`} role="columnheader" aria-sort={compare ? order : undefined}>
              {compare && onSort ? (
                <button type="button" tabIndex={-1} title={t("Sort by {column}", { column: text })} onClick={() => onSort(nextSort(sort, key))}>
                  {text}
                  <span aria-hidden="true">{is ? (sort.descending ? " ↓" : " ↑") : ""}</span>
                </button>
              ) : (
                text
              )}
            </div>
          );
        })}
      </div>
      {rows.length === 0 && empty}
      <div className="rows" role="rowgroup" style={{ blockSize: rows.length * rowHeight }}>
        {rows.slice(first, last).map((row, i) => {
          const index = first + i;
          const key = keyOf(row);
          const branch = branchOf?.(row);
          return (
            <div
              key={key}
              id={idOf(index)}
              className={key === selected ? "row selected" : "row"}
              role="row"
              aria-rowindex={index + 2}
              aria-selected={key === selected}
              aria-level={branch?.level}
              aria-expanded={branch?.open}
              aria-posinset={branch?.position}
              aria-setsize={branch?.siblings}
              style={{ insetBlockStart: index * rowHeight }}
              onMouseDown={() => onSelect(key)}
              onDoubleClick={() => onOpen?.(row)}
            >
              {columns.map(({ key: column, className: kind = "", cell, title }, place) => (
                <div key={column} className={`cell ${kind}`} role="gridcell" title={title?.(row)}>
                  {place === 0 && branch && (
                    <span
                      className={branch.open === undefined ? "twist leaf" : branch.open ? "twist open" : "twist"}
                      aria-hidden="true"
                      style={{ marginInlineStart: (Math.min(branch.level, 24) - 1) * 16 }}
                      onMouseDown={() => branch.open !== undefined && onFold?.(row, !branch.open)}
                    />
                  )}
                  {cell(row)}
                </div>
              ))}
            </div>
          );
        })}
      </div>
    </div>
  );
}

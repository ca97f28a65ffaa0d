// SPDX-License-Identifier: GPL-3.0-or-later
// The files of a tab, as rows or as pictures. Only what is seen is in the page.
import { useEffect, useLayoutEffect, useMemo, useRef, useState, type CSSProperties, type KeyboardEvent as Key, type MouseEvent as Mouse } from "react";
import type { Row } from "../../lib/files";
import { formatBytes, formatDay } from "../../lib/format";
import { t } from "../../lib/i18n";
import { Pictogram } from "./pictograms";
import { columns, findTyped, stemOf, type Column, type Order } from "./sort";
import { pictureOf, useThumbs } from "./thumbs";
import type { View } from "./view";

const rowHeight = 36;
const cell = { width: 124, height: 136 };
const overscan = 6;
const typedTime = 1000;
/** So many pixels with a button held are no click any more. */
const dragged = 6;

export interface ListProperties {
  view: View;
  /** Of the view, so that what has changed is drawn. */
  version: number;
  as: "list" | "grid";
  order: Order;
  /** The one whose name is being changed; 0: none. */
  renaming: number;
  cut: ReadonlySet<number>;
  /** The row that what is dragged would go into, 0 for the folder itself; null: nothing is over it. */
  over: number | null;
  onSort: (order: Order) => void;
  onOpen: (rows: Row[], tab: boolean) => void;
  onRename: (id: number, name: string) => Promise<boolean>;
  onRenameEnd: () => void;
  onMenu: (x: number, y: number) => void;
  onDrag: (rows: readonly Row[], copy: boolean) => void;
}

export function columnNames(trash = false): Record<Column, string> {
  return { name: t("Name"), size: t("Size"), kind: t("Kind"), time: trash ? t("Deleted") : t("Changed") };
}

function Name({ row, editing, onRename, onEnd }: { row: Row; editing: boolean; onRename: (name: string) => Promise<boolean>; onEnd: () => void }) {
  const input = useRef<HTMLInputElement>(null);
  const ended = useRef(false);
  useEffect(() => {
    ended.current = false;
    if (!editing) return;
    input.current?.focus();
    input.current?.setSelectionRange(0, stemOf(row));
    // eslint-disable-next-line react-hooks/exhaustive-deps -- what is typed stays selected as it was when it began
  }, [editing]);
  if (!editing) return <span className="name" dir="auto">{row.name}</span>;
  const end = (name: string | null, stay: boolean) => {
    if (ended.current) return;
    ended.current = true;
    if (name === null || name === row.name) {
      onEnd();
      return;
    }
    // What was refused can be mended, unless the person is elsewhere by now.
    void onRename(name).then((ok) => {
      if (!ok && stay) ended.current = false;
      else onEnd();
    });
  };
  return (
    <input
      ref={input}
      className="field name"
      aria-label={t("New name of {name}", { name: row.name })}
      defaultValue={row.name}
      dir="auto"
      maxLength={255}
      spellCheck={false}
      onClick={(event) => event.stopPropagation()}
      onDoubleClick={(event) => event.stopPropagation()}
      onBlur={(event) => end(event.target.value, false)}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === "Enter" && !event.nativeEvent.isComposing) end(event.currentTarget.value, true);
        if (event.key === "Escape") end(null, true);
      }}
    />
  );
}

function dateOf(row: Row, trash: boolean): string {
  const seconds = trash ? (row.trashed ?? 0) : row.time;
  return seconds > 0 ? formatDay(new Date(seconds * 1000)) : "–";
}

/** How many columns a grid has, and what is seen of it. */
function useSize(element: HTMLElement | null): { width: number; height: number } {
  const [size, setSize] = useState({ width: 0, height: 0 });
  useEffect(() => {
    if (!element) return;
    const observer = new ResizeObserver(() => setSize({ width: element.clientWidth, height: element.clientHeight }));
    observer.observe(element);
    return () => observer.disconnect();
  }, [element]);
  return size;
}

export function List({ view, version, as, order, renaming, cut, over, onSort, onOpen, onRename, onRenameEnd, onMenu, onDrag }: ListProperties) {
  const [element, setElement] = useState<HTMLElement | null>(null);
  const { width, height } = useSize(element);
  const [top, setTop] = useState(view.scroll);
  const typed = useRef({ text: "", at: 0 });
  const held = useRef<{ x: number; y: number; only: number } | null>(null);
  const rows = view.order;
  const grid = as === "grid";
  const trash = view.state.kind === "trash";
  const wide = trash || view.state.kind === "search";
  const across = grid ? Math.max(1, Math.floor((width - 16) / cell.width)) : 1;
  const step = grid ? cell.height : rowHeight;
  const first = Math.max(0, Math.floor(top / step) - overscan) * across;
  const last = Math.min(rows.length, (Math.ceil((top + height) / step) + overscan) * across);
  const seen = useMemo(() => rows.slice(first, last), [rows, first, last]);
  const [thumbs, lost] = useThumbs(view, seen, version);
  const at = view.indexOf(view.cursor);

  useLayoutEffect(() => {
    element?.scrollTo(0, view.scroll);
  }, [element, view]);
  useLayoutEffect(() => {
    if (!element || at < 0 || view.reveal === 0) return;
    const y = Math.floor(at / across) * step;
    const room = element.clientHeight - step - 8;
    if (y < element.scrollTop) element.scrollTo(0, y);
    else if (y > element.scrollTop + room) element.scrollTo(0, y - room);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- only when something is to be seen, not with each change on the disk
  }, [element, view.reveal, across, step, at >= 0]);

  const move = (to: number, event: Key) => {
    const row = rows[Math.min(Math.max(to, 0), rows.length - 1)];
    if (row) view.point(row.id, { range: event.shiftKey, keep: event.ctrlKey && !event.shiftKey });
  };
  const onKeyDown = (event: Key) => {
    if (event.target !== event.currentTarget || event.altKey || event.metaKey || event.nativeEvent.isComposing) return;
    const rtl = document.documentElement.dir === "rtl" ? -1 : 1;
    const page = Math.max(1, Math.floor(height / step) - 1) * across;
    const by: Record<string, number> = { ArrowDown: across, ArrowUp: -across, PageDown: page, PageUp: -page, Home: -rows.length, End: rows.length, ...(grid ? { ArrowRight: rtl, ArrowLeft: -rtl } : {}) };
    const distance = by[event.key];
    if (distance !== undefined && !(event.ctrlKey && event.key.startsWith("Page"))) {
      event.preventDefault();
      const none = event.key === "End" || event.key === "ArrowUp" ? rows.length - 1 : 0;
      const above = grid && event.key === "ArrowUp" && at < across;
      move(at < 0 ? none : above ? at : at + distance, event);
      typed.current.text = "";
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      const chosen = view.chosen;
      if (chosen.length > 0) onOpen(chosen, event.ctrlKey);
    } else if (event.key === " " && (event.ctrlKey || !typed.current.text)) {
      event.preventDefault();
      if (rows[at]) view.point(view.cursor, { add: true });
    } else if (event.key === "Escape") {
      if (view.selection.size > 0) view.clear();
    } else if ([...event.key].length === 1 && !event.ctrlKey) {
      event.preventDefault();
      const now = event.timeStamp;
      const text = now - typed.current.at < typedTime ? typed.current.text + event.key : event.key;
      typed.current = { text, at: now };
      const to = findTyped(rows, text, [...text].length === 1 ? at + 1 : at, document.documentElement.lang);
      if (to >= 0) view.point(rows[to]?.id ?? 0);
    }
  };
  const onMove = (event: Mouse) => {
    const from = held.current;
    if (!from) return;
    if ((event.buttons & 1) === 0) held.current = null;
    else if (Math.hypot(event.clientX - from.x, event.clientY - from.y) >= dragged && renaming === 0) {
      held.current = null;
      onDrag(view.chosen, event.ctrlKey);
    }
  };
  const onRelease = (event: Mouse) => {
    const only = held.current?.only ?? 0;
    held.current = null;
    if (only > 0) view.point(only, { add: event.ctrlKey });
  };
  const onPoint = (event: Mouse, row: Row) => {
    if (event.button === 0) {
      const waits = !event.shiftKey && view.selection.has(row.id) && (event.ctrlKey || view.selection.size > 1);
      held.current = { x: event.clientX, y: event.clientY, only: waits ? row.id : 0 };
      // All that is chosen may be about to be dragged.
      if (!waits) view.point(row.id, { add: event.ctrlKey && !event.shiftKey, range: event.shiftKey });
    } else if (!view.selection.has(row.id)) view.point(row.id);
  };
  const styleOf = (index: number): CSSProperties =>
    grid
      ? { insetBlockStart: Math.floor(index / across) * cell.height, insetInlineStart: (index % across) * cell.width + 8, width: cell.width, height: cell.height }
      : { insetBlockStart: index * rowHeight, insetInlineStart: 0, insetInlineEnd: 0, height: rowHeight };
  const names = columnNames(trash);

  return (
    <div className={`files ${as}${wide ? " wide" : ""}${over === 0 ? " takes" : ""}`}>
      {grid ? null : (
        <div className="head" role="group" aria-label={t("Sort by this")}>
          {columns.map((by) => (
            <button
              key={by}
              type="button"
              className={by}
              aria-pressed={order.by === by}
              title={t("Sort by this")}
              onClick={() => onSort({ by, down: order.by === by ? !order.down : false })}
            >
              {names[by]}
              {order.by === by ? <span className="sorted" aria-label={order.down ? t("descending") : t("ascending")}>{order.down ? "▾" : "▴"}</span> : null}
            </button>
          ))}
        </div>
      )}
      <div
        ref={setElement}
        className="scroll"
        role="listbox"
        aria-multiselectable="true"
        aria-label={view.state.title}
        aria-activedescendant={at >= 0 ? `row-${view.cursor}` : undefined}
        tabIndex={0}
        data-files="yes"
        onScroll={(event) => {
          view.scrolledTo(event.currentTarget.scrollTop);
          setTop(event.currentTarget.scrollTop);
        }}
        onKeyDown={onKeyDown}
        onMouseMove={onMove}
        onMouseUp={onRelease}
        onMouseDown={(event) => {
          if (!(event.target instanceof Element) || event.target.closest(".item")) return;
          if (event.button === 0 && !event.ctrlKey && !event.shiftKey) view.clear();
        }}
        onContextMenu={(event) => {
          event.preventDefault();
          if (event.target instanceof Element && !event.target.closest(".item")) view.clear();
          onMenu(event.clientX, event.clientY);
        }}
      >
        <div className="room" style={{ height: Math.ceil(rows.length / across) * step + (grid ? 8 : 0) }}>
          {seen.map((row, k) => {
            const chosen = view.selection.has(row.id);
            const picture = pictureOf(thumbs, row);
            const state = `${chosen ? " chosen" : ""}${row.id === view.cursor ? " here" : ""}${row.hidden ? " faint" : ""}${cut.has(row.id) ? " cut" : ""}${over === row.id ? " takes" : ""}`;
            return (
              <div
                key={row.id}
                id={`row-${row.id}`}
                className={`item${state}`}
                role="option"
                aria-selected={chosen}
                aria-setsize={rows.length}
                aria-posinset={first + k + 1}
                title={renaming === row.id ? undefined : row.name}
                style={styleOf(first + k)}
                onMouseDown={(event) => onPoint(event, row)}
                onDoubleClick={(event) => event.button === 0 && onOpen([row], event.ctrlKey)}
                onAuxClick={(event) => event.button === 1 && row.is === "folder" && onOpen([row], true)}
              >
                <span className="icon-place">
                  {picture ? <img src={`inos://shell/picture/${picture}`} alt="" draggable={false} onError={() => lost(row, picture)} /> : <Pictogram is={row.is} link={row.link} />}
                </span>
                <Name row={row} editing={renaming === row.id} onRename={(name) => onRename(row.id, name)} onEnd={onRenameEnd} />
                {grid ? null : (
                  <>
                    {wide ? <span className="where" dir="auto">{row.where}</span> : null}
                    <span className="size">{row.size === undefined ? "–" : formatBytes(row.size)}</span>
                    <span className="kind">{row.kind}</span>
                    <span className="time">{dateOf(row, trash)}</span>
                  </>
                )}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

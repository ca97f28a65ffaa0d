// SPDX-License-Identifier: GPL-3.0-or-later
// What is dragged over the page, and what lies under it.
import { useCallback, useEffect, useRef, useState } from "react";
import type { Deed, FilesDrag, Row } from "../../lib/files";
import { ask, tell } from "../../lib/host";
import { t } from "../../lib/i18n";
import { useHost } from "../../lib/page";
import type { Deeds } from "./deeds";
import { runsOf } from "./sort";
import type { View } from "./view";

/** Where something can be let go: a row, a place, or the folder that is shown. */
export interface Target {
  item?: number;
  place?: string;
}

/** What this window drags. */
export interface Dragged {
  view: number;
  ids: ReadonlySet<number>;
}

interface Under {
  /** The row there, if it is one. */
  row?: Row;
  place?: string;
  /** Among the files, not beside them. */
  files: boolean;
}

/** Null where it can not be let go. */
export function targetOf(under: Under, drag: { own: boolean; files: boolean; moves: boolean }, dragged: Dragged | null, view: { view: number; kind: string; place: string }): Target | null {
  const mine = drag.own ? dragged : null;
  if (under.place !== undefined) {
    if (under.place === "mesh" || (under.place === "trash" && (!drag.files || !drag.moves || (mine !== null && view.kind === "trash")))) return null;
    return under.place === view.place && mine?.view === view.view && drag.moves ? null : { place: under.place };
  }
  if (!under.files || (view.kind !== "folder" && view.kind !== "search")) return null;
  if (under.row?.is === "folder" && !(mine?.view === view.view && mine.ids.has(under.row.id))) return { item: under.row.id };
  // Nothing moves to where it is.
  if (view.kind !== "folder" || (mine?.view === view.view && drag.moves)) return null;
  return {};
}

function isSame(a: Target | null, b: Target | null): boolean {
  return a === b || (a !== null && b !== null && a.item === b.item && a.place === b.place);
}

function underOf(drag: FilesDrag, view: View): Under {
  const at = document.elementFromPoint((drag.x ?? 0) * window.innerWidth, (drag.y ?? 0) * window.innerHeight);
  const place = at?.closest<HTMLElement>("[data-place]")?.dataset["place"];
  const id = Number(/^row-(\d+)$/.exec(at?.closest(".item")?.id ?? "")?.[1] ?? 0);
  const row = view.row(id);
  return { files: Boolean(at?.closest(".files, .empty")), ...(row ? { row } : {}), ...(place !== undefined ? { place } : {}) };
}

export interface Dragging {
  /** What is under it, to be shown; null: nothing that takes it. */
  target: Target | null;
  begin: (rows: readonly Row[], copy: boolean) => void;
}

export function useDragging(view: View | undefined, run: Deeds["run"], nameOf: (rows: readonly Row[]) => string, fault: (error: unknown) => void): Dragging {
  const { filesOver, filesDrop } = useHost();
  const dragged = useRef<(Dragged & { rows: readonly Row[] }) | null>(null);
  const [target, setTarget] = useState<Target | null>(null);
  const said = useRef<boolean | null>(null);
  const dropped = useRef(filesDrop?.serial ?? 0);

  const begin = useCallback(
    (rows: readonly Row[], copy: boolean) => {
      if (!view || rows.length === 0) return;
      const these = { view: view.state.view, ids: new Set(rows.map(({ id }) => id)), rows };
      dragged.current = these;
      ask("files.drag", { view: view.state.view, items: runsOf(rows.map(({ id }) => id)), copy }).catch((error: unknown) => {
        if (dragged.current === these) dragged.current = null;
        fault(error);
      });
    },
    [view, fault],
  );
  const find = useCallback(
    (drag: FilesDrag): Target | null => (view ? targetOf(underOf(drag, view), { own: drag.own ?? false, files: drag.files ?? false, moves: drag.moves ?? false }, dragged.current, view.state) : null),
    [view],
  );
  useEffect(() => {
    if (!filesOver) return;
    if (!filesOver.dragging) dragged.current = null;
    const found = filesOver.over ? find(filesOver) : null;
    // eslint-disable-next-line react-hooks/set-state-in-effect -- what lies under it is known only from what is drawn
    setTarget((now) => (isSame(now, found) ? now : found));
    if (!filesOver.over) said.current = null;
    else if (said.current !== (found !== null)) {
      said.current = found !== null;
      tell("files.over", { takes: found !== null });
    }
  }, [filesOver, find]);
  useEffect(() => {
    if (!view || !filesDrop || filesDrop.serial === dropped.current) return;
    dropped.current = filesDrop.serial;
    const found = find(filesDrop);
    const mine = filesDrop.own ? dragged.current : null;
    setTarget(null);
    said.current = null;
    if (!found) {
      ask("files.drop", { view: view.state.view, none: true }).catch(fault);
      return;
    }
    const carried = filesDrop.moves ? t("Moved by dragging") : t("Copied by dragging");
    const discarded = mine ? t("Moved to the trash: {what}", { what: nameOf(mine.rows) }) : t("Moved to the trash by dragging");
    const label = found.place === "trash" ? discarded : carried;
    void run(view, label, ask<Deed>("files.drop", { view: view.state.view, ...found }));
  }, [filesDrop, view, find, run, nameOf, fault]);
  return { target, begin };
}

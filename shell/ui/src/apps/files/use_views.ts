// SPDX-License-Identifier: GPL-3.0-or-later
// The tabs of a window, and the ways between folders.
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { ViewState } from "../../lib/files";
import { ask, tell } from "../../lib/host";
import { store } from "../../lib/store";
import { View, type Shown } from "./view";

/** Where to; see take_folder() in files.c. */
export type To = { place: string } | { path: string } | { item: number } | { crumb: number } | { step: "back" | "forward" | "up" | "reload" };

export interface Views {
  views: readonly View[];
  current: View | undefined;
  /** Grows with all that is to be drawn anew. */
  version: number;
  go: (to: To, tab?: boolean) => Promise<void>;
  search: (text: string) => void;
  select: (view: number) => void;
  close: (view: number) => void;
}

/** `onLast`: the last tab is to be closed, and the window with it. */
export function useViews(shown: Shown, onFault: (error: unknown) => void, onLast: () => void): Views {
  const [version, setVersion] = useState(0);
  const redraw = useCallback(() => setVersion((now) => now + 1), []);
  const [first] = useState(shown);
  const make = useCallback((state: ViewState) => new View(state, first, redraw), [first, redraw]);
  const [views, setViews] = useState<readonly View[]>(() => (store.get().filesViews ?? []).map(make));
  const [at, setAt] = useState(() => views[0]?.state.view ?? 0);
  const list = useRef(views);
  const begun = useRef(false);
  useEffect(() => {
    list.current = views;
  }, [views]);
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    for (const view of views) view.enter(view.state);
  }, [views]);
  useEffect(() => {
    for (const view of views) view.show(shown);
  }, [views, shown]);
  useEffect(() => {
    let known = store.get().filesNews ?? {};
    return store.subscribe(() => {
      const { filesNews = {} } = store.get();
      if (filesNews === known) return;
      for (const view of list.current) {
        const number = String(view.state.view);
        if (filesNews[number] !== known[number]) view.fetch();
      }
      known = filesNews;
    });
  }, []);

  const current = views.find(({ state }) => state.view === at) ?? views[0];
  const number = current?.state.view ?? 0;

  const take = useCallback(
    (state: ViewState) => {
      const there = list.current.find((each) => each.state.view === state.view);
      const view = there ?? make(state);
      if (!there) {
        list.current = [...list.current, view];
        setViews(list.current);
        setAt(state.view);
        view.show(shown);
      }
      view.enter(state);
    },
    [make, shown],
  );
  const go = useCallback((to: To, tab = false) => ask<ViewState>("files.go", { view: number, tab, ...to }).then(take, onFault), [number, take, onFault]);
  const search = useCallback(
    (text: string) => {
      void ask<ViewState>("files.search", text ? { view: number, text } : { view: number }).then(take, onFault);
    },
    [number, take, onFault],
  );
  const close = useCallback(
    (view: number) => {
      const index = list.current.findIndex(({ state }) => state.view === view);
      if (list.current.length <= 1) {
        onLast();
        return;
      }
      tell("files.close", { view });
      list.current = list.current.filter(({ state }) => state.view !== view);
      setViews(list.current);
      if (view === number) setAt(list.current[Math.min(index, list.current.length - 1)]?.state.view ?? 0);
    },
    [number, onLast],
  );
  return useMemo(() => ({ views, current, version, go, search, select: setAt, close }), [views, current, version, go, search, close]);
}

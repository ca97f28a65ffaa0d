// SPDX-License-Identifier: GPL-3.0-or-later
// The tabs of a window, their panes, and the terminals in them.
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { ask, tell, type TerminalRow } from "../../lib/host";
import { store } from "../../lib/store";
import { neighbour, panesOf, readRemembered, setRatio, splitPane, withTerminals, withoutPane, type Direction, type Side, type Tab } from "./layout";
import { Session, type SessionEvents } from "./session";
import type { Settings } from "./settings";
import type { ITheme } from "@xterm/xterm";

export interface Panes {
  tabs: Tab[];
  current: Tab | undefined;
  session: (pane: number) => Session | undefined;
  /** Why a pane has no terminal. */
  fault: (pane: number) => string | undefined;
  openTab: (attach?: number) => void;
  split: (direction: Direction) => void;
  /** Takes the pane away; its terminal goes on unless it was closed. */
  drop: (pane: number) => void;
  select: (key: number) => void;
  step: (by: number) => void;
  activate: (pane: number) => void;
  focusSide: (side: Side) => void;
  setRatio: (path: string, ratio: number) => void;
}

interface State {
  tabs: Tab[];
  current: number;
}

type Handlers = Omit<SessionEvents, "ended" | "title"> & { ended: (pane: number) => void; title: () => void };

const estimate = { columns: 80, rows: 24 };

/** The same function for ever, which calls the newest. */
function useLatest<T>(value: T): { current: T } {
  const ref = useRef(value);
  useEffect(() => {
    ref.current = value;
  });
  return ref;
}

export function usePanes(settings: Settings, theme: ITheme, handlers: Handlers): Panes {
  const [state, setState] = useState<State>({ tabs: [], current: 0 });
  const [faults, setFaults] = useState<Map<number, string>>(new Map());
  const [, redraw] = useState(0);
  const [sessions] = useState(() => new Map<number, Session>());
  const next = useRef(1);
  const begun = useRef(false);
  const latest = useLatest({ settings, theme, handlers, state });

  const start = useCallback(
    async (pane: number, like: Session | undefined, attach: number | undefined, directory: string) => {
      try {
        const size = like?.size ?? estimate;
        const where = directory ? { directory } : {};
        const id = attach ?? (await ask<{ id: number }>("terminal.open", { ...size, ...where })).id;
        const forward: SessionEvents = {
          action: (action) => latest.current.handlers.action(action),
          title: () => latest.current.handlers.title(),
          bell: () => latest.current.handlers.bell(),
          focus: () =>
            setState((now) => ({
              ...now,
              tabs: now.tabs.map((tab) => (panesOf(tab.tree).includes(pane) ? { ...tab, active: pane } : tab)),
            })),
          link: (address) => latest.current.handlers.link(address),
          confirmLink: (address) => latest.current.handlers.confirmLink(address),
          confirmPaste: (text) => latest.current.handlers.confirmPaste(text),
          ended: () => latest.current.handlers.ended(pane),
          failed: (sentence) => latest.current.handlers.failed(sentence),
        };
        const session = new Session(id, forward, latest.current.settings, latest.current.theme);
        sessions.set(pane, session);
        redraw((count) => count + 1);
        await session.attach();
      } catch (error) {
        sessions.get(pane)?.dispose();
        sessions.delete(pane);
        setFaults((now) => new Map(now).set(pane, error instanceof Error ? error.message : String(error)));
      }
    },
    [latest, sessions],
  );

  const directoryOf = useCallback((session: Session | undefined): string => {
    const row: TerminalRow | undefined = store.get().terminals?.find(({ id }) => id === session?.id);
    return row?.directory ?? "";
  }, []);

  const active = useCallback((): { tab: Tab | undefined; session: Session | undefined } => {
    const { tabs, current } = latest.current.state;
    const tab = tabs.find(({ key }) => key === current);
    return { tab, session: tab && sessions.get(tab.active) };
  }, [latest, sessions]);

  const openTab = useCallback(
    (attach?: number) => {
      const pane = next.current++;
      const { session } = active();
      setState(({ tabs }) => ({ tabs: [...tabs, { key: pane, tree: { pane }, active: pane }], current: pane }));
      // The list's directory may be an old one: ask for a new list first.
      void ask<TerminalRow[]>("terminal.list")
        .then((terminals) => store.merge({ terminals }))
        .catch(() => undefined)
        .then(() => start(pane, session, attach, directoryOf(session)));
    },
    [active, start, directoryOf],
  );

  const split = useCallback(
    (direction: Direction) => {
      const { tab, session } = active();
      if (!tab) return;
      const pane = next.current++;
      setState(({ tabs, current }) => ({
        tabs: tabs.map((each) =>
          each.key === tab.key ? { ...each, tree: splitPane(each.tree, each.active, direction, pane), active: pane } : each,
        ),
        current,
      }));
      void ask<TerminalRow[]>("terminal.list")
        .then((terminals) => store.merge({ terminals }))
        .catch(() => undefined)
        .then(() => start(pane, session, undefined, directoryOf(session)));
    },
    [active, start, directoryOf],
  );

  const drop = useCallback(
    (pane: number) => {
      sessions.get(pane)?.dispose();
      sessions.delete(pane);
      setState(({ tabs, current }) => {
        const at = tabs.findIndex(({ tree }) => panesOf(tree).includes(pane));
        const kept = withoutPane(tabs, pane);
        const there = kept.some(({ key }) => key === current);
        return { tabs: kept, current: there ? current : (kept[Math.min(at, kept.length - 1)]?.key ?? 0) };
      });
    },
    [sessions],
  );

  const step = useCallback((by: number) => {
    setState(({ tabs, current }) => {
      const at = tabs.findIndex(({ key }) => key === current);
      return { tabs, current: tabs[(at + by + tabs.length) % tabs.length]?.key ?? current };
    });
  }, []);

  const change = useCallback((edit: (tab: Tab) => Tab) => {
    setState(({ tabs, current }) => ({ tabs: tabs.map((tab) => (tab.key === current ? edit(tab) : tab)), current }));
  }, []);

  // What a window begins with: what it had before its page was lost and is there still, else one terminal.
  const begin = useCallback(async () => {
    const { layout, directory } = store.get();
    const had = layout ? readRemembered(layout) : null;
    const rows = had && (await ask<TerminalRow[]>("terminal.list").catch(() => null));
    const remembered = had && rows ? withTerminals(had, rows.map(({ id }) => id)) : had;
    const tabs: Tab[] = remembered?.tabs ?? [{ key: 1, tree: { pane: 1 }, active: 1 }];
    const panes = tabs.flatMap(({ tree }) => panesOf(tree));
    next.current = Math.max(...panes, ...tabs.map(({ key }) => key)) + 1;
    const terminals = new Map(remembered?.terminals ?? []);
    setState({ tabs, current: remembered?.current ?? 1 });
    for (const pane of panes) void start(pane, undefined, terminals.get(pane), directory ?? "");
  }, [start]);
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    void begin();
  }, [begin]);

  const { tabs, current } = state;
  useEffect(() => {
    if (tabs.length === 0) return;
    const terminals = [...sessions].map(([pane, { id }]) => [pane, id]);
    tell("terminal.layout", { layout: JSON.stringify({ tabs, current, terminals }) });
  });

  useEffect(() => {
    for (const session of sessions.values()) session.set(settings, theme);
  }, [sessions, settings, theme]);

  return useMemo(
    () => ({
      tabs,
      current: tabs.find(({ key }) => key === current),
      session: (pane) => sessions.get(pane),
      fault: (pane) => faults.get(pane),
      openTab,
      split,
      drop,
      select: (key) => setState((now) => ({ ...now, current: key })),
      step,
      activate: (pane) => change((tab) => ({ ...tab, active: pane })),
      focusSide: (side) => change((tab) => ({ ...tab, active: neighbour(tab.tree, tab.active, side) })),
      setRatio: (path, ratio) => change((tab) => ({ ...tab, tree: setRatio(tab.tree, path, ratio) })),
    }),
    [tabs, current, faults, sessions, openTab, split, drop, step, change],
  );
}

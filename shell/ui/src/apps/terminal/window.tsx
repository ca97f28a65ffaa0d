// SPDX-License-Identifier: GPL-3.0-or-later
// A window of Terminal: tabs, panes, and what lies over them.
import "./terminal.css";
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { ask, tell, type TerminalRow } from "../../lib/host";
import { t, tn } from "../../lib/i18n";
import { useHost } from "../../lib/page";
import { Dialog, type Choice } from "../../lib/dialog";
import { Find } from "./find";
import { actionOf, type Action } from "./keys";
import { dividersOf, panesOf, rectsOf, type Divider } from "./layout";
import { Pane } from "./pane";
import { nameOf, SessionsPanel } from "./sessions_panel";
import { defaults, fontSizes, readSettings, type Settings } from "./settings";
import { SettingsPanel } from "./settings_panel";
import { Tabs } from "./tabs";
import { themeOf } from "./themes";
import { usePanes } from "./use_panes";

const bellTime = 160;
const noteTime = 6000;

interface Question {
  title: string;
  text?: string;
  choices: Choice[];
}

const dark = window.matchMedia("(prefers-color-scheme: dark)");

function useDark(): boolean {
  return useSyncExternalStore(
    (changed) => {
      dark.addEventListener("change", changed);
      return () => dark.removeEventListener("change", changed);
    },
    () => dark.matches,
  );
}

function endOf(row: TerminalRow | undefined): string {
  if (row?.state !== "ended") return t("This terminal is gone.");
  if (row.signal > 0) return t("The program was ended by signal {signal}.", { signal: row.signal });
  return t("The program has ended with status {code}.", { code: row.code });
}

export function Window() {
  const { terminals = [], settings: stored, closing, appearance } = useHost();
  const reader = appearance?.reader ?? false;
  const settings = useMemo(() => readSettings(stored), [stored]);
  const used = useMemo(() => ({ ...settings, screenReader: settings.screenReader || reader }), [settings, reader]);
  const isDark = useDark();
  const theme = useMemo(() => themeOf(settings.theme, isDark), [settings.theme, isDark]);
  const [panel, setPanel] = useState<"" | "settings" | "sessions">("");
  const [finding, setFinding] = useState(false);
  const [question, setQuestion] = useState<Question | null>(null);
  const [note, setNote] = useState("");
  const [link, setLink] = useState("");
  const [flash, setFlash] = useState(false);
  const [ends, setEnds] = useState<Map<number, string>>(new Map());
  const [, redraw] = useState(0);
  const act = useRef<(action: Action) => void>(() => undefined);
  const ended = useRef<(pane: number) => void>(() => undefined);

  const handlers = useMemo(
    () => ({
      action: (action: Action) => act.current(action),
      ended: (pane: number) => ended.current(pane),
      title: () => redraw((count) => count + 1),
      focus: () => undefined,
      bell: () => {
        setFlash(true);
        window.setTimeout(() => setFlash(false), bellTime);
      },
      link: setLink,
      failed: setNote,
      confirmLink: (address: string) =>
        setQuestion({
          title: t("Open this link?"),
          text: address,
          choices: [{ label: t("Open"), run: () => { tell("link.open", { uri: address }); setQuestion(null); } }],
        }),
      confirmPaste: (text: string) =>
        setQuestion({
          title: t("Paste several lines? What runs here may take each for a command."),
          text: text.replaceAll("\r", "\n"),
          choices: [{ label: t("Paste"), run: () => insert.current(text) }],
        }),
    }),
    [],
  );
  const panes = usePanes(used, theme, handlers);
  const { current } = panes;
  const active = current && panes.session(current.active);
  const insert = useRef<(text: string) => void>(() => undefined);

  useEffect(() => {
    if (!note) return;
    const timer = window.setTimeout(() => setNote(""), noteTime);
    return () => window.clearTimeout(timer);
  }, [note]);

  const save = useCallback((next: Settings) => {
    ask("settings.set", { settings: next }).catch((error: unknown) =>
      setNote(error instanceof Error ? error.message : String(error)),
    );
  }, []);

  /** Ends terminals and takes their panes away; asks where programs run in them. */
  const close = async (which: number[], keep: string | null, after: () => void): Promise<void> => {
    const ids = which.flatMap((pane) => panes.session(pane)?.id ?? []);
    const rows = await ask<TerminalRow[]>("terminal.list").catch(() => []);
    const busy = rows.filter((row) => ids.includes(row.id) && row.state === "busy");
    const finish = (end: (id: number) => boolean) => {
      setQuestion(null);
      for (const id of ids.filter(end)) tell("terminal.close", { id });
      after();
    };
    if (busy.length === 0) {
      finish((id) => rows.some((row) => row.id === id));
      return;
    }
    const choices: Choice[] = [{ label: tn("End it", "End them", busy.length), destructive: true, run: () => finish(() => true) }];
    if (keep)
      choices.unshift({ label: keep, run: () => finish((id) => !busy.some((row) => row.id === id)) });
    setQuestion({
      title: tn("{n} program runs here", "{n} programs run here", busy.length),
      text: busy.map((row) => (nameOf(row) === row.program ? row.program : `${row.program} — ${nameOf(row)}`)).join("\n"),
      choices,
    });
  };

  const closePane = (pane: number) => void close([pane], null, () => panes.drop(pane));
  const closeTab = (key: number) => {
    const tab = panes.tabs.find((each) => each.key === key);
    const which = tab ? panesOf(tab.tree) : [];
    void close(which, null, () => which.forEach(panes.drop));
  };
  const closeWindow = () => {
    const which = panes.tabs.flatMap(({ tree }) => panesOf(tree));
    void close(which, t("Let it go on"), () => tell("window.close"));
  };

  const zoom = (by: number) =>
    save({
      ...settings,
      fontSize: by === 0 ? defaults.fontSize : Math.min(fontSizes.most, Math.max(fontSizes.least, settings.fontSize + by)),
    });

  const latest = useRef({ closeWindow });
  useEffect(() => {
    latest.current = { closeWindow };
    insert.current = (text) => {
      setQuestion(null);
      active?.insert(text);
    };
    ended.current = (pane) => {
      const id = panes.session(pane)?.id;
      void ask<TerminalRow[]>("terminal.list")
        .catch(() => [])
        .then((rows) => {
          const row = rows.find((each) => each.id === id);
          if (row?.state === "ended" && row.code === 0) {
            tell("terminal.close", { id });
            panes.drop(pane);
          } else {
            setEnds((now) => new Map(now).set(pane, endOf(row)));
          }
        });
    };
    act.current = (action) => {
      switch (action.do) {
        case "copy": void active?.copy(); break;
        case "paste": void active?.pasteClipboard(); break;
        case "new-tab": panes.openTab(); break;
        case "new-window": tell("window.new"); break;
        case "close": if (current) closePane(current.active); break;
        case "find": setFinding(true); break;
        case "settings": setPanel("settings"); break;
        case "sessions": setPanel("sessions"); break;
        case "fullscreen": tell("window.fullscreen"); break;
        case "split": panes.split(action.direction); break;
        case "zoom": zoom(action.by); break;
        case "tab": panes.step(action.by); break;
        case "go-tab": { const to = panes.tabs[action.at]; if (to) panes.select(to.key); break; }
        case "focus": panes.focusSide(action.side); break;
      }
    };
  });

  useEffect(() => {
    if (closing) latest.current.closeWindow();
  }, [closing]);

  // The window's keys where no terminal hears them: one that could not be had has no keyboard.
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const action = actionOf(event);
      if (!action || event.defaultPrevented || question || event.target instanceof HTMLInputElement) return;
      event.preventDefault();
      act.current(action);
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [question]);

  // The last pane takes the window with it.
  const had = useRef(false);
  useEffect(() => {
    if (panes.tabs.length > 0) had.current = true;
    else if (had.current) tell("window.close");
  }, [panes.tabs.length]);

  const titleOf = (pane: number): string => {
    const session = panes.session(pane);
    const row = terminals.find(({ id }) => id === session?.id);
    return session?.title || (row ? nameOf(row) : "") || t("Terminal");
  };
  const title = current ? titleOf(current.active) : t("Terminal");
  useEffect(() => tell("window.title", { title }), [title]);

  const leave = () => {
    setPanel("");
    setFinding(false);
    active?.focus();
  };
  const mine = new Set(panes.tabs.flatMap(({ tree }) => panesOf(tree)).map((pane) => panes.session(pane)?.id));
  const others = terminals.filter((row) => !mine.has(row.id));
  return (
    <main className={flash ? "window flash" : "window"} style={{ background: theme.background }}>
      <Tabs
        tabs={panes.tabs.map((tab) => ({ key: tab.key, title: titleOf(tab.active), rang: false }))}
        current={current?.key}
        waiting={others.filter((row) => row.attached === 0 && row.state !== "ended").length}
        onSelect={panes.select}
        onClose={closeTab}
        onNew={() => panes.openTab()}
        onSessions={() => setPanel(panel === "sessions" ? "" : "sessions")}
        onFind={() => setFinding(true)}
        onSettings={() => setPanel(panel === "settings" ? "" : "settings")}
      />
      <div className="panes">
        {panes.tabs.flatMap((tab) =>
          [...rectsOf(tab.tree)].map(([pane, rect]) => (
            <Pane
              key={pane}
              session={panes.session(pane)}
              fault={panes.fault(pane)}
              rect={rect}
              shown={tab.key === current?.key}
              active={tab.active === pane}
              end={ends.get(pane) ?? null}
              onClose={() => closePane(pane)}
            />
          )),
        )}
        {current && dividersOf(current.tree).map((divider) => <Edge key={divider.path} divider={divider} onMove={panes.setRatio} />)}
        {finding && active && <Find key={active.id} session={active} onClose={leave} />}
        {panel === "settings" && <SettingsPanel settings={settings} onChange={save} onClose={leave} />}
        {panel === "sessions" && (
          <SessionsPanel
            terminals={others}
            onAttach={(id) => { setPanel(""); panes.openTab(id); }}
            onEnd={({ id }) => tell("terminal.close", { id })}
            onClose={leave}
          />
        )}
        {(note || link) && <div className="note" role="status">{note || `${link} — ${t("Ctrl and a click open it")}`}</div>}
      </div>
      {question && (
        <Dialog title={question.title} choices={question.choices} onCancel={() => { setQuestion(null); active?.focus(); }}>
          {question.text && <pre>{question.text.slice(0, 4000)}</pre>}
        </Dialog>
      )}
    </main>
  );
}

/** Between two halves; it can be dragged. */
function Edge({ divider, onMove }: { divider: Divider; onMove: (path: string, ratio: number) => void }) {
  const { rect, direction, ratio, path } = divider;
  const row = direction === "row";
  const at = row ? rect.left + rect.width * ratio : rect.top + rect.height * ratio;
  return (
    <div
      className={row ? "edge upright" : "edge"}
      role="separator"
      style={
        row
          ? { left: `${at * 100}%`, top: `${rect.top * 100}%`, height: `${rect.height * 100}%` }
          : { top: `${at * 100}%`, left: `${rect.left * 100}%`, width: `${rect.width * 100}%` }
      }
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={(event) => {
        const box = event.currentTarget.parentElement?.getBoundingClientRect();
        if (!box || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
        const x = (event.clientX - box.left) / box.width;
        const y = (event.clientY - box.top) / box.height;
        onMove(path, row ? (x - rect.left) / rect.width : (y - rect.top) / rect.height);
      }}
    />
  );
}

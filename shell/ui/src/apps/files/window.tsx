// SPDX-License-Identifier: GPL-3.0-or-later
// A window of Files.
import "./parts.css";
import "./files.css";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { Dialog } from "../../lib/dialog";
import type { Deed, Row } from "../../lib/files";
import { formatBytes } from "../../lib/format";
import { ask, tell } from "../../lib/host";
import { t, tn } from "../../lib/i18n";
import { Icon } from "../../lib/icons";
import { useHost } from "../../lib/page";
import { AboutDialog } from "./about";
import { message, useDeeds } from "./deeds";
import { useDragging } from "./drag";
import { Empty } from "./empty";
import { Conflict, Jobs } from "./jobs";
import { actionOf, type Action } from "./keys";
import { columnNames, List } from "./list";
import { Menu, type Entry } from "./menu";
import { OpenWith } from "./open_with";
import { Places } from "./places";
import { readSettings, type Settings } from "./settings";
import { columns, runsOf, type Order } from "./sort";
import { Tabs } from "./tabs";
import { Toolbar } from "./toolbar";
import { useViews } from "./use_views";

const noteTime = 8000;
const openMost = 20;

type Over =
  | { kind: "menu"; x: number; y: number; of: "files" | "window" }
  | { kind: "about"; rows: Row[] }
  | { kind: "with"; rows: Row[]; none: boolean }
  | { kind: "delete"; rows: Row[] }
  | { kind: "empty"; rows: readonly Row[] };

function nameOf(rows: readonly Row[]): string {
  return rows.length === 1 ? (rows[0]?.name ?? "") : tn("{n} item", "{n} items", rows.length);
}

function focusList(): void {
  document.querySelector<HTMLElement>("[data-files]")?.focus();
}

/** Where nothing else was opened that has the keyboard. */
function focusListAgain(): void {
  if (!document.querySelector(".veil, .cover") && !(document.activeElement instanceof HTMLInputElement)) focusList();
}

export function Window() {
  const { settings: stored, closing, filesPlaces = [], filesJobs = [], filesSaid, filesAbout = false } = useHost();
  const [settings, setSettings] = useState(() => readSettings(stored));
  const [note, setNote] = useState(filesSaid ?? "");
  const [typing, setTyping] = useState<"" | "path" | "search">("");
  const [opened, setOver] = useState<Over | null>(null);
  const [wantsAbout, setWantsAbout] = useState(filesAbout);
  const [renaming, setRenaming] = useState(0);
  const [cut, setCut] = useState<ReadonlySet<number>>(new Set());
  const [answered, setAnswered] = useState("");
  const fault = useCallback((error: unknown) => setNote(message(error)), []);
  const [ends, setEnds] = useState(false);
  const onLast = useCallback(() => setEnds(true), []);
  const views = useViews(settings, fault, onLast);
  const { run, done, undo, working } = useDeeds(setNote);
  const { current, go } = views;
  const state = current?.state;
  const view = state?.view ?? 0;
  const trash = state?.kind === "trash";
  const writable = state?.kind === "folder";
  const chosen = current?.chosen ?? [];
  const over: Over | null = opened ?? (wantsAbout && chosen.length > 0 ? { kind: "about", rows: chosen } : null);
  const asking = filesJobs.find(({ question }) => question);
  const askedNow = asking?.question ? `${asking.job}:${asking.at}:${asking.question.name}` : "";

  const save = useCallback((next: Settings) => {
    setSettings(next);
    ask("settings.set", { settings: next }).catch((error: unknown) => setNote(message(error)));
  }, []);
  const order = useMemo((): Order => ({ by: settings.by, down: settings.down }), [settings.by, settings.down]);

  const { target, begin } = useDragging(current, run, nameOf, fault);
  const title = state?.title ?? t("Files");
  useEffect(() => tell("window.title", { title }), [title]);
  const path = state?.path;
  const shows = state?.kind;
  useEffect(() => {
    if (!(document.activeElement instanceof HTMLInputElement)) focusList();
  }, [view, path, shows]);
  useEffect(() => {
    if (!note) return;
    const timer = window.setTimeout(() => setNote(""), noteTime);
    return () => window.clearTimeout(timer);
  }, [note]);
  const busy = filesJobs.length > 0;
  const [waits, setWaits] = useState(closing);
  const leaving = closing !== waits || ends;
  useEffect(() => {
    if (leaving && !busy && !working) tell("window.close");
  }, [leaving, busy, working]);

  const leave = useCallback(() => {
    setOver(null);
    setWantsAbout(false);
    window.setTimeout(focusListAgain);
  }, []);
  const type = (what: "" | "path" | "search") => {
    setTyping(what);
    if (what !== "search" && state?.kind === "search") views.search("");
    if (what === "") focusList();
  };
  const items = (rows: readonly Row[]) => ({ view, items: runsOf(rows.map(({ id }) => id)) });

  const open = (rows: readonly Row[], tab: boolean) => {
    const folders = rows.filter(({ is }) => is === "folder");
    const files = rows.filter(({ is }) => is !== "folder");
    if (trash) {
      setNote(t("What is in the trash is opened after it is restored."));
      return;
    }
    const [folder] = folders;
    if (folder && rows.length === 1 && !tab) {
      setTyping("");
      void go({ item: folder.id }).then(focusList);
    } else for (const each of folders.slice(0, openMost)) void go({ item: each.id }, true);
    if (files.length === 0) return;
    ask<{ none: number[] }>("files.launch", items(files)).then(({ none }) => {
      if (none.length > 0) setOver({ kind: "with", rows: files.filter(({ id }) => none.includes(id)), none: true });
    }, fault);
  };
  const toTrash = () => {
    if (!current || chosen.length === 0) return;
    if (trash) setOver({ kind: "delete", rows: chosen });
    else void run(current, t("Moved to the trash: {what}", { what: nameOf(chosen) }), ask<Deed>("files.trash", items(chosen)));
  };
  const newFolder = () => {
    if (!current || !writable) return;
    void run(current, t("New folder"), ask<Deed>("files.folder", { view })).then((deed) => deed?.ids[0] && setRenaming(deed.ids[0]));
  };
  const rename = async (id: number, name: string): Promise<boolean> => {
    const row = current?.row(id);
    if (!current || !row) return true;
    return (await run(current, t("Renamed: {name}", { name: row.name }), ask<Deed>("files.rename", { view, item: id, name }))) !== null;
  };
  const copy = (rows: readonly Row[], cutting: boolean) => {
    if (rows.length === 0) return;
    ask("files.copy", { ...items(rows), cut: cutting }).then(() => {
      setCut(new Set(cutting ? rows.map(({ id }) => id) : []));
      setNote(cutting ? t("Cut: {what}", { what: nameOf(rows) }) : t("Copied: {what}", { what: nameOf(rows) }));
    }, fault);
  };
  const paste = () => {
    if (!current) return;
    setCut(new Set());
    void run(current, t("Pasted into {folder}", { folder: title }), ask<Deed>("files.paste", { view }));
  };
  const restore = () => {
    if (current && chosen.length > 0) void run(current, t("Restored: {what}", { what: nameOf(chosen) }), ask<Deed>("files.restore", items(chosen)));
  };
  const menuAtCursor = () => {
    const box = document.getElementById(`row-${current?.cursor ?? 0}`)?.getBoundingClientRect();
    setOver({ kind: "menu", x: box ? box.left + 40 : 240, y: box ? box.bottom : 80, of: "files" });
  };

  const act = (action: Action) => {
    switch (action.do) {
      case "tab": case "go-tab": {
        const at = views.views.findIndex(({ state: each }) => each.view === view);
        const to = views.views[action.do === "tab" ? (at + action.by + views.views.length) % views.views.length : action.at];
        if (to) views.select(to.state.view);
        break;
      }
      case "undo": undo(); break;
      case "search": if (state && state.crumbs.length > 0) type("search"); break;
      case "path": type("path"); break;
      case "new-tab": void go(state?.crumbs.length ? { crumb: state.crumbs.length - 1 } : { place: "home" }, true); break;
      case "close-tab": views.close(view); break;
      case "new-window": tell("files.window", { view }); break;
      case "new-folder": newFolder(); break;
      case "hidden": save({ ...settings, hidden: !settings.hidden }); break;
      case "select-all": current?.selectAll(); break;
      case "copy": copy(chosen, false); break;
      case "cut": copy(chosen, true); break;
      case "paste": paste(); break;
      case "back": case "forward": case "up": setTyping(""); void go({ step: action.do }).then(focusList); break;
      case "home": setTyping(""); void go({ place: "home" }).then(focusList); break;
      case "reload": void go({ step: "reload" }); break;
      case "fullscreen": tell("window.fullscreen"); break;
      case "properties": if (chosen.length > 0) setOver({ kind: "about", rows: chosen }); break;
      case "rename": if (chosen.length === 1 && !trash) setRenaming(chosen[0]?.id ?? 0); break;
      case "trash": toTrash(); break;
      case "delete": if (chosen.length > 0) setOver({ kind: "delete", rows: chosen }); break;
      case "menu": menuAtCursor(); break;
      case "grid": case "list": save({ ...settings, as: action.do }); break;
    }
  };
  const latest = useRef(act);
  useEffect(() => {
    latest.current = act;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const action = actionOf(event, document.documentElement.dir === "rtl");
      if (!action || event.defaultPrevented || event.isComposing || document.querySelector(".veil, .cover")) return;
      // A field has its own letters; what leads elsewhere is the window's.
      const inField = event.target instanceof HTMLInputElement;
      if (inField && !["path", "search", "new-tab", "close-tab", "new-window", "fullscreen", "grid", "list", "tab", "go-tab"].includes(action.do)) return;
      event.preventDefault();
      latest.current(action);
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);

  const entries = (): Entry[] => {
    if (trash && chosen.length > 0)
      return [
        { label: t("Restore"), run: restore },
        { label: t("Delete for good…"), keys: "Delete", destructive: true, run: () => act({ do: "delete" }) },
        { label: t("Properties"), keys: "Alt+Enter", apart: true, run: () => act({ do: "properties" }) },
      ];
    if (chosen.length > 0)
      return [
        { label: t("Open"), keys: "Enter", run: () => open(chosen, false) },
        ...(chosen.every(({ is }) => is !== "folder") ? [{ label: t("Open with…"), run: () => setOver({ kind: "with", rows: chosen, none: false }) }] : [{ label: t("Open in a new tab"), keys: "Ctrl+Enter", run: () => open(chosen, true) }]),
        { label: t("Cut"), keys: "Ctrl+X", apart: true, run: () => copy(chosen, true) },
        { label: t("Copy"), keys: "Ctrl+C", run: () => copy(chosen, false) },
        { label: t("Rename"), keys: "F2", apart: true, disabled: chosen.length !== 1, run: () => act({ do: "rename" }) },
        { label: t("Move to the trash"), keys: "Delete", run: toTrash },
        { label: t("Delete for good…"), keys: "Shift+Delete", destructive: true, run: () => act({ do: "delete" }) },
        { label: t("Properties"), keys: "Alt+Enter", apart: true, run: () => act({ do: "properties" }) },
      ];
    return windowEntries();
  };
  const windowEntries = (): Entry[] => [
    ...(writable
      ? [
          { label: t("New folder"), keys: "Ctrl+Shift+N", run: newFolder },
          { label: t("Paste"), keys: "Ctrl+V", run: paste },
        ]
      : []),
    ...(trash ? [{ label: t("Empty the trash…"), destructive: true, disabled: (current?.order.length ?? 0) === 0, run: () => setOver({ kind: "empty", rows: current?.order ?? [] }) }] : []),
    { label: t("Select all"), keys: "Ctrl+A", run: () => act({ do: "select-all" }) },
    { label: done.length > 0 ? t("Undo: {what}", { what: done.at(-1)?.label ?? "" }) : t("Nothing to undo"), keys: "Ctrl+Z", disabled: done.length === 0, run: undo },
    { label: t("Hidden files"), keys: "Ctrl+H", checked: settings.hidden, apart: true, run: () => act({ do: "hidden" }) },
    ...columns.map((by, k): Entry => ({ label: t("Sort by: {column}", { column: columnNames(trash)[by] }), checked: settings.by === by, apart: k === 0, run: () => save({ ...settings, by, down: settings.by === by ? !settings.down : false }) })),
    { label: t("New tab"), keys: "Ctrl+T", apart: true, run: () => act({ do: "new-tab" }) },
    { label: t("New window"), keys: "Ctrl+N", run: () => act({ do: "new-window" }) },
    { label: t("Type a folder"), keys: "Ctrl+L", run: () => type("path") },
  ];

  if (!current || !state) return <main className="window" />;
  const count = current.order.length;
  const size = chosen.reduce((sum, row) => sum + (row.size ?? 0), 0);
  return (
    <main className="window">
      <Places places={filesPlaces} current={state.kind === "search" ? "" : state.place} over={target?.place} onGo={(place, tab) => { setTyping(""); void go({ place }, tab).then(focusList); }} />
      <div className="main">
        <Toolbar
          state={state}
          as={settings.as}
          typing={typing}
          onStep={(step) => act({ do: step })}
          onCrumb={(crumb, tab) => void go({ crumb }, tab).then(focusList)}
          onPath={(path) => void go({ path }).then(() => { setTyping(""); focusList(); })}
          onSearch={views.search}
          onType={type}
          onShow={(as) => save({ ...settings, as })}
          onMenu={(x, y) => setOver({ kind: "menu", x, y, of: "window" })}
        />
        {views.views.length > 1 ? (
          <Tabs tabs={views.views.map(({ state: each }) => ({ view: each.view, title: each.title }))} current={view} onSelect={views.select} onClose={views.close} onNew={() => act({ do: "new-tab" })} />
        ) : null}
        <div className="body">
          <List
            key={`${view}:${state.path}:${state.kind}`}
            view={current}
            version={views.version}
            as={settings.as}
            order={order}
            renaming={renaming}
            cut={cut}
            over={target && target.place === undefined ? (target.item ?? 0) : null}
            onDrag={begin}
            onSort={(next) => save({ ...settings, ...next })}
            onOpen={open}
            onRename={rename}
            onRenameEnd={() => { setRenaming(0); focusList(); }}
            onMenu={(x, y) => setOver({ kind: "menu", x, y, of: "files" })}
          />
          {count === 0 ? <Empty view={current} hidden={settings.hidden} /> : null}
          {note ? (
            <div className="note" role="status">
              <span className="copyable-text" dir="auto">{note}</span>
              <button type="button" className="tool" aria-label={t("Close")} onClick={() => setNote("")}>
                <Icon name="close" />
              </button>
            </div>
          ) : null}
        </div>
        <Jobs jobs={filesJobs.filter(({ question }) => !question)} />
        <footer className="status">
          <span role="status">
            {chosen.length > 0 ? tn("{n} chosen", "{n} chosen", chosen.length) + (size > 0 ? ` · ${formatBytes(size)}` : "") : current.loading ? t("Looking…") : state.kind === "mesh" ? "" : tn("{n} item", "{n} items", count)}
          </span>
          {current.cut ? <span className="cut-note">{t("There is more than is shown here.")}</span> : null}
          {trash && count > 0 ? (
            <>
              <button type="button" className="push" disabled={chosen.length === 0} onClick={restore}>{t("Restore")}</button>
              <button type="button" className="push" onClick={() => setOver({ kind: "empty", rows: current.order })}>{t("Empty the trash…")}</button>
            </>
          ) : null}
        </footer>
      </div>
      {over?.kind === "menu" ? <Menu x={over.x} y={over.y} label={t("What can be done")} entries={over.of === "files" ? entries() : windowEntries()} onClose={leave} /> : null}
      {over?.kind === "about" ? <AboutDialog view={view} rows={over.rows} onClose={leave} onFault={fault} /> : null}
      {over?.kind === "with" ? <OpenWith view={view} rows={over.rows} none={over.none} onClose={leave} onFault={fault} /> : null}
      {over?.kind === "delete" ? (
        <Dialog
          title={t("Delete for good: {what}?", { what: nameOf(over.rows) })}
          onCancel={leave}
          choices={[{ label: t("Delete"), destructive: true, run: () => { const { rows } = over; leave(); void run(current, "", ask<Deed>("files.delete", items(rows))); } }]}
        >
          <p>{t("This cannot be taken back.")}</p>
        </Dialog>
      ) : null}
      {over?.kind === "empty" ? (
        <Dialog
          title={tn("Delete {n} item in the trash for good?", "Delete all {n} items in the trash for good?", over.rows.length)}
          onCancel={leave}
          choices={[{ label: t("Empty the trash"), destructive: true, run: () => { const { rows } = over; leave(); void run(current, "", ask<Deed>("files.delete", items(rows))); } }]}
        >
          <p>{t("This cannot be taken back.")}</p>
        </Dialog>
      ) : null}
      {leaving && busy ? (
        <Dialog title={t("Something is being done still")} leave={t("Wait")} onCancel={() => { setWaits(closing); setEnds(false); leave(); }} choices={[{ label: t("Stop and close"), destructive: true, run: () => tell("window.close") }]}>
          <p>{t("What is done already stays done.")}</p>
        </Dialog>
      ) : null}
      {asking?.question && askedNow !== answered ? <Conflict key={askedNow} job={asking.job} question={asking.question} onAnswered={() => { setAnswered(askedNow); window.setTimeout(focusList); }} /> : null}
    </main>
  );
}

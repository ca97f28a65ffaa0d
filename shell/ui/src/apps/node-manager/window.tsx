// SPDX-License-Identifier: GPL-3.0-or-later
// A window of Node Manager: its pages, what is looked for, and what lies over them.
import "./node-manager.css";
import "./lists.css";
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore, type KeyboardEvent as Key } from "react";
import { source } from "../../lib/arena";
import type { TableName } from "../../lib/arena_layout";
import { Dialog } from "../../lib/dialog";
import { ask, tell, type NodeState } from "../../lib/host";
import { t } from "../../lib/i18n";
import { Icon, type IconName } from "../../lib/icons";
import { useHost } from "../../lib/page";
import { Actors } from "./actors";
import type { Desk, Question } from "./desk";
import { actionOf } from "./keys";
import { Logs } from "./logs";
import { Overview } from "./overview";
import { PlaceBand, PlaceChoice, placeName } from "./place_choice";
import { Peers } from "./peers";
import { Resources } from "./resources";
import { pages, readSettings, type PageName, type Settings } from "./settings";
import { Services } from "./services";
import { Simulator } from "./simulator";
import { Shortcuts } from "./shortcuts";
import { message } from "./text";
import { setWhere, usePlaces, where } from "./where";

const noteTime = 8000;
const saveDelay = 400;
const interval = 1000;

const tablesOf: Record<PageName, readonly TableName[]> = {
  overview: ["node", "resources", "nodes", "peers"],
  actors: ["actors"],
  peers: ["nodes", "peers"],
  services: ["node"],
  resources: [],
  logs: [],
  simulator: [],
};

function labels(): Record<PageName, [IconName, string]> {
  return { overview: ["gauge", t("Overview")], actors: ["tree", t("Actors")], peers: ["mesh", t("Other nodes")], services: ["service", t("Services")], resources: ["chip", t("Resources")], logs: ["log", t("Logs")], simulator: ["flask", t("Simulator")] };
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

function useArenaIsThere(): boolean {
  return useSyncExternalStore(source.onEpoch, () => source.arena !== undefined);
}

/** Only what the page shows is read, and nothing while nobody sees it. */
function useReading(page: PageName): void {
  useEffect(() => {
    const read = () => source.read({ tables: document.hidden ? [] : tablesOf[page], interval });
    read();
    document.addEventListener("visibilitychange", read);
    return () => document.removeEventListener("visibilitychange", read);
  }, [page]);
}

function Absent({ node }: { node: NodeState | undefined }) {
  const there = useArenaIsThere();
  const sentence = source.wrong
    ? source.wrong
    : node?.connected === false
      ? t("The node of this computer does not answer. It is being started again; what you see is from before, and goes on by itself.")
      : node?.connected && !there
        ? t("The node is there. Its figures are on their way.")
        : "";
  if (!sentence) return null;
  return (
    <div className="absent" role="status">
      <Icon name="unplugged" />
      <span className="copyable-text">{sentence}</span>
    </div>
  );
}

/** The window's own settings: another window of it does not change them. */
function useSettings(stored: Record<string, unknown> | undefined, onFault: (sentence: string) => void): [Settings, (change: Partial<Settings>) => void] {
  const [settings, setSettings] = useState(() => readSettings(stored));
  const saved = useRef(settings);
  useEffect(() => {
    if (saved.current === settings) return;
    const timer = window.setTimeout(() => {
      saved.current = settings;
      ask("settings.set", { settings }).catch((error: unknown) => onFault(message(error)));
    }, saveDelay);
    return () => window.clearTimeout(timer);
  }, [settings, onFault]);
  // What is as it was changes nothing: else a key that is held would put the saving off.
  const change = useCallback(
    (some: Partial<Settings>) =>
      setSettings((now) => ((Object.keys(some) as (keyof Settings)[]).every((key) => now[key] === some[key]) ? now : { ...now, ...some })),
    [],
  );
  return [settings, change];
}

function Pages({ page, onSelect }: { page: PageName; onSelect: (page: PageName, stay?: boolean) => void }) {
  const texts = labels();
  const onKeyDown = (event: Key) => {
    const by = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    const to = by && pages[(pages.indexOf(page) + by + pages.length) % pages.length];
    if (!to) return;
    event.preventDefault();
    onSelect(to, true);
    event.currentTarget.querySelector<HTMLElement>(`[data-page="${to}"]`)?.focus();
  };
  return (
    <nav className="pages" role="tablist" aria-label={t("Pages")} aria-orientation="vertical" onKeyDown={onKeyDown}>
      {pages.map((name, i) => {
        const [icon, label] = texts[name];
        return (
          <button
            key={name}
            type="button"
            role="tab"
            data-page={name}
            aria-selected={name === page}
            aria-controls={name === page ? "page" : undefined} // WebKit says of all who control what has the keyboard that they are selected
            tabIndex={name === page ? 0 : -1}
            title={`${label} (Ctrl+${i + 1})`}
            onClick={() => onSelect(name)}
          >
            <Icon name={icon} />
            <span>{label}</span>
          </button>
        );
      })}
    </nav>
  );
}

export function Window() {
  const { node, settings: stored, closing, appearance } = useHost();
  const [note, setNote] = useState("");
  const [question, setQuestion] = useState<Question | null>(null);
  const [shortcuts, setShortcuts] = useState(false);
  const [query, setQuery] = useState("");
  const [settings, change] = useSettings(stored, setNote);
  const theme = `${useDark() ? "dark" : "light"}-${appearance?.highContrast ? "high" : "normal"}-${appearance?.accent ?? ""}`;
  const search = useRef<HTMLInputElement>(null);
  const body = useRef<HTMLElement>(null);
  const { page } = settings;
  const searches = page !== "overview" && page !== "simulator";
  const [chosen, setChosen] = useState("");
  const elsewhere = page === "actors" || page === "resources" || page === "logs";
  const places = usePlaces(elsewhere);
  const choose = (id: string) => {
    setWhere(id);
    setChosen(id);
    setQuestion(null); // it was about the other one
  };
  const place = places.find(({ id }) => id === chosen);
  const computer = elsewhere && chosen ? placeName(place ?? { id: chosen, name: "" }) : "";
  useReading(page);

  const desk = useMemo((): Desk => {
    const put = (asked: Question) => {
      if (where() !== chosen) return; // it is about a computer that is shown no more
      setQuestion(computer ? { ...asked, title: t("On “{computer}”: {question}", { computer, question: asked.title }) } : asked);
    };
    return { note: setNote, ask: put, answered: () => setQuestion(null), query: searches ? query : "" };
  }, [query, searches, chosen, computer]);
  useEffect(() => {
    if (!note) return;
    const timer = window.setTimeout(() => setNote(""), noteTime);
    return () => window.clearTimeout(timer);
  }, [note]);
  useEffect(() => {
    if (closing) tell("window.close");
  }, [closing]);

  const focusPage = useCallback(() => {
    const list = body.current?.querySelector<HTMLElement>('[role="grid"], [role="treegrid"], [role="application"]');
    (list ?? body.current?.querySelector<HTMLElement>(".page"))?.focus();
  }, []);
  // The keyboard is where the person looks, unless it goes through the pages' names.
  const stays = useRef(false);
  const go = useCallback(
    (to: PageName, stay = false) => {
      stays.current = stay;
      setQuery("");
      change({ page: to });
      if (!stay) focusPage();
    },
    [change, focusPage],
  );
  useEffect(() => {
    if (!stays.current) focusPage();
  }, [page, focusPage]);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const action = actionOf(event);
      if (!action || event.defaultPrevented || question || shortcuts || document.querySelector(".veil")) return;
      event.preventDefault();
      const at = pages.indexOf(page);
      switch (action.do) {
        case "find": search.current?.select(); search.current?.focus(); break;
        case "shortcuts": setShortcuts(true); break;
        case "close": tell("window.close"); break;
        case "new-window": tell("window.new"); break;
        case "fullscreen": tell("window.fullscreen"); break;
        case "page": { const to = pages[action.at]; if (to) go(to); break; }
        case "step": { const to = pages[(at + action.by + pages.length) % pages.length]; if (to) go(to); break; }
      }
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [page, question, shortcuts, go]);

  const common = { desk, settings, onSettings: change };
  return (
    <main className="window">
      <div className="bar">
        <Pages page={page} onSelect={go} />
        <div className="tools">
          {elsewhere && <PlaceChoice places={places} chosen={chosen} onChoose={choose} />}
          {searches && (
            <input
              ref={search}
              className="field"
              type="search"
              aria-label={t("Search")}
              placeholder={t("Search (Ctrl+F)")}
              value={query}
              maxLength={100}
              onChange={(event) => setQuery(event.target.value)}
              onKeyDown={(event) => {
                if (event.key === "Escape") setQuery("");
                if (event.key === "Escape" || event.key === "Enter" || event.key === "ArrowDown") {
                  event.preventDefault();
                  focusPage();
                }
              }}
            />
          )}
          <button type="button" className="push" title={t("Keyboard shortcuts (F1)")} aria-label={t("Keyboard shortcuts")} onClick={() => setShortcuts(true)}>
            <Icon name="keyboard" />
          </button>
        </div>
      </div>
      <section ref={body} id="page" className="body" role="tabpanel" aria-label={labels()[page][1]}>
        <Absent node={node} />
        {computer && <PlaceBand name={computer} />}
        {page === "overview" && <Overview node={node} range={settings.range} onRange={(range) => change({ range })} theme={theme} />}
        {page === "actors" && <Actors key={chosen} {...common} />}
        {page === "peers" && <Peers {...common} theme={theme} />}
        {page === "services" && <Services {...common} />}
        {page === "logs" && <Logs key={chosen} {...common} />}
        {page === "simulator" && <Simulator desk={desk} theme={theme} />}
        {page === "resources" && <Resources key={chosen} {...common} onSearch={setQuery} />}
      </section>
      {note && (
        <div className="note" role="status">
          <span className="copyable-text" dir="auto">
            {note}
          </span>
          <button type="button" className="push" aria-label={t("Close")} onClick={() => setNote("")}>
            ×
          </button>
        </div>
      )}
      {question && (
        <Dialog
          title={question.title}
          choices={question.choices}
          {...(question.leave ? { leave: question.leave } : {})}
          onCancel={() => {
            setQuestion(null);
            focusPage();
          }}
        >
          {question.text}
        </Dialog>
      )}
      {shortcuts && (
        <Shortcuts
          onClose={() => {
            setShortcuts(false);
            focusPage();
          }}
        />
      )}
    </main>
  );
}

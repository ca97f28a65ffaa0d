// SPDX-License-Identifier: GPL-3.0-or-later
// The window of Settings: its pages, the way back, and what is on trial.
import "./settings.css";
import { useCallback, useEffect, useRef, useState, type KeyboardEvent as Key, type ReactNode } from "react";
import type { SettingsDesk } from "../../lib/desk";
import { Dialog } from "../../lib/dialog";
import { ask, tell } from "../../lib/host";
import { t, tn } from "../../lib/i18n";
import { Icon } from "../../lib/icons";
import { useHost } from "../../lib/page";
import { store } from "../../lib/store";
import { About } from "./about";
import { Accessibility } from "./accessibility";
import { Appearance } from "./appearance";
import { Defaults } from "./defaults";
import { message, useDeeds, type Deeds } from "./deeds";
import type { Done } from "./history";
import { Displays } from "./displays";
import { Keyboard } from "./keyboard";
import { actionOf } from "./keys";
import { Language } from "./language";
import { Mesh } from "./mesh";
import { Notifications } from "./notifications";
import { aboutPages, findPages, isPage, pages, type PageName } from "./pages";
import { Pointer } from "./pointer";
import { Power } from "./power";
import { Privacy } from "./privacy";
import { UsersPage } from "./users";

export interface PageProperties {
  desk: SettingsDesk;
  deeds: Deeds;
  /** What can be taken back. */
  done: readonly Done[];
  /** Says for a while what has come of something. */
  note: (sentence: string) => void;
}

const noteTime = 8000;

const views: Record<PageName, (properties: PageProperties) => ReactNode> = {
  displays: Displays, keyboard: Keyboard, pointer: Pointer, appearance: Appearance, accessibility: Accessibility, power: Power, notifications: Notifications, privacy: Privacy, mesh: Mesh, users: UsersPage, language: Language, defaults: Defaults, about: About,
};

/** Pages that say something also where the compositor does not answer. */
const alone: readonly PageName[] = ["appearance", "notifications", "privacy", "mesh", "users", "language", "defaults", "about"];

interface PagesProperties {
  page: PageName;
  shown: readonly PageName[];
  onSelect: (page: PageName, stay?: boolean) => void;
}

function Pages({ page, shown, onSelect }: PagesProperties) {
  const about = aboutPages();
  const onKeyDown = (event: Key) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const to = by && shown[(shown.indexOf(page) + by + shown.length) % shown.length];
    if (!to) return;
    event.preventDefault();
    onSelect(to, true);
    event.currentTarget.querySelector<HTMLElement>(`[data-page="${to}"]`)?.focus();
  };
  const stop = shown.includes(page) ? page : shown[0];
  return (
    <nav className="pages" role="tablist" aria-label={t("Pages")} aria-orientation="vertical" onKeyDown={onKeyDown}>
      {shown.map((name) => (
        <button key={name} type="button" role="tab" data-page={name} aria-selected={name === page} aria-controls={name === page ? "page" : undefined} tabIndex={name === stop ? 0 : -1} title={pages.indexOf(name) < 10 ? `${about[name].label} (Ctrl+${(pages.indexOf(name) + 1) % 10})` : about[name].label} onClick={() => onSelect(name)}>
          <Icon name={about[name].icon} />
          <span>{about[name].label}</span>
        </button>
      ))}
      {shown.length === 0 ? <p className="hint">{t("No page has such a setting.")}</p> : null}
    </nav>
  );
}

/** What is typed in a field is the field's to take back. */
function isBeingTyped(element: Element | null): boolean {
  if (!(element instanceof HTMLInputElement) || !["text", "search"].includes(element.type)) return false;
  return element.dataset["typed"] ? element.dataset["typed"] === "yes" : element.value !== "";
}

/** What cannot be seen goes back by itself: the host counts. */
function TrialQuestion({ left, onFault }: { left: number; onFault: (sentence: string) => void }) {
  const fail = (error: unknown) => onFault(message(error));
  return (
    <Dialog
      title={t("Keep these displays?")}
      leave={t("Go back")}
      onCancel={() => void ask("output.revert").catch(fail)}
      choices={[{ label: t("Keep"), run: () => void ask("output.keep").catch(fail) }]}
    >
      <p role="timer">{tn("They go back by themselves in {n} second.", "They go back by themselves in {n} seconds.", left)}</p>
    </Dialog>
  );
}

export function Window() {
  const { desk, settings: stored, closing, trial } = useHost();
  const [page, setPage] = useState<PageName>(() => [store.get().goTo?.page, stored?.["page"]].find(isPage) ?? "displays");
  const [query, setQuery] = useState("");
  const [note, setNote] = useState("");
  const { deeds, done, undo, forgetTrial } = useDeeds(setNote);
  const search = useRef<HTMLInputElement>(null);
  const body = useRef<HTMLElement>(null);
  const shown = findPages(query);
  const last = done.at(-1);
  const onTrial = (trial?.left ?? 0) > 0;

  const go = useCallback((to: PageName, stay = false) => {
    setPage(to);
    ask("settings.set", { settings: { page: to } }).catch((error: unknown) => setNote(message(error)));
    body.current?.scrollTo(0, 0);
    if (!stay) body.current?.focus();
  }, []);
  useEffect(() => {
    let place = store.get().goTo?.serial;
    return store.subscribe(() => {
      const { goTo } = store.get();
      if (!goTo || goTo.serial === place) return;
      place = goTo.serial;
      if (isPage(goTo.page)) go(goTo.page);
    });
  }, [go]);
  useEffect(() => body.current?.focus(), []);
  useEffect(() => {
    if (!note) return;
    const timer = window.setTimeout(() => setNote(""), noteTime);
    return () => window.clearTimeout(timer);
  }, [note]);
  useEffect(() => {
    if (closing) tell("window.close");
  }, [closing]);
  const wasOnTrial = useRef(false);
  useEffect(() => {
    if (wasOnTrial.current && !onTrial && !trial?.kept) {
      forgetTrial();
      setNote(t("The displays are as they were before."));
    }
    wasOnTrial.current = onTrial;
  }, [onTrial, trial, forgetTrial]);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const action = actionOf(event);
      if (!action || event.defaultPrevented || document.querySelector(".veil")) return;
      if (action.do === "undo" && isBeingTyped(document.activeElement)) return;
      event.preventDefault();
      const at = pages.indexOf(page);
      switch (action.do) {
        case "undo": undo(); break;
        case "find": search.current?.select(); search.current?.focus(); break;
        case "close": tell("window.close"); break;
        case "fullscreen": tell("window.fullscreen"); break;
        case "page": { const to = pages[action.at]; if (to) go(to); break; }
        case "step": { const to = pages[(at + action.by + pages.length) % pages.length]; if (to) go(to); break; }
      }
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [page, undo, go]);

  const View = views[page];
  const wrong = desk?.input?.LastConfigError[1];
  return (
    <main className="window">
      <div className="bar">
        <input
          ref={search}
          className="field"
          type="search"
          aria-label={t("Search settings")}
          placeholder={t("Search (Ctrl+F)")}
          value={query}
          maxLength={100}
          onChange={(event) => setQuery(event.target.value)}
          onKeyDown={(event) => {
            const first = shown[0];
            if (event.key === "Escape") setQuery("");
            if (event.key === "Enter" && first) go(first);
          }}
        />
        <Pages page={page} shown={shown} onSelect={go} />
        <button type="button" className="push undo" disabled={!last || onTrial} title={last ? t("Undo (Ctrl+Z): {what}", { what: last.label }) : t("Nothing to undo")} onClick={undo}>
          <Icon name="undo" />
          <span className="what">{last ? t("Undo: {what}", { what: last.label }) : t("Nothing to undo")}</span>
        </button>
      </div>
      <section ref={body} id="page" className="body" role="tabpanel" tabIndex={-1} aria-label={aboutPages()[page].label}>
        <div className="page">
          <h1>{aboutPages()[page].label}</h1>
          {desk && !desk.present ? <p className="absent" role="status">{t("The compositor does not answer. Its settings appear again when it does.")}</p> : null}
          {wrong ? (
            <p className="absent copyable-text" role="alert">{t("The settings’ file has a mistake, so that nothing can be changed until it is mended: {mistake}", { mistake: wrong })}</p>
          ) : null}
          {desk && (desk.present || alone.includes(page)) ? <View desk={desk} deeds={deeds} done={done} note={setNote} /> : null}
        </div>
      </section>
      {note ? (
        <div className="note" role="status">
          <span className="copyable-text" dir="auto">{note}</span>
          <button type="button" className="push" aria-label={t("Close")} onClick={() => setNote("")}>
            ×
          </button>
        </div>
      ) : null}
      {onTrial ? <TrialQuestion left={trial?.left ?? 0} onFault={setNote} /> : null}
    </main>
  );
}

// SPDX-License-Identifier: GPL-3.0-or-later
// The notifications that there were: by program, searched, answered, cleared and had back.
import "./history.css";
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { ask, tell } from "../lib/host";
import { formatAgo, formatMoment } from "../lib/format";
import { t, tn } from "../lib/i18n";
import { Icon } from "../lib/icons";
import { NoteIcon, NoteView, type NoteCalls } from "../lib/note";
import { defaultAction, filterNotes, groupsOf, hasAction, type Group, type HistoryState, type Note } from "../lib/notes";
import { Failure } from "./failure";
import { NothingHere, SearchField, UndoBar, useTaken } from "./list_parts";
import { tellPainted } from "./painted";
import { Switch } from "./switch";

function Nothing({ history, query }: { history: HistoryState; query: string }) {
  let head = t("No notifications");
  let help = t("What programs have to say stands here, until you clear it.");
  if (query) {
    head = t("Nothing matches “{query}”", { query });
    help = t("Try a word of the notification, or the name of its program.");
  } else if (!history.active) {
    head = t("Another program shows the notifications");
    help = t("When it ends, they are shown here.");
  }
  return <NothingHere head={head} help={help} />;
}

interface GroupProps {
  group: Group;
  now: number;
  muted: boolean;
  calls: NoteCalls;
  onClear: () => void;
}

function GroupView({ group, now, muted, calls, onClear }: GroupProps) {
  const { name } = group;
  const mute = muted ? t("Let {name} pop up again", { name }) : t("Do not let {name} pop up", { name });
  const clear = t("Clear all of {name}", { name });
  return (
    <section className="group" aria-label={group.name}>
      <header className="group-head">
        <NoteIcon note={{ picture: 0, icon: group.entry ? "" : group.icon, entry: group.entry }} />
        <h2 dir="auto">{name}</h2>
        <span className="number">{group.notes.length}</span>
        <button
          type="button"
          className="tool"
          title={mute}
          aria-label={mute}
          aria-pressed={muted}
          onClick={() => tell("notes.mute", { source: group.source, on: !muted })}
        >
          <Icon name={muted ? "bell-off" : "bell"} />
        </button>
        <button type="button" className="tool" title={clear} aria-label={clear} onClick={onClear}>
          <Icon name="close" />
        </button>
      </header>
      <ul>
        {group.notes.map((note) => (
          <li
            key={note.id}
            className={`note ${note.urgency === 2 ? "critical" : ""} ${note.past ? "past" : ""}`}
            tabIndex={0}
            data-note={note.id}
            aria-label={`${note.app}: ${note.summary}`}
          >
            <NoteView
              note={note}
              calls={calls}
              closeLabel={t("Clear")}
              aside={
                <time dateTime={new Date(note.time).toISOString()} title={formatMoment(new Date(note.time))}>
                  {now - note.time < 60_000 ? t("now") : formatAgo(note.time, now)}
                </time>
              }
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Moves among the field and the notifications. */
function moveFocus(sheet: HTMLElement, by: number): void {
  const places = [...sheet.querySelectorAll<HTMLElement>(".history-search input, li[data-note]")];
  const at = places.findIndex((place) => place === document.activeElement || place.contains(document.activeElement));
  places[Math.min(Math.max(at + by, 0), places.length - 1)]?.focus();
}

export function History({ serial, history }: { serial: number; history: HistoryState }) {
  const [query, setQuery] = useState("");
  const [failure, setFailure] = useState("");
  const [cleared, setCleared] = useTaken();
  const input = useRef<HTMLInputElement>(null);
  const found = useMemo(() => filterNotes(history.notes, query), [history.notes, query]);
  const groups = useMemo(() => groupsOf(found), [found]);

  useEffect(() => input.current?.focus(), []);
  useEffect(() => tellPainted(serial), [serial]);

  const fail = (error: Error) => setFailure(error.message);
  const clear = (what: { id?: number; source?: string }, count: number) => {
    setCleared(count);
    ask("notes.clear", what).catch(fail);
    input.current?.focus();
  };
  const undo = () => {
    setCleared(0);
    ask("notes.undo").catch(fail);
  };
  const calls: NoteCalls = {
    act: (note, action) =>
      void ask("notes.act", { id: note.id, action })
        .then(() => ask("overlay.close"))
        .catch(fail),
    link: (note, href) =>
      void ask("notes.link", { id: note.id, href })
        .then(() => ask("overlay.close"))
        .catch(fail),
    reply: (note, text) => void ask("notes.reply", { id: note.id, text }).catch(fail),
    dismiss: (note) => clear({ id: note.id }, 1),
    writing: () => undefined,
  };
  const onNoteKey = (event: KeyboardEvent<HTMLElement>, note: Note) => {
    if (event.key === "Delete") clear({ id: note.id }, 1);
    else if (event.key === "Enter" && hasAction(note, defaultAction)) calls.act(note, defaultAction);
    else return;
    event.preventDefault();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      moveFocus(event.currentTarget, step);
    } else if (event.key === "z" && event.ctrlKey && cleared > 0) {
      event.preventDefault();
      undo();
    } else if (event.target instanceof HTMLElement && event.target.dataset["note"] !== undefined) {
      const id = Number(event.target.dataset["note"]);
      const note = found.find((each) => each.id === id);
      if (note) onNoteKey(event, note);
    }
  };

  return (
    <div className="sheet" role="dialog" aria-modal="true" aria-label={t("Notifications")} onKeyDown={onKeyDown}>
      <header className="history-head">
        <Switch
          on={history.doNotDisturb}
          label={t("Do not disturb")}
          onChange={(on) => void ask("notes.quiet", { on }).catch(fail)}
        />
        <button
          type="button"
          className="note-button"
          disabled={found.length === 0 || query !== ""}
          onClick={() => clear({}, history.notes.length)}
        >
          {t("Clear all")}
        </button>
      </header>
      {history.fullScreen && !history.doNotDisturb ? (
        <div className="history-hint" role="status">
          {t("A window fills the screen: only what is urgent pops up.")}
        </div>
      ) : null}
      <SearchField field={input} label={t("Search notifications")} found={tn("{n} notification", "{n} notifications", found.length)} query={query} onQuery={setQuery} />
      <Failure text={failure} />
      {groups.length === 0 ? (
        <Nothing history={history} query={query} />
      ) : (
        <div className="history-list">
          {groups.map((group) => (
            <GroupView
              key={group.source}
              group={group}
              now={history.now}
              muted={history.muted.includes(group.source)}
              calls={calls}
              onClear={() => clear({ source: group.source }, group.notes.length)}
            />
          ))}
        </div>
      )}
      {cleared > 0 ? <UndoBar text={tn("{n} notification cleared", "{n} notifications cleared", cleared)} onUndo={undo} /> : null}
    </div>
  );
}

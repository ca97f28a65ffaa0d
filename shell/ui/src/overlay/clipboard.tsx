// SPDX-License-Identifier: GPL-3.0-or-later
// What was copied: searched, put on the clipboard again, kept, removed and had back.
import "./clipboard.css";
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { findClips, linesOf, type Clip, type ClipboardState } from "../lib/clipboard";
import { formatAgo, formatBytes, formatMoment } from "../lib/format";
import { ask } from "../lib/host";
import { t, tn } from "../lib/i18n";
import { Icon } from "../lib/icons";
import { Failure } from "./failure";
import { NothingHere, SearchField, UndoBar, useTaken } from "./list_parts";
import { tellPainted } from "./painted";
import { Switch } from "./switch";

function Nothing({ state, query }: { state: ClipboardState; query: string }) {
  let head = t("Nothing was copied yet");
  let help = t("Texts and pictures that you copy stand here until you log out.");
  if (query) {
    head = t("Nothing matches “{query}”", { query });
    help = t("Try a word of what you copied.");
  } else if (!state.there) {
    head = t("What is copied cannot be seen");
    help = t("The compositor does not show it to the desktop.");
  } else if (!state.keeps) {
    head = t("What you copy is not kept");
    help = t("Switch it on above to find it here.");
  }
  return <NothingHere head={head} help={help} />;
}

interface RowProps {
  clip: Clip;
  now: number;
  onChoose: () => void;
  onKeep: () => void;
  onRemove: () => void;
}

function Row({ clip, now, onChoose, onKeep, onRemove }: RowProps) {
  const lines = linesOf(clip);
  const keep = clip.kept ? t("Let it go when there is more") : t("Keep it");
  const remove = t("Remove");
  const [missing, setMissing] = useState(false);
  return (
    <li className="clip">
      <button type="button" data-clip={clip.id} className="clip-choose" onClick={onChoose}>
        {clip.picture > 0 && !missing ? (
          <img className="clip-picture" src={`picture/${clip.picture}`} alt={t("Picture")} draggable={false} onError={() => setMissing(true)} />
        ) : null}
        {clip.picture > 0 && missing ? <span className="clip-line">{t("Picture")}</span> : null}
        {lines.map((line, index) => (
          <span key={index} className="clip-line" dir="auto">
            {line}
          </span>
        ))}
        <span className="clip-about">
          <time dateTime={new Date(clip.time).toISOString()} title={formatMoment(new Date(clip.time))}>
            {now - clip.time < 60_000 ? t("now") : formatAgo(clip.time, now)}
          </time>
          {clip.size > 400 ? ` · ${formatBytes(clip.size)}` : ""}
        </span>
      </button>
      <button type="button" className="tool" title={keep} aria-label={keep} aria-pressed={clip.kept} onClick={onKeep}>
        <Icon name="keep" />
      </button>
      <button type="button" className="tool" title={remove} aria-label={remove} onClick={onRemove}>
        <Icon name="close" />
      </button>
    </li>
  );
}

/** Moves among the field and what was copied. */
function moveFocus(sheet: HTMLElement, by: number): void {
  const places = [...sheet.querySelectorAll<HTMLElement>(".history-search input, [data-clip]")];
  const at = places.findIndex((place) => place === document.activeElement);
  places[Math.min(Math.max(at + by, 0), places.length - 1)]?.focus();
}

export function Clipboard({ serial, state }: { serial: number; state: ClipboardState }) {
  const [query, setQuery] = useState("");
  const [failure, setFailure] = useState("");
  const [removed, setRemoved] = useTaken();
  const input = useRef<HTMLInputElement>(null);
  const found = useMemo(() => findClips(state.clips, query), [state.clips, query]);
  const loose = state.clips.filter(({ kept }) => !kept).length;

  useEffect(() => input.current?.focus(), []);
  useEffect(() => tellPainted(serial), [serial]);

  const fail = (error: Error) => setFailure(error.message);
  const mind = (answer: Promise<unknown>) => {
    setFailure("");
    answer.catch(fail);
  };
  const takeOut = (answer: Promise<unknown>, count: number) => {
    setRemoved(count);
    mind(answer);
    input.current?.focus();
  };
  const undo = () => {
    setRemoved(0);
    mind(ask("clipboard.undo"));
  };
  const choose = (clip: Clip) =>
    void ask("clipboard.choose", { id: clip.id })
      .then(() => ask("overlay.close"))
      .catch(fail);
  const keep = (clip: Clip) => mind(ask("clipboard.keep", { id: clip.id, on: !clip.kept }));
  const remove = (clip: Clip) => takeOut(ask("clipboard.remove", { id: clip.id }), 1);
  const onClipKey = (event: KeyboardEvent<HTMLElement>, clip: Clip) => {
    if (event.key === "Delete") remove(clip);
    else if (event.key === "k" && event.ctrlKey) keep(clip);
    else return;
    event.preventDefault();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const id = event.target instanceof HTMLElement ? event.target.dataset["clip"] : undefined;
    const clip = found.find((each) => String(each.id) === id);
    if (step !== undefined) {
      event.preventDefault();
      moveFocus(event.currentTarget, step);
    } else if (event.key === "z" && event.ctrlKey && removed > 0) {
      event.preventDefault();
      undo();
    } else if (event.key === "Enter" && event.target === input.current && found[0]) {
      event.preventDefault();
      choose(found[0]);
    } else if (clip) onClipKey(event, clip);
  };

  return (
    <div className="sheet" role="dialog" aria-modal="true" aria-label={t("What was copied")} onKeyDown={onKeyDown}>
      <header className="history-head">
        <Switch on={state.keeps} label={t("Keep what is copied")} onChange={(on) => mind(ask("clipboard.switch", { on }))} />
        <button type="button" className="note-button" disabled={loose === 0} onClick={() => takeOut(ask("clipboard.clear"), loose)}>
          {t("Clear all")}
        </button>
      </header>
      <SearchField field={input} label={t("Search what was copied")} found={tn("{n} copied", "{n} copied", found.length)} query={query} onQuery={setQuery} />
      <Failure text={failure} />
      {found.length === 0 ? (
        <Nothing state={state} query={query} />
      ) : (
        <ul className="clip-list">
          {found.map((clip) => (
            <Row key={clip.id} clip={clip} now={state.now} onChoose={() => choose(clip)} onKeep={() => keep(clip)} onRemove={() => remove(clip)} />
          ))}
        </ul>
      )}
      {removed > 0 ? <UndoBar text={tn("{n} removed", "{n} removed", removed)} onUndo={undo} /> : null}
    </div>
  );
}

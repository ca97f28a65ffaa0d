// SPDX-License-Identifier: GPL-3.0-or-later
// One notification, as it pops up and as it stands in the history.
import "./note.css";
import { useState, type FormEvent, type ReactNode } from "react";
import { t } from "./i18n";
import { Icon } from "./icons";
import { buttonsOf, defaultAction, hasAction, replyAction, style, type Note, type Piece } from "./notes";

/** What a person does with it. */
export interface NoteCalls {
  act: (note: Note, key: string) => void;
  link: (note: Note, href: string) => void;
  reply: (note: Note, text: string) => void;
  dismiss: (note: Note) => void;
  /** An answer is being written, or is not any more. */
  writing: (note: Note, on: boolean) => void;
}

function sourcesOf({ picture, icon, entry }: Pick<Note, "picture" | "icon" | "entry">): string[] {
  return [
    picture > 0 ? `picture/${picture}` : "",
    icon ? `icon/${encodeURIComponent(icon)}?size=48` : "",
    entry ? `icon/${encodeURIComponent(`${entry}.desktop`)}?size=48` : "",
  ].filter(Boolean);
}

/** Its picture, else the icon that it names, else its program's, else a bell. */
export function NoteIcon({ note }: { note: Pick<Note, "picture" | "icon" | "entry"> }) {
  const [missing, setMissing] = useState<readonly string[]>([]);
  const source = sourcesOf(note).find((each) => !missing.includes(each));
  if (source === undefined) {
    return (
      <span className="note-icon plain" aria-hidden="true">
        <Icon name="bell" />
      </span>
    );
  }
  return (
    <img
      className="note-icon"
      src={source}
      alt=""
      draggable={false}
      onError={() => setMissing((before) => [...before, source])}
    />
  );
}

function styled({ text, style: bits }: Piece): ReactNode {
  let node: ReactNode = text;
  if (bits & style.underline) node = <u>{node}</u>;
  if (bits & style.italic) node = <i>{node}</i>;
  if (bits & style.bold) node = <b>{node}</b>;
  return node;
}

function Body({ note, onLink }: { note: Note; onLink: (href: string) => void }) {
  if (note.pieces.length === 0) return null;
  return (
    <div className="note-body" dir="auto">
      {note.pieces.map((piece, index) => {
        const { href } = piece;
        return href === undefined ? (
          <span key={index}>{styled(piece)}</span>
        ) : (
          <button type="button" key={index} role="link" className="note-link" title={href} onClick={() => onLink(href)}>
            {styled(piece)}
          </button>
        );
      })}
    </div>
  );
}

function Reply({ note, calls }: { note: Note; calls: NoteCalls }) {
  const [text, setText] = useState("");
  const label = note.actions.find(({ key }) => key === replyAction)?.label || t("Reply");
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim()) calls.reply(note, text);
  };
  return (
    <form className="note-reply" onSubmit={send}>
      <input
        type="text"
        dir="auto"
        value={text}
        maxLength={1000}
        aria-label={t("Answer to {name}", { name: note.summary || note.app })}
        placeholder={note.reply || label}
        onPointerDown={() => calls.writing(note, true)}
        onFocus={() => calls.writing(note, true)}
        onBlur={() => calls.writing(note, false)}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.preventDefault();
          event.currentTarget.blur();
        }}
      />
      <button type="submit" className="note-button" disabled={!text.trim()}>
        {label}
      </button>
    </form>
  );
}

function Progress({ percent }: { percent: number }) {
  return (
    <div
      className="note-progress"
      role="progressbar"
      aria-label={t("Progress")}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
    >
      <span style={{ inlineSize: `${percent}%` }} />
    </div>
  );
}

interface Props {
  note: Note;
  calls: NoteCalls;
  /** Stands beside the program's name. */
  aside?: ReactNode;
  closeLabel: string;
}

export function NoteView({ note, calls, aside, closeLabel }: Props) {
  const buttons = buttonsOf(note);
  const title = note.summary || note.app;
  return (
    <>
      <NoteIcon note={note} />
      <div className="note-words">
        <div className="note-head">
          <span className="note-app" dir="auto">
            {note.app}
          </span>
          {aside}
        </div>
        {hasAction(note, defaultAction) ? (
          <button
            type="button"
            className="note-summary opens"
            dir="auto"
            onClick={() => calls.act(note, defaultAction)}
          >
            {title}
          </button>
        ) : (
          <div className="note-summary" dir="auto">
            {title}
          </div>
        )}
        <Body note={note} onLink={(href) => calls.link(note, href)} />
        {note.progress >= 0 ? <Progress percent={note.progress} /> : null}
        {buttons.length > 0 ? (
          <div className="note-actions">
            {buttons.map(({ key, label }) => (
              <button type="button" key={key} className="note-button" dir="auto" onClick={() => calls.act(note, key)}>
                {label || key}
              </button>
            ))}
          </div>
        ) : null}
        {hasAction(note, replyAction) ? <Reply note={note} calls={calls} /> : null}
      </div>
      <button
        type="button"
        className="note-close"
        title={closeLabel}
        aria-label={`${closeLabel}: ${title}`}
        onClick={() => calls.dismiss(note)}
      >
        <Icon name="close" />
      </button>
    </>
  );
}

// SPDX-License-Identifier: GPL-3.0-or-later
// Notifications as they pop up: the newest first, on one card whose size the host follows. They stay while the pointer
// is over them or an answer is written, and have the keyboard only for that.
import "./popups.css";
import { useEffect, useRef, useState, type PointerEvent } from "react";
import { ask, tell } from "../lib/host";
import { t, tn } from "../lib/i18n";
import { NoteView, type NoteCalls } from "../lib/note";
import { hasAction, replyAction, textOf, type Note } from "../lib/notes";
import { useHost } from "../lib/page";
import { afterPaint } from "../lib/painted";

/** Pixels to a side after which it is gone when it is let go. */
const swipe = 90;

function Popup({ note, calls }: { note: Note; calls: NoteCalls }) {
  const [offset, setOffset] = useState(0);
  const start = useRef<number | null>(null);
  const critical = note.urgency === 2;

  const onDown = (event: PointerEvent<HTMLElement>) => {
    if (event.button === 0 && !(event.target as Element).closest("input, .note-button, .note-close, .note-link"))
      start.current = event.clientX;
  };
  const onMove = (event: PointerEvent<HTMLElement>) => {
    if (start.current === null) return;
    const by = event.clientX - start.current;
    // A hand that trembles presses all the same.
    if (Math.abs(by) > 6 && !event.currentTarget.hasPointerCapture(event.pointerId))
      event.currentTarget.setPointerCapture(event.pointerId);
    if (event.currentTarget.hasPointerCapture(event.pointerId)) setOffset(by);
  };
  const onUp = () => {
    start.current = null;
    if (Math.abs(offset) > swipe) calls.dismiss(note);
    setOffset(0);
  };
  return (
    <div
      className={`note ${critical ? "critical" : ""}`}
      role={critical ? "alert" : "status"}
      aria-label={`${note.app}: ${note.summary}. ${textOf(note)}`}
      style={offset ? { transform: `translateX(${offset}px)`, opacity: Math.max(1 - Math.abs(offset) / 300, 0.2) } : undefined}
      onPointerDown={onDown}
      onPointerMove={onMove}
      onPointerUp={onUp}
      onPointerCancel={onUp}
    >
      <NoteView note={note} calls={calls} closeLabel={t("Dismiss")} />
    </div>
  );
}

function useFit(serial: number) {
  const card = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = card.current;
    if (!element) return;
    const height = () => ({ height: Math.ceil(element.getBoundingClientRect().height) });
    const observer = new ResizeObserver(() => tell("popups.fit", height()));
    observer.observe(element);
    ask("popups.fit", height())
      .then(() => afterPaint(() => tell("popups.painted", { serial })))
      .catch((error: unknown) => console.warn(error));
    return () => observer.disconnect();
  }, [serial]);
  return card;
}

export function Popups() {
  const { popups } = useHost();
  const [over, setOver] = useState(false);
  /** Id of the one that is being answered, or 0. */
  const [answered, setAnswered] = useState(0);
  const writing = answered !== 0;
  const serial = popups?.serial ?? 0;
  const card = useFit(serial);
  const notes = popups?.notes ?? [];
  const waiting = popups?.waiting ?? 0;

  useEffect(() => tell("popups.busy", { on: over || writing }), [over, writing]);
  useEffect(() => tell("popups.keyboard", { on: writing }), [writing]);
  // What the host took away took the field along.
  if (writing && !notes.some((note) => note.id === answered && hasAction(note, replyAction))) setAnswered(0);
  useEffect(() => {
    if (!writing) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !event.isComposing) setAnswered(0);
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [writing]);

  const calls: NoteCalls = {
    act: (note, action) => tell("notes.act", { id: note.id, action }),
    link: (note, href) => tell("notes.link", { id: note.id, href }),
    reply: (note, text) => {
      setAnswered(0);
      tell("notes.reply", { id: note.id, text });
    },
    dismiss: (note) => tell("notes.dismiss", { id: note.id }),
    writing: (note, on) => setAnswered((before) => (on ? note.id : before === note.id ? 0 : before)),
  };
  return (
    <div
      ref={card}
      className="popups-card"
      onPointerEnter={() => setOver(true)}
      onPointerLeave={() => setOver(false)}
    >
      <div className="popups-list" role="group" aria-label={t("Notifications")}>
        {notes.map((note) => (
          <Popup key={note.id} note={note} calls={calls} />
        ))}
      </div>
      {waiting > 0 ? (
        <div className="waiting" role="status">
          {tn("{n} more", "{n} more", waiting)}
        </div>
      ) : null}
    </div>
  );
}

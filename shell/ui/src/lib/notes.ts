// SPDX-License-Identifier: GPL-3.0-or-later
// Notifications as the host describes them (shell/notify/note.c).

export const style = { bold: 1, italic: 2, underline: 4 } as const;

/** A part of a body. It is text, whatever is in it. */
export interface Piece {
  text: string;
  href?: string;
  style: number;
}

export interface NoteAction {
  key: string;
  label: string;
}

export interface Note {
  id: number;
  app: string;
  /** Name of its desktop file without ".desktop", or empty. */
  entry: string;
  icon: string;
  summary: string;
  pieces: Piece[];
  /** Of the field for an answer while it is empty. */
  reply: string;
  /** 0 low, 1 normal, 2 critical. */
  urgency: number;
  /** Percent; -1 for none. */
  progress: number;
  /** Number of its picture; 0 for none. */
  picture: number;
  actions: NoteAction[];
  /** ms since 1970. */
  time: number;
  /** It can only be read. */
  past: boolean;
}

/** For the panel. */
export interface NotificationsState {
  active: boolean;
  quiet: boolean;
  /** Quiet because the person wants it, not because of a window that fills the screen. */
  doNotDisturb: boolean;
  unseen: number;
}

/** What pops up. */
export interface PopupsState {
  /** Counts how often they appeared. */
  serial: number;
  waiting: number;
  notes: Note[];
}

export interface HistoryState {
  /** ms since 1970. */
  now: number;
  active: boolean;
  doNotDisturb: boolean;
  /** Quiet because of a window that fills the screen. */
  fullScreen: boolean;
  muted: string[];
  notes: Note[];
}

export interface Group {
  source: string;
  name: string;
  entry: string;
  icon: string;
  notes: Note[];
}

/** What mutes it: the host counts in the same way. */
export function sourceOf(note: Note): string {
  return note.entry || note.app;
}

/** By program, the one with the newest first. */
export function groupsOf(notes: readonly Note[]): Group[] {
  const groups = new Map<string, Group>();
  for (const note of notes) {
    const source = sourceOf(note);
    const group = groups.get(source);
    if (group) group.notes.push(note);
    else groups.set(source, { source, name: note.app || source, entry: note.entry, icon: note.icon, notes: [note] });
  }
  return [...groups.values()];
}

export function textOf(note: Note): string {
  return note.pieces.map(({ text }) => text).join("");
}

/** Those that have every word somewhere. */
export function filterNotes(notes: readonly Note[], query: string): Note[] {
  const words = query.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return notes.filter((note) => {
    const text = `${note.app} ${note.summary} ${textOf(note)}`.toLocaleLowerCase();
    return words.every((word) => text.includes(word));
  });
}

export const replyAction = "inline-reply";
export const defaultAction = "default";

/** Those that are buttons of their own. */
export function buttonsOf(note: Note): NoteAction[] {
  return note.actions.filter(({ key }) => key !== replyAction && key !== defaultAction);
}

export function hasAction(note: Note, key: string): boolean {
  return note.actions.some((action) => action.key === key);
}

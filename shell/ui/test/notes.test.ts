// SPDX-License-Identifier: GPL-3.0-or-later
import assert from "node:assert/strict";
import { test } from "node:test";
import { renderToStaticMarkup } from "react-dom/server";
import { createElement } from "react";
import { formatAgo } from "../src/lib/format";
import { NoteView, type NoteCalls } from "../src/lib/note";
import { buttonsOf, filterNotes, groupsOf, type Note } from "../src/lib/notes";

function note(id: number, more: Partial<Note> = {}): Note {
  return {
    id,
    app: "App",
    entry: "",
    icon: "",
    summary: "Summary",
    pieces: [],
    reply: "",
    urgency: 1,
    progress: -1,
    picture: 0,
    actions: [],
    time: 0,
    past: false,
    ...more,
  };
}

const calls: NoteCalls = {
  act: () => undefined,
  link: () => undefined,
  reply: () => undefined,
  dismiss: () => undefined,
  writing: () => undefined,
};

function html(more: Partial<Note>): string {
  return renderToStaticMarkup(createElement(NoteView, { note: note(1, more), calls, closeLabel: "Dismiss" }));
}

test("notifications are grouped by program, the one with the newest first", () => {
  const groups = groupsOf([note(3, { app: "B" }), note(2, { app: "A", entry: "org.a" }), note(1, { app: "B" })]);
  assert.deepEqual(
    groups.map(({ source, notes }) => [source, notes.map(({ id }) => id)]),
    [
      ["B", [3, 1]],
      ["org.a", [2]],
    ],
  );
});

test("a search finds every word, wherever it stands", () => {
  const notes = [note(1, { summary: "Hello", pieces: [{ text: "World", style: 0 }] }), note(2)];
  assert.deepEqual(filterNotes(notes, "world hel").map(({ id }) => id), [1]);
  assert.equal(filterNotes(notes, " ").length, 2);
  assert.equal(filterNotes(notes, "nothing").length, 0);
});

test("what a program sends is text, and never markup", () => {
  const text = html({
    summary: "<img src=x>",
    pieces: [
      { text: "<script>", style: 0 },
      { text: "bold", style: 3 },
      { text: "link", style: 0, href: "https://example.org/" },
    ],
  });
  assert.ok(text.includes("&lt;img src=x&gt;") && text.includes("&lt;script&gt;"));
  assert.ok(text.includes("<b><i>bold</i></b>"));
  assert.ok(!/ href=/.test(text) && /role="link"/.test(text));
});

test("everything that can be pressed has a name", () => {
  const actions = [
    { key: "default", label: "" },
    { key: "inline-reply", label: "Reply" },
    { key: "x", label: "" },
  ];
  const text = html({ actions, progress: 40 });
  assert.deepEqual(buttonsOf(note(1, { actions })), [{ key: "x", label: "" }]);
  assert.match(text, /aria-label="Dismiss: Summary"/);
  assert.match(text, /<button[^>]*class="note-button"[^>]*>x</);
  assert.match(text, /<input[^>]*aria-label="Answer to Summary"/);
  assert.match(text, /role="progressbar"[^>]*aria-label="Progress"[^>]*aria-valuenow="40"/);
  assert.match(text, /<button[^>]*class="note-summary opens"[^>]*>Summary</);
});

test("how long ago it was is said in the largest unit", () => {
  assert.match(formatAgo(0, 5 * 60_000), /^5 min/);
  assert.match(formatAgo(0, 25 * 3_600_000), /yesterday/);
});

// SPDX-License-Identifier: GPL-3.0-or-later
import assert from "node:assert/strict";
import { test } from "node:test";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { formatPlace, setLocale } from "../src/lib/format";
import { aboutTrack, placeAfter, shownPlayers, type Player } from "../src/lib/media";
import { Players } from "../src/overlay/quick_media";

function player(more: Partial<Player> = {}): Player {
  return {
    id: 1, name: "Player", entry: "", state: "playing", title: "Song", artist: "Singer", album: "Album", picture: 0,
    length: 200, position: 10, rate: 1, can: { toggle: true, next: true, previous: false, seek: true, raise: false }, ...more,
  };
}

function draw(...players: Player[]): string {
  return renderToStaticMarkup(createElement(Players, { players, fail: () => undefined }));
}

test("a place in a track is told in minutes and seconds", () => {
  setLocale("en");
  assert.deepEqual([0, 7, 67, 3600, 3723.9, -5].map(formatPlace), ["0:00", "0:07", "1:07", "1:00:00", "1:02:03", "0:00"]);
});

test("it moves while it plays, and not beyond the end", () => {
  assert.equal(placeAfter(player(), 5), 15);
  assert.equal(placeAfter(player({ rate: 2 }), 5), 20);
  assert.equal(placeAfter(player({ state: "paused" }), 5), 10);
  assert.equal(placeAfter(player(), 1000), 200);
  assert.equal(placeAfter(player({ length: 0 }), 1000), 1010);
});

test("what has nothing to play is not shown", () => {
  const idle = player({ id: 2, state: "stopped", title: "" });
  assert.deepEqual(shownPlayers([player(), idle]).map(({ id }) => id), [1]);
  assert.equal(draw(idle), "");
  assert.equal(aboutTrack(player({ artist: "" })), "Album");
  assert.equal(aboutTrack(player({ artist: "", album: "" })), "Player");
});

test("only the first has all buttons and the time, and what it cannot do is off", () => {
  const text = draw(player(), player({ id: 2, name: "Other", state: "paused" }));
  const labels = [...text.matchAll(/<(?:button|input)[^>]*aria-label="([^"]*)"/g)].map((match) => match[1]);
  assert.deepEqual(labels, ["Previous track", "Pause", "Next track", "Place in the track", "Play"]);
  assert.match(text, /<button[^>]*aria-label="Previous track"[^>]*disabled|<button[^>]*disabled[^>]*aria-label="Previous track"/);
  assert.ok(!/Place in the track/.test(draw(player({ length: 0 }))));
});

test("what strangers say is text", () => {
  const text = draw(player({ title: "<img src=x>", artist: "<b>x</b>", name: "\"'><script>" }));
  assert.ok(text.includes("&lt;img src=x&gt;") && text.includes("&lt;b&gt;") && !text.includes("<script>"));
  assert.ok(!/<img/.test(draw(player({ picture: 0 }))));
  assert.match(draw(player({ picture: 7 })), /<img class="player-art" src="picture\/7"/);
});

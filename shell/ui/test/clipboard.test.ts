// SPDX-License-Identifier: GPL-3.0-or-later
import assert from "node:assert/strict";
import { test } from "node:test";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { findClips, linesOf, type Clip, type ClipboardState } from "../src/lib/clipboard";
import { Clipboard } from "../src/overlay/clipboard";

function clip(id: number, text: string, more: Partial<Clip> = {}): Clip {
  return { id, time: 1_700_000_000_000, kept: false, picture: 0, text, size: text.length, ...more };
}

function draw(more: Partial<ClipboardState>): string {
  const state = { there: true, keeps: true, now: 1_700_000_100_000, clips: [], ...more };
  return renderToStaticMarkup(createElement(Clipboard, { serial: 1, state }));
}

test("a long text shows its first lines, each as one line", () => {
  assert.deepEqual(linesOf(clip(1, "\n\n  one \r\ntwo\nthree\nfour")), ["one", "two", "three …"]);
  assert.deepEqual(linesOf(clip(1, "a\u202eb\u0007c")), ["abc"]);
  assert.deepEqual(linesOf(clip(1, "")), []);
  assert.equal(linesOf(clip(1, "x".repeat(400)))[0]?.length, 161);
});

test("what is kept comes first, and words are found in any order", () => {
  const clips = [clip(3, "blue sky"), clip(2, "green"), clip(1, "Sky, so blue", { kept: true })];
  assert.deepEqual(findClips(clips, "").map(({ id }) => id), [1, 3, 2]);
  assert.deepEqual(findClips(clips, "SKY blue").map(({ id }) => id), [1, 3]);
  assert.deepEqual(findClips([clip(1, "", { picture: 7 })], "x"), []);
});

test("strangers' markup is text, and each empty state says why", () => {
  const html = draw({ clips: [clip(1, "<img src=x onerror=alert(1)>"), clip(2, "", { picture: 9 })] });
  assert.ok(html.includes("&lt;img src=x"));
  assert.ok(html.includes('src="picture/9"'));
  assert.ok(draw({}).includes("Nothing was copied yet"));
  assert.ok(draw({ keeps: false }).includes("What you copy is not kept"));
  assert.ok(draw({ there: false }).includes("cannot be seen"));
});

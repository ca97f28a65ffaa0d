// SPDX-License-Identifier: GPL-3.0-or-later
import assert from "node:assert/strict";
import { test } from "node:test";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { setLocale } from "../src/lib/format";
import { findNetworks, networksDrawn, playingName, volumeLevel, wifiLevel, type QuickState, type WifiNetwork } from "../src/lib/quick";
import { batteryText, QuickSettings } from "../src/overlay/quick";
import { SoundPage } from "../src/overlay/quick_devices";
import { moveAmongRows } from "../src/overlay/quick_parts";
import { QuickButton } from "../src/panel/quick_button";

const nothing: QuickState = { network: null, bluetooth: null, audio: null, brightness: -1, battery: null };

function network(number: number, more: Partial<WifiNetwork> = {}): WifiNetwork {
  return { id: `/ap/${number}`, name: `Network ${number}`, odd: false, strength: 50, security: "psk", active: false, ...more };
}

test("a thousand networks: some are drawn, all can be found", () => {
  const all = Array.from({ length: 1000 }, (_, number) => network(number));
  assert.equal(findNetworks(all, "").found.length, networksDrawn);
  assert.equal(findNetworks(all, "").more, 1000 - networksDrawn);
  assert.deepEqual(findNetworks(all, "777 net").found.map(({ id }) => id), ["/ap/777"]);
  assert.deepEqual(findNetworks(all, "nowhere"), { found: [], more: 0 });
});

test("icons show how much there is", () => {
  const at = (volume: number, muted = false) => volumeLevel({ volume, muted });
  assert.deepEqual([at(0), at(1), at(50), at(100), at(100, true), at(150)], [0, 1, 2, 3, 0, 3]);
  assert.deepEqual([0, 34, 35, 68, 69, 100].map(wifiLevel), [1, 1, 2, 2, 3, 3]);
});

test("the battery says for how long", () => {
  setLocale("en");
  const battery = { percent: 82, low: false };
  assert.equal(batteryText({ ...battery, state: "discharging", seconds: 7800 }), "82%, 2 hours 10 minutes left");
  assert.equal(batteryText({ ...battery, state: "charging", seconds: 0 }), "82%, charging");
  assert.equal(batteryText({ ...battery, state: "waiting", seconds: 90 }), "82%");
});

function open(state: QuickState): string {
  return renderToStaticMarkup(createElement(QuickSettings, { serial: 1, state, notifications: undefined }));
}

test("what is missing is not shown, and what strangers call themselves is text", () => {
  const bare = open(nothing);
  assert.ok(!/Wi-Fi|Bluetooth|Volume|Brightness|Battery|Mesh/.test(bare));
  assert.match(bare, /Do not disturb/);
  const full = open({
    ...nothing,
    network: {
      wifi: { id: "/d", on: true, blocked: false, state: "connected", wrong: false, name: "<img src=x>", strength: 60 },
      cables: [],
      connectivity: "full",
    },
    bluetooth: { on: true, devices: [{ id: "/b", name: "<script>", connected: true, battery: -1 }] },
    peers: 2,
  });
  assert.ok(full.includes("&lt;img src=x&gt;") && full.includes("&lt;script&gt;"));
  assert.match(full, /2 peers/);
});

test("everything that can be pressed has a name", () => {
  const buttons = [...open({ ...nothing, audio: { output: { volume: 40, muted: false, devices: [] }, playing: [] }, brightness: 30 }).matchAll(/<(?:button|input)[^>]*>/g)];
  assert.ok(buttons.length > 6);
  // A tile is called by its own words.
  for (const [button] of buttons) if (!button.includes("tile-main")) assert.match(button, /aria-label="[^"]+"/);
});

test("what plays is told apart, has a name to press, and strangers' names are text", () => {
  const one = { id: 1, name: "Browser", what: "A song", volume: 40, muted: false };
  const other = { ...one, id: 2, what: "<img src=x>", muted: true };
  const third = { ...one, id: 3, name: "Player" };
  assert.equal(playingName(third, [one, other, third]), "Player");
  assert.equal(playingName(one, [one, other, third]), "Browser: A song");
  assert.equal(playingName({ ...one, what: "" }, [one, other]), "Browser");
  const output = { volume: 40, muted: false, devices: [] };
  const page = (playing: (typeof one)[]) =>
    renderToStaticMarkup(createElement(SoundPage, { audio: { output, playing }, fail: () => undefined, onBack: () => undefined }));
  assert.ok(!page([]).includes("Applications"));
  const full = page([one, other, third]);
  assert.match(full, /aria-label="Volume of Player"/);
  assert.match(full, /aria-label="Mute Browser: &lt;img src=x&gt;" aria-pressed="true"/);
  assert.ok(!full.includes("<img"));
});

test("the panel's button says in words what its icons show", () => {
  const label = (state: QuickState | undefined) => /aria-label="([^"]*)"/.exec(renderToStaticMarkup(createElement(QuickButton, { state })))?.[1];
  assert.equal(label(undefined), "Quick settings");
  assert.equal(
    label({ ...nothing, network: { cables: [], connectivity: "portal" }, battery: { percent: 9, state: "charging", seconds: 0, low: true } }),
    "Quick settings, The network wants you to sign in, Battery at 9%, charging",
  );
});

test("up and down on a slider are the slider's", () => {
  const focused: string[] = [];
  const place = (name: string) => ({ parentElement: null, focus: () => focused.push(name) });
  const pressed = (range: boolean) => {
    let prevented = false;
    moveAmongRows({
      key: "ArrowDown",
      nativeEvent: { isComposing: false },
      target: { matches: () => range },
      currentTarget: { querySelectorAll: () => [place("first"), place("second")] },
      preventDefault: () => (prevented = true),
    } as unknown as Parameters<typeof moveAmongRows>[0]);
    return prevented;
  };
  const before = Object.getOwnPropertyDescriptor(globalThis, "document");
  Object.defineProperty(globalThis, "document", { configurable: true, value: { activeElement: null } });
  try {
    assert.equal(pressed(true), false);
    assert.deepEqual(focused, []);
    assert.equal(pressed(false), true);
    assert.deepEqual(focused, ["first"]);
  } finally {
    if (before) Object.defineProperty(globalThis, "document", before);
    else Reflect.deleteProperty(globalThis, "document");
  }
});

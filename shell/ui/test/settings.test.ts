// SPDX-License-Identifier: GPL-3.0-or-later
// What the window of Settings works out: places of monitors, shortcuts, layouts, what is found.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { SettingsDesk } from "../src/lib/desk";
import { moved, place, resize, settle, sizeOf, step, type Box } from "../src/apps/settings/arrange";
import { actionText, canonical, findShortcuts, layoutSettings, layoutsOf, shortcutsOf, takenBy, withOption, type KnownLayout } from "../src/apps/settings/bindings";
import { fieldsOf, scopesOf, withOwn } from "../src/apps/settings/devices";
import { History } from "../src/apps/settings/history";
import { actionOf } from "../src/apps/settings/keys";
import { circuitsOf, membersOf, savingOf, type MeshState } from "../src/apps/settings/meshes";
import { findPages, pages } from "../src/apps/settings/pages";
import { isSameLocale, nameOfLocale, tagOf } from "../src/apps/settings/session";
import { listApps, type AuditLine } from "../src/apps/settings/permits";

const box = (key: string, x: number, y: number, width = 1000, height = 500): Box => ({ key, x, y, width, height });
const overlaps = (a: Box, b: Box) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

test("a monitor that is let go touches another and lies over none", () => {
  const a = box("a", 0, 0);
  assert.deepEqual(place(box("b", 1100, 30), [a], box("b", 1000, 0)), box("b", 1000, 0));
  assert.deepEqual(place(box("b", -700, 10), [a], box("b", 1000, 0)), box("b", -1000, 0));
  assert.deepEqual(place(box("b", 20, 600), [a], box("b", 1000, 0)), box("b", 0, 500));
  for (let x = -2500; x <= 2500; x += 170)
    for (let y = -1500; y <= 1500; y += 130) {
      const others = [a, box("c", 1000, 100), box("d", 0, 500, 400, 900)];
      const at = place(box("b", x, y, 800, 600), others, box("b", 5000, 5000, 800, 600));
      assert.ok(!others.some((other) => overlaps(at, other)), `${x}, ${y}`);
    }
});

test("arrow keys take it round another", () => {
  const a = box("a", 0, 0);
  let b = box("b", 1000, 0);
  b = step(b, [a], "down");
  assert.ok(b.y > 0 && !overlaps(a, b));
  b = step(box("b", 1000, 0), [a], "left");
  assert.ok(b.x < 1000 && !overlaps(a, b));
  const only = box("b", 0, 0);
  assert.equal(step(only, [], "left"), only);
});

test("the desktop begins at 0, 0, and what is beyond makes room", () => {
  assert.deepEqual(settle([box("a", 0, 0), box("b", -1000, 20)]), [box("a", 1000, 0), box("b", 0, 20)]);
  const before = [box("a", 0, 0), box("b", 1000, 0), box("c", 0, 500)];
  const after = resize(before, "a", 500, 250);
  assert.deepEqual(after, [box("a", 0, 0, 500, 250), box("b", 500, 0), box("c", 0, 250)]);
  assert.deepEqual(moved(before, after).map(({ key }) => key), ["b", "c"]);
  assert.deepEqual(sizeOf({ Width: 1920, Height: 1080, Scale: 1.5, Transform: 1 }), [720, 1280]);
});

const desk: SettingsDesk = {
  present: true,
  notes: null,
  actions: [["close", false], ["exec", true], ["overview", false]],
  input: {
    Layouts: ["German"], ActiveLayout: 0, LastConfigError: [0, ""], ConfigFile: "",
    Bindings: [["", "Super+q", "close"], ["", "Alt+F4", "close"], ["", "Super+2", "workspace 2"], ["", "Super+10", "workspace 10"], ["game", "x", "close"], ["", "Super+Return", "exec foot"]],
  },
};

test("shortcuts are by what they do, also those that have no keys", () => {
  const all = shortcutsOf(desk);
  assert.deepEqual(all.find(({ action }) => action === "close")?.combinations, ["Super+q", "Alt+F4"]);
  assert.deepEqual(all.find(({ action }) => action === "overview")?.combinations, []);
  assert.equal(all.find(({ action }) => action === "exec"), undefined);
  assert.deepEqual(findShortcuts(all, "WORKSPACE").map(({ action }) => action), ["workspace 2", "workspace 10"]);
  assert.deepEqual(findShortcuts(all, "alt+f4").map(({ action }) => action), ["close"]);
  assert.equal(takenBy(all, "super+Q", "overview")?.action, "close");
  assert.equal(takenBy(all, "super+Q", "close"), undefined);
  assert.equal(actionText("exec foot"), "Start “foot”");
  assert.equal(actionText("something new"), "Something: new");
});

test("a combination is one however its modifiers are written", () => {
  const all = shortcutsOf({ ...desk, input: { ...desk.input!, Bindings: [["", "Shift+Super+x", "close"], ["", "logo + f", "fullscreen"]] } });
  assert.equal(takenBy(all, "Super+Shift+x", "overview")?.action, "close");
  assert.equal(takenBy(all, "Super+F", "overview")?.action, "fullscreen");
  assert.equal(takenBy(all, "Super+x", "overview"), undefined);
  assert.equal(canonical("SHIFT+ctrl+Super+Q"), canonical("Super+Ctrl+Shift+q"));
});

test("gestures and the pointer are shown, not exchanged for keys", () => {
  const Bindings: [string, string, string][] = [
    ["", "swipe3-left", "workspace next"], ["", "Super+Page_Down", "workspace next"], ["", "Super+Button1", "move"], ["", "pinch4-in", "overview"], ["", "hold3", "overview"],
    ["", "Super+ScrollUp", "zoom-in"], ["", "Super+Scroll_Lock", "lock"],
  ];
  const all = shortcutsOf({ ...desk, input: { ...desk.input!, Bindings } });
  const kinds = (wanted: string) => all.filter(({ action }) => action === wanted).map(({ combinations, fixed }) => [combinations, fixed])[0];
  assert.deepEqual(kinds("workspace next"), [["Super+Page_Down"], ["swipe3-left"]]);
  assert.deepEqual(kinds("move"), [[], ["Super+Button1"]]);
  assert.deepEqual(kinds("overview"), [[], ["pinch4-in", "hold3"]]);
  assert.deepEqual(kinds("zoom-in"), [[], ["Super+ScrollUp"]]);
  assert.deepEqual(kinds("lock"), [["Super+Scroll_Lock"], []]);
  assert.deepEqual(findShortcuts(all, "swipe3").map(({ action }) => action), ["workspace next"]);
});

test("each action has words", () => {
  const words: Record<string, string> = {
    "workspace next": "Workspaces: Next", "workspace 3": "Workspace 3", "move-to-workspace previous": "Move to workspace: Previous", "take-to-workspace next": "Take to workspace: Next",
    "quick-settings": "Quick settings", "volume-up": "Volume: +", "volume-down": "Volume: −", "volume-mute": "Mute", "microphone-mute": "Mute the microphone", "media-play-pause": "Play or pause", "brightness-up": "Brightness: +",
    "brightness-down": "Brightness: −", "column-centre": "Column centre", consume: "Consume", "focus left": "Focus: leftwards", "focus-output up": "Focus output: upwards",
    "column-width next": "Column width: Next", "consume-or-expel right": "Consume or expel: rightwards",
  };
  for (const [action, label] of Object.entries(words)) assert.equal(actionText(action), label);
});

test("layouts and their variants stay together", () => {
  const known: KnownLayout[] = [["de", "", "German"], ["us", "intl", "English (intl)"]];
  assert.deepEqual(layoutsOf({ keyboard: { layout: "us,de", variant: "intl," } }, [], known), [{ id: "us", variant: "intl" }, { id: "de", variant: "" }]);
  assert.deepEqual(layoutsOf({}, ["German"], known), [{ id: "de", variant: "" }]);
  assert.deepEqual(layoutSettings([{ id: "us", variant: "intl" }, { id: "de", variant: "" }]), [["keyboard", "layout", "us,de"], ["keyboard", "variant", "intl,"]]);
  assert.deepEqual(layoutSettings([{ id: "de", variant: "" }])[1], ["keyboard", "variant", null]);
  assert.equal(withOption("caps:escape,compose:ralt", /^compose:/, "compose:menu"), "caps:escape,compose:menu");
  assert.equal(withOption("compose:ralt", /^compose:/, ""), null);
});

test("devices are listed by name, also those that are not there", () => {
  const devices = { a: { Name: "A mouse", Kind: "mouse" }, b: { Name: "A pen", Kind: "tablet" }, c: { Name: "Keys", Kind: "keyboard" }, d: { Name: "odd]", Kind: "touch" }, e: { Name: " ", Kind: "touch" } };
  const config = { keyboard: {}, mouse: {}, "device A pen": {}, "device Keys": {}, "device Old pad": {}, "device ": {} };
  assert.deepEqual(scopesOf(devices, config).map(({ group, kind }) => [group, kind]), [
    ["mouse", "mouse"], ["touchpad", "touchpad"], ["device A mouse", "mouse"], ["device A pen", "tablet"], ["device Old pad", "unknown"],
  ]);
  assert.deepEqual(scopesOf(undefined, undefined).map(({ group }) => group), ["mouse", "touchpad"]);
});

test("a device is offered what such a device can do", () => {
  const keys = (kind: Parameters<typeof fieldsOf>[0]) => fieldsOf(kind).map(({ key }) => key);
  assert.deepEqual(keys("touch"), ["send-events"]);
  assert.deepEqual(keys("tablet"), ["left-handed", "send-events"]);
  assert.ok(keys("touchpad").includes("drag-lock") && !keys("mouse").includes("drag-lock"));
  assert.ok(keys("mouse").includes("scroll-button-lock"));
  assert.deepEqual(new Set(keys("unknown")), new Set([...keys("touchpad"), ...keys("mouse"), ...keys("tablet")]));
  for (const kind of ["mouse", "touchpad", "unknown"] as const) for (const { options } of fieldsOf(kind)) assert.equal(options[0]?.value, "");
  assert.deepEqual(withOwn([{ value: "a", label: "A" }], "b"), [{ value: "a", label: "A" }, { value: "b", label: "b" }]);
});

test("pages are found by their words", () => {
  assert.deepEqual(findPages("night"), ["displays"]);
  assert.deepEqual(findPages("TOUCHPAD tap"), ["pointer"]);
  assert.deepEqual(findPages("tablet"), ["pointer"]);
  assert.deepEqual(findPages(""), [...pages]);
  assert.deepEqual(findPages("nothing of that kind"), []);
});

test("Ctrl+Z takes back, in any layout", () => {
  const key = { key: "z", code: "KeyZ", ctrlKey: true, shiftKey: false, altKey: false, metaKey: false };
  assert.deepEqual(actionOf(key), { do: "undo" });
  assert.deepEqual(actionOf({ ...key, key: "ζ" }), { do: "undo" });
  assert.equal(actionOf({ ...key, ctrlKey: false }), null);
  assert.equal(actionOf({ ...key, shiftKey: true }), null);
});

test("to take back waits for what is still being done", async () => {
  const shown: string[] = [];
  const back: number[] = [];
  const history = new History((done) => shown.push(done.map((each) => each.label).join()));
  let answer: (undo: number) => void = () => undefined;
  const take = (undo: number) => Promise.resolve(back.push(undo));

  await history.add("first", Promise.resolve(1));
  const second = history.add("second", new Promise<number>((resolve) => (answer = resolve)));
  const taken = [history.takeBack(take), history.takeBack(take), history.takeBack(take)];
  answer(2);
  await second;
  assert.deepEqual((await Promise.all(taken)).map((each) => each?.label), ["second", "first", undefined]);
  assert.deepEqual(back, [2, 1]);
  assert.deepEqual(shown, ["first", "first,second", "first", ""]);
});

test("what was asked last is taken back first, also where it was answered before another", async () => {
  const history = new History(() => undefined);
  let answer: (undo: number) => void = () => undefined;

  const waits = history.add("for a password", new Promise<number>((resolve) => (answer = resolve)));
  await history.add("at once", Promise.resolve(2));
  answer(1);
  await waits;
  assert.equal((await history.takeBack(() => Promise.resolve()))?.label, "at once");
});

test("what fails is nothing to take back, and what cannot be taken back stays", async () => {
  const history = new History(() => undefined);
  const fails = () => Promise.reject(new Error("no"));

  await assert.rejects(history.add("wrong", fails()));
  assert.equal(await history.takeBack(fails), null);
  await history.add("right", Promise.resolve(7));
  await assert.rejects(history.takeBack(fails));
  assert.equal((await history.takeBack(() => Promise.resolve()))?.label, "right");
});

const audited = (time: string, app: string, capability: string, decision: string): AuditLine => ({ time, app, capability, decision, by: ":1.7", times: 1 });

test("permissions are by application, with when they were used, and what was denied since", () => {
  const t0 = "2026-11-22T10:00:00Z";
  const t1 = "2026-11-22T11:00:00Z";
  const list = listApps({
    grants: [{ app: "org.b", capability: "node.mesh", since: 5 }, { app: "org.a", capability: "screen.capture", since: 6 }],
    audit: [
      audited(t0, "org.b", "device.camera", "denied"),
      audited(t0, "org.b", "node.mesh", "denied"),
      audited(t0, "org.b", "node.mesh", "granted"),
      audited(t1, "org.b", "node.mesh", "allowed"),
      audited(t0, "org.c", "node.actors", "denied"),
      audited(t1, "org.c", "", "revoked"),
      audited(t0, "org.d", "node.actors", "denied"),
      audited(t1, "org.d", "node.actors", "once"),
      audited(t1, "", "node.actors", "refused"),
    ],
    apps: { "org.b": { name: "\u202eAaa\n", desktop: "org.b.desktop" } },
  });
  assert.deepEqual(list, [
    {
      app: "org.b", name: "Aaa", desktop: "org.b.desktop",
      permits: [
        { capability: "node.mesh", granted: true, since: 5, used: Date.parse(t1) },
        { capability: "device.camera", granted: false, since: Date.parse(t0), used: 0 },
      ],
    },
    { app: "org.a", name: "org.a", desktop: "", permits: [{ capability: "screen.capture", granted: true, since: 6, used: 0 }] },
  ]);
  assert.deepEqual(listApps({ grants: [], audit: [], apps: {} }), []);
});

const mesh: MeshState = {
  host: "here", mesh: "m", standing: "member",
  status: { id: "me", addresses: ["/ip4/192.0.2.1/tcp/1/p2p/12D3Koo/p2p-circuit", "/ip4/192.0.2.2/tcp/1/p2p/12D3Koo/p2p-circuit", "/ip4/192.0.2.3/tcp/1"], reachability: "", metered: true, "metered-why": "set", battery: true, "battery-why": "system" },
  roll: [
    { id: "gone", name: "a", standing: "revoked", rank: 3 },
    { id: "new", name: "b", standing: "member", rank: 2 },
    { id: "me", name: "here", standing: "member", rank: 1 },
    { id: "founder", name: "z", standing: "member", rank: 0 },
  ],
  requests: [], offers: [], states: [], access: [],
};

test("members come first, and only who came later can be put out", () => {
  const members = membersOf(mesh);
  assert.deepEqual(members.map(({ id }) => id), ["founder", "me", "new", "gone"]);
  assert.deepEqual(members.filter(({ mayRevoke }) => mayRevoke).map(({ id }) => id), ["new"]);
  assert.deepEqual(membersOf({ ...mesh, standing: "left" }).filter(({ mayRevoke }) => mayRevoke), []);
  assert.deepEqual(membersOf({ ...mesh, status: { ...mesh.status, id: "stranger" } }).filter(({ mayRevoke }) => mayRevoke), []);
});

test("what the mesh saves is told apart from what was set", () => {
  assert.deepEqual(savingOf(mesh.status), { metered: { set: "yes", on: true }, battery: { set: "auto", on: true } });
  assert.deepEqual(circuitsOf(mesh.status.addresses), ["12D3Koo"]);
});

test("locales are languages with their own names", () => {
  assert.equal(tagOf("de_AT.UTF-8@euro"), "de-AT");
  assert.equal(tagOf("C"), "en");
  assert.match(nameOfLocale("de_DE.UTF-8"), /^Deutsch/);
  assert.equal(nameOfLocale("not a locale"), "not a locale");
  assert.ok(isSameLocale("de_DE.utf8", "de_DE.UTF-8") && !isSameLocale("de_DE.UTF-8", "de_AT.UTF-8"));
  assert.ok(isSameLocale("C.UTF-8", "POSIX"));
});

test("what was not chosen is nothing to take back", async () => {
  let shown = 0;
  const history = new History((done) => (shown = done.length));
  await history.add("nothing", Promise.resolve(0));
  assert.equal(shown, 0);
  await history.add("something", Promise.resolve(3));
  assert.equal(shown, 1);
});

// SPDX-License-Identifier: GPL-3.0-or-later
// Where nodes are on Node Manager's map, and what is drawn of them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { drawMap, type Colours, type Marks } from "../src/apps/node-manager/map_draw";
import { around, at, distanceOf, kindOf, Places, sectorsMost, sectorsOf, shareOf, toward, trafficOf, unmeasured, type Place, type Scene } from "../src/apps/node-manager/map_layout";
import { Rates, type Peer, type Presence } from "../src/apps/node-manager/use_peers";

function peer(id: string, more: Partial<Peer> = {}): Peer {
  return {
    id, agent: "", address: "", connections: 1, inbound: false, relayed: false, sent: 0, received: 0, latency: 10e6, rate: 0, cpu: -1, memoryUsed: -1,
    memoryTotal: -1, services: 0, said: 0, ...more,
  };
}

const some = (n: number, more: Partial<Peer> = {}) => Array.from({ length: n }, (_, i) => peer(`peer-${i}`, more));
const inRegions = (peers: readonly Peer[], names: readonly string[]) =>
  new Map<string, Presence>(peers.map(({ id }, i) => [id, { state: "alive", region: names[i % names.length] ?? "" }]));
const far = ({ x, y }: Place) => Math.hypot(x, y);
const angle = ({ x, y }: Place) => (Math.atan2(y, x) + Math.PI * 2.5) % (2 * Math.PI);

test("a node is as far as a message takes there and back, by decades", () => {
  assert.ok(distanceOf(1) < distanceOf(10) && distanceOf(10) < distanceOf(100) && distanceOf(100) < distanceOf(1000));
  assert.ok(Math.abs(distanceOf(10) - distanceOf(1) - (distanceOf(100) - distanceOf(10))) < 1e-9);
  for (const ms of [-1, 0, 1e-9, 1e300, Infinity]) assert.ok(distanceOf(ms) > 0.1 && distanceOf(ms) < unmeasured, String(ms));
  const [unknown, odd] = new Places().take([peer("a", { latency: 0 }), peer("b", { latency: NaN })], new Map()).places;
  assert.ok(unknown && odd && Math.abs(far(unknown) - unmeasured) < 1e-9 && Math.abs(far(odd) - unmeasured) < 1e-9);
});

test("those of a region are side by side, in a sector of their own", () => {
  const peers = some(60);
  const { sectors, places } = new Places().take(peers, inRegions(peers, ["eu", "asia", ""]));
  assert.deepEqual(sectors.map(({ name }) => name), ["asia", "eu", ""]);
  places.forEach((place, i) => {
    const third = [1, 0, 2][i % 3] ?? 0;
    assert.ok(angle(place) > (third * 2 * Math.PI) / 3 && angle(place) < ((third + 1) * 2 * Math.PI) / 3, String(i));
  });
});

test("a node stays where it is, whoever comes and goes and is looked for", () => {
  const peers = some(40);
  const kept = new Places();
  const presence = inRegions(peers, ["eu", "asia"]);
  const before = new Map(kept.take(peers, presence).places.map((place) => [place.peer.id, place]));
  const fewer = peers.filter((_, i) => i % 3 !== 0).reverse();
  for (const { peer: { id }, x, y } of kept.take(fewer, presence).places) assert.deepEqual([x, y], [before.get(id)?.x, before.get(id)?.y]);
  // A ping that takes a little longer or less.
  const jitter = peers.map((each, i) => ({ ...each, latency: each.latency * (i % 2 ? 1.3 : 0.8) }));
  for (const { peer: { id }, x } of new Places().take(peers, presence).places) assert.equal(x, before.get(id)?.x);
  kept.take(peers, presence);
  for (const { peer: { id }, x, y } of kept.take(jitter, presence).places) assert.deepEqual([x, y], [before.get(id)?.x, before.get(id)?.y]);
  const slow = kept.take([peer("peer-1", { latency: 200e6 })], presence).places[0];
  assert.ok(slow && far(slow) > distanceOf(100));
});

test("what is drawn already is not drawn again", () => {
  const kept = new Places();
  const peers = some(10);
  const first = kept.take(peers, new Map());
  assert.equal(kept.take(peers.map((each) => ({ ...each, sent: 7, said: 8 })), new Map()), first);
  assert.notEqual(kept.take(peers.map((each) => ({ ...each, rate: 5000 })), new Map()), first);
});

test("there are no more sectors than can be read, and those with most nodes have one", () => {
  const many = new Map(Array.from({ length: 1000 }, (_, i): [string, number] => [`region ${i}`, i === 500 ? 9 : 1]));
  const sectors = sectorsOf(many);
  assert.equal(sectors.length, sectorsMost);
  assert.ok(sectors.some(({ name }) => name === "region 500"));
  assert.equal(sectors.filter(({ others }) => others).length, 1);
  assert.equal(sectorsOf(new Map([...many, ["", 3]])).length, sectorsMost);
  assert.deepEqual(sectorsOf(new Map()), []);
  const strange = some(2);
  const { sectors: named } = new Places().take(strange, new Map(strange.map(({ id }) => [id, { state: "\u202ealive", region: "x\u202e\n".repeat(9999) }])));
  assert.ok((named[0]?.name.length ?? 99) <= 25 && !/[\u202e\n]/.test(named[0]?.name ?? ""));
});

test("directions are even", () => {
  const quarters = [0, 0, 0, 0];
  for (let i = 0; i < 4000; i++) quarters[Math.floor(shareOf(`12D3KooW${i}`) * 4)]! += 1;
  for (const quarter of quarters) assert.ok(quarter > 800 && quarter < 1200, String(quarters));
});

test("what a node is, by what its members say and how it is connected", () => {
  assert.equal(kindOf(peer("a"), "alive"), "direct");
  assert.equal(kindOf(peer("a", { relayed: true }), ""), "relayed");
  assert.equal(kindOf(peer("a", { connections: 0 }), "alive"), "apart");
  assert.equal(kindOf(peer("a"), "suspect"), "suspect");
  assert.equal(kindOf(peer("a"), "dead"), "dead");
  assert.equal(kindOf(peer("a"), "left"), "dead");
  assert.deepEqual([NaN, -1, 0, 1, 2000, 1e5, 1e9].map(trafficOf), [0, 0, 0, 1, 2, 3, 4]);
});

test("traffic is what came since the look before", () => {
  const rates = new Rates();
  const look = (seconds: number, count: number) => rates.take(seconds * 1e9, new Map([["a", count]])).get("a") ?? 0;
  assert.equal(look(10, 5000), 0);
  assert.equal(look(11, 6000), 1000);
  assert.equal(look(11, 6000), 1000, "the same look");
  assert.equal(look(11.5, 6500), 1000);
  assert.equal(look(12.5, 0), 0, "another connection counts from the beginning");
  assert.equal(look(100, 1e9), 0, "nobody knows when");
});

test("arrows lead to who lies that way, and round the map to everybody", () => {
  const places = new Places().take(some(50).map((each, i) => ({ ...each, latency: 2e5 * (i + 1) ** 2 })), new Map()).places;
  const start = toward(places, undefined, 1, 0);
  assert.ok(start);
  const right = toward(places, start, 1, 0);
  assert.ok(right && right.x > start.x);
  const left = toward(places, start, -1, 0);
  assert.ok(left && left.x < start.x);
  assert.equal(toward([], undefined, 1, 0), undefined);
  assert.equal(toward([start], start, 1, 0), undefined);
  assert.equal(new Set(around(places)).size, 50);
  assert.equal(at(places, start.x + 0.001, start.y, 0.05), start);
  assert.equal(at(places, 5, 5, 0.05), undefined);
});

const colours: Colours = {
  ground: "g", ring: "r", text: "t", faint: "f", accent: "a", font: "12px x",
  kinds: { direct: "direct", relayed: "relayed", apart: "apart", suspect: "suspect", dead: "dead" },
};
const marks: Marks = {
  selected: "peer-3", pointed: null, focused: true, rtl: false, nameOf: ({ peer: { id } }) => (id === "peer-3" ? "n".repeat(9999) : id),
  regionOf: (name) => name, ringOf: (ms) => `${ms} ms`,
};

/** Counts what is drawn. */
function paper() {
  const calls = new Map<string, number>();
  const texts: string[] = [];
  const values: Record<string, unknown> = {};
  const context = new Proxy(values, {
    get: (_, name: string) =>
      name in values
        ? values[name]
        : (...args: unknown[]) => {
            calls.set(name, (calls.get(name) ?? 0) + 1);
            for (const arg of args) assert.ok(typeof arg !== "number" || Number.isFinite(arg), name);
            if (name === "fillText") texts.push(String(args[0]));
            return name === "measureText" ? { width: String(args[0]).length * 7 } : undefined;
          },
  }) as unknown as CanvasRenderingContext2D;
  return { context, calls, texts };
}

function draw(scene: Scene, more: Partial<Marks> = {}) {
  const { context, calls, texts } = paper();
  drawMap(context, { width: 700, height: 400 }, scene, colours, { ...marks, ...more });
  return { calls, texts };
}

test("a thousand nodes are drawn in a few strokes", () => {
  const peers = some(1000).map((each, i) => ({
    ...each, latency: 1e5 * (i + 1), relayed: i % 5 === 0, rate: i * 3000, cpu: i % 100, connections: i % 7 === 0 ? 0 : 1,
  }));
  const states = ["alive", "suspect", "dead", "left"];
  const presence = new Map(peers.map(({ id }, i) => [id, { state: states[i % 16] ?? "alive", region: `r${i % 6}` }]));
  const { calls, texts } = draw(new Places().take(peers, presence));
  assert.ok((calls.get("stroke") ?? 0) + (calls.get("fill") ?? 0) < 40, String(calls.get("stroke")));
  assert.ok((calls.get("lineTo") ?? 0) > 500);
  assert.deepEqual(texts.filter((text) => text.startsWith("r")).sort(), ["r0", "r1", "r2", "r3", "r4", "r5"]);
  assert.deepEqual(texts.filter((text) => text.endsWith(" ms")), ["1 ms", "10 ms", "100 ms"]);
  assert.ok(texts.some((text) => text === `${"n".repeat(22)}…`), "the chosen one has a name, a short one");
  assert.equal(texts.length, 10);
});

test("few nodes have names, which do not lie over each other", () => {
  const peers = some(20);
  const { texts } = draw(new Places().take(peers, new Map()));
  const names = texts.filter((text) => text.startsWith("peer-"));
  assert.ok(names.length >= 8 && names.length < 20, String(names.length));
  const { texts: nothing } = draw({ sectors: [], places: [] });
  assert.deepEqual(nothing, ["1 ms", "10 ms", "100 ms"]);
});

// SPDX-License-Identifier: GPL-3.0-or-later
// What Node Manager's window works out and draws, also of what strangers wrote.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { actorColumns } from "../src/apps/node-manager/actors";
import { factsOf } from "../src/apps/node-manager/actor_panel";
import { countBelow, flatOf, linesOf, nameIn, percentile, treeOf, type Actor, type Line } from "../src/apps/node-manager/actor_tree";
import { explain } from "../src/apps/node-manager/direct";
import { Grid, nextSort, sorted } from "../src/apps/node-manager/grid";
import { actionOf, type Key } from "../src/apps/node-manager/keys";
import { isFound, orderOf, processOf, unitLines, unitName, unitOf, type Process, type ProcessRow, type Unit } from "../src/apps/node-manager/machine_rows";
import { processColumns } from "../src/apps/node-manager/processes";
import { peerColumns } from "../src/apps/node-manager/peers";
import { transportOf } from "../src/apps/node-manager/peer_text";
import { servicesOf } from "../src/apps/node-manager/services";
import { defaults, readSettings } from "../src/apps/node-manager/settings";
import { clean, reputationText, shortId } from "../src/apps/node-manager/text";
import { Census } from "../src/apps/node-manager/use_actors";
import { Past } from "../src/apps/node-manager/use_machine";
import { readBooks, type Peer } from "../src/apps/node-manager/use_peers";
import { resourcesOf } from "../src/apps/node-manager/use_resources";
import { tables, type ActorsRows, type ResourcesRows } from "../src/lib/arena_layout";
import { formatDuration, formatExactly, formatSpan, setLocale } from "../src/lib/format";

setLocale("en");

function actor(id: number, parent: number, name: string, more: Partial<Actor> = {}): Actor {
  return {
    id: String(id), parent: parent ? String(parent) : "", name, class: "a_class", state: 1, depth: 0, known: 2,
    oldest: 0, processed: 0, rate: 0, share: 0, restarts: 0, supervisor: false, ...more,
  };
}

// keeper, and node with monitor, api; api with feed and server.
const node = treeOf([
  actor(1, 0, "keeper"), actor(2, 0, "node"), actor(3, 2, "monitor", { depth: 7 }), actor(4, 2, "api"), actor(5, 4, "feed"),
  actor(6, 4, "server", { depth: 9 }),
]);
const shape = (lines: Line[]) => lines.map(({ actor: { name }, level, open }) => `${".".repeat(level)}${name}${open === undefined ? "" : open ? "-" : "+"}`);

test("actors are below who watches them", () => {
  assert.deepEqual(shape(linesOf(node, new Set())), [".keeper", ".node-", "..monitor", "..api-", "...feed", "...server"]);
  assert.deepEqual(linesOf(node, new Set()).map(({ position, siblings }) => `${position}/${siblings}`), ["1/2", "2/2", "1/2", "2/2", "1/2", "2/2"]);
  assert.equal(countBelow(node, "2"), 4);
  assert.equal(nameIn(node, "6"), "server");
  assert.equal(nameIn(node, "77"), "77");
});

test("a branch that is folded hides what is below, by its names", () => {
  assert.deepEqual(shape(linesOf(node, new Set(["/node/api"]))), [".keeper", ".node-", "..monitor", "..api+"]);
  assert.deepEqual(shape(linesOf(node, new Set(["/node"]))), [".keeper", ".node+"]);
});

test("what is looked for is seen with all above it, whatever is folded", () => {
  assert.deepEqual(shape(linesOf(node, new Set(["/node"]), "SERV")), [".node-", "..api-", "...server"]);
  assert.deepEqual(shape(linesOf(node, new Set(), "a_class feed")), [".node-", "..api-", "...feed"]);
  assert.deepEqual(linesOf(node, new Set(), "nobody"), []);
  assert.deepEqual(linesOf(node, new Set(), "(["), []);
});

test("a list is in the order that was asked for", () => {
  const names = (lines: Line[]) => lines.map((line) => line.actor.name);
  assert.deepEqual(names(flatOf(node, (a, b) => b.depth - a.depth)).slice(0, 2), ["server", "monitor"]);
  assert.deepEqual(names(flatOf(node, (a, b) => b.depth - a.depth, "o")), ["monitor", "node"]);
});

test("a tree that was read while it changed is a tree all the same", () => {
  const ring = treeOf([actor(1, 2, "a"), actor(2, 1, "b"), actor(3, 3, "itself"), actor(4, 99, "orphan")]);
  assert.equal(linesOf(ring, new Set()).length, 4);
  assert.equal(countBelow(ring, "1"), 1);
  let deep: Actor[] = [];
  for (let i = 1; i <= 5000; i++) deep = [...deep, actor(i, i - 1, `n${i}`)];
  assert.ok(linesOf(treeOf(deep), new Set()).length <= 64);
  assert.equal(countBelow(treeOf(deep), "1"), 4999);
});

test("percentiles are values that there were", () => {
  const times = Array.from({ length: 100 }, (_, i) => i + 1);
  assert.deepEqual([0.5, 0.95, 0.99].map((share) => percentile(times, share)), [50, 95, 99]);
  assert.equal(percentile([7], 0.5), 7);
  assert.equal(percentile([], 0.5), undefined);
});

const hostile = [
  '<img src=x onerror="alert(1)"><script>alert(2)</script>',
  "\u202e\u2066gnp.exe\u200b\u0000\u001b[31m\ufeff",
  "é".repeat(65536),
  "a\nb\r\u2028c",
];

function drawn(lines: readonly Line[]): string {
  return renderToStaticMarkup(
    createElement(Grid<Line>, {
      label: "Actors", className: "actors", columns: actorColumns(), rows: lines, keyOf: ({ actor: { id } }) => id, selected: null,
      onSelect: () => undefined, branchOf: (line) => line, onFold: () => undefined,
    }),
  );
}

test("names of strangers are text, short, and turn nothing round", () => {
  const html = drawn(linesOf(treeOf(hostile.map((name, i) => actor(i + 1, 0, name, { class: name }))), new Set()));
  assert.ok(!/<(img|script)/.test(html), html);
  assert.ok(html.includes("&lt;img src=x"));
  // eslint-disable-next-line no-control-regex -- those must not be there
  assert.ok(!/[\u0000-\u001f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/.test(html.replaceAll("\n", "")), html);
  assert.ok(html.length < 20000, String(html.length));
  for (const name of hostile) assert.ok(clean(name).length <= 257);
  assert.equal(clean(hostile[1] ?? ""), "gnp.exe[31m");
});

test("peers of strangers are text too", () => {
  const peers: Peer[] = hostile.map((name) => ({
    id: name, agent: name, address: name, connections: 1, inbound: false, relayed: false, sent: NaN, received: -1, latency: 1e300, rate: NaN,
    cpu: Infinity, memoryUsed: 0, memoryTotal: 0, services: 0, said: 1e300,
  }));
  const books = {
    mesh: "", access: "", standing: "", reputations: new Map(), requests: [], presence: new Map(),
    roll: new Map(hostile.map((name) => [name, { id: name, name, standing: name, by: name, rank: 0 }])),
  };
  const html = renderToStaticMarkup(
    createElement(Grid<Peer>, { label: "Peers", className: "peers", columns: peerColumns(books), rows: peers, keyOf: ({ id }) => id, selected: null, onSelect: () => undefined }),
  );
  assert.ok(!/<(img|script)/.test(html), html);
  assert.ok(!/[\u202e\u2066]/.test(html));
  assert.equal(formatExactly(new Date(1e300)), "–");
  assert.equal(shortId("12D3KooWAbCdEfGhIjKlMn"), "…GhIjKlMn");
});

test("of 5,000 actors only those are drawn that are seen", () => {
  const many = Array.from({ length: 5000 }, (_, i) => actor(i + 1, i < 50 ? 0 : (i % 50) + 1, `actor ${i}`));
  const html = drawn(linesOf(treeOf(many), new Set()));
  const rows = html.match(/role="row"/g)?.length ?? 0;
  assert.ok(rows > 10 && rows < 60, String(rows));
  assert.match(html, /aria-rowcount="5001"/);
  assert.match(html, /role="treegrid"/);
});

test("what this node offers comes first, announced or not", () => {
  const services = servicesOf([[["web", "me", 80, 0], ["web", "other", 81, 5]]], [[["web", 80, 0, true, "0", 0, "0"], ["mail", 25, 0, false, "60000", 1, "1024"]]], "me");
  assert.deepEqual(services.map(({ key }) => key), ["here/web", "here/mail", "other/web"]);
  assert.equal(services[1]?.offer?.well, false);
});

test("an order goes from largest to smallest to none", () => {
  assert.deepEqual(nextSort(null, "depth"), { column: "depth", descending: true });
  assert.deepEqual(nextSort({ column: "depth", descending: true }, "depth"), { column: "depth", descending: false });
  assert.equal(nextSort({ column: "depth", descending: false }, "depth"), null);
  const columns = [{ key: "n", label: "n", cell: String, compare: (a: number, b: number) => b - a }];
  assert.deepEqual(sorted([2, 3, 1], columns, { column: "n", descending: true }), [3, 2, 1]);
  assert.deepEqual(sorted([2, 3, 1], columns, { column: "n", descending: false }), [1, 2, 3]);
  assert.deepEqual(sorted([2, 3, 1], columns, { column: "gone", descending: true }), [2, 3, 1]);
});

test("settings are what they may be", () => {
  assert.deepEqual(readSettings(undefined), defaults);
  assert.deepEqual(readSettings({ page: "nowhere", range: 1e9, actorSort: "depth", folded: "all", peerSort: { column: 7 } }), defaults);
  const kept = { page: "actors", range: 10, actorSort: { column: "depth", descending: false }, peerSort: null, peerView: "map", folded: ["/node"], processSort: { column: "name", descending: false }, view: "units" };
  assert.deepEqual(readSettings(kept), kept);
  assert.deepEqual(readSettings({ folded: [7, "x".repeat(121), "/a"] }).folded, ["/a"]);
  assert.equal(readSettings({ folded: Array.from({ length: 1000 }, (_, i) => `/${i}`) }).folded.length, 64);
});

const plain: Key = { key: "", code: "", ctrlKey: false, shiftKey: false, altKey: false, metaKey: false };

test("keys are the window's or the page's", () => {
  assert.deepEqual(actionOf({ ...plain, ctrlKey: true, key: "f", code: "KeyF" }), { do: "find" });
  assert.deepEqual(actionOf({ ...plain, ctrlKey: true, key: "ب", code: "KeyF" }), { do: "find" }, "in Arabic");
  assert.deepEqual(actionOf({ ...plain, ctrlKey: true, key: "&", code: "Digit1" }), { do: "page", at: 0 }, "in French");
  assert.deepEqual(actionOf({ ...plain, ctrlKey: true, key: "PageDown", code: "PageDown" }), { do: "step", by: 1 });
  assert.deepEqual(actionOf({ ...plain, key: "F1", code: "F1" }), { do: "shortcuts" });
  assert.equal(actionOf({ ...plain, key: "f", code: "KeyF" }), null);
  assert.equal(actionOf({ ...plain, altKey: true, ctrlKey: true, key: "f", code: "KeyF" }), null);
});

test("why there is no direct connection is said in words, and what to do", () => {
  const none = explain({ connection: "none", addresses: [], "hole-punching": "nothing", reachability: "unknown" });
  assert.equal(none.is, "There is no connection.");
  assert.match(none.advice.join(), /Say where it is/);
  const refused = explain({ connection: "none", addresses: [["/ip4/192.0.2.1/tcp/1", "hearsay", "refused", 1, "5"]], "hole-punching": "off", reachability: "unreachable" });
  assert.match(refused.advice[0] ?? "", /Start the node there/);
  assert.deepEqual(refused.addresses, [{ address: "/ip4/192.0.2.1/tcp/1", source: "others say", ending: "refused: nothing listens there" }]);
  const relayed = explain({ connection: "relayed", address: "/p2p-circuit", addresses: [], "hole-punching": "unsupported", "peer-has-relay": true });
  assert.match(relayed.advice.join(), /hole-punching=true in the node.ini of the node there/);
  assert.deepEqual(explain({ connection: "direct", address: "/ip4/192.0.2.1/tcp/1" }).advice, []);
  // What no node would say.
  assert.deepEqual(explain({ connection: 7, addresses: [7, [1], null], "hole-punching": {} }).addresses, []);
  assert.deepEqual(explain({}).addresses, []);
});

test("details are in words, and what is new in those of the node", () => {
  const facts = factsOf({ memory: "2048", "blocked-on": "7", name: "x", "a-new-thing": "<b>\u202e", "busy-for": "1500000" });
  assert.deepEqual(facts, [["Busy for", "1.5 ms"], ["Blocked on", "7"], ["Memory", "2 KiB"], ["a-new-thing", "<b>"]]);
});

test("a reputation is a word", () => {
  assert.equal(reputationText(900, 0, 0), "unknown");
  assert.equal(reputationText(900, 3000, 0), "good");
  assert.equal(reputationText(100, 0, 2), "bad");
});

test("a transport is what the address says", () => {
  assert.equal(transportOf("/ip4/192.0.2.1/tcp/4630"), "TCP");
  assert.equal(transportOf("/ip4/192.0.2.1/tcp/4630/ws"), "WebSocket");
  assert.equal(transportOf(""), "");
});

test("times are long or short", () => {
  assert.equal(formatSpan(0), "0 ns");
  assert.equal(formatSpan(1500), "1.5 µs");
  assert.equal(formatSpan(12_345_678), "12 ms");
  assert.equal(formatDuration(0), "0 seconds");
  assert.equal(formatDuration(59), "59 seconds");
  assert.equal(formatDuration(3600), "1 hour");
  assert.equal(formatDuration(2 * 86400 + 3 * 3600 + 59), "2 days 3 hours");
});

/** The census of rows that each say who they are. */
function census(rows: { id: bigint; parent: bigint; name: string }[]): ActorsRows {
  const number = () => 0;
  return {
    id: (i: number) => rows[i]?.id, parent: (i: number) => rows[i]?.parent, name: (i: number) => rows[i]?.name, class: () => "c",
    processed: number, depth: number, oldest: number, rate: number, share: number, restarts: number, state: number, known: number, supervisor: number,
  } as unknown as ActorsRows;
}

test("an actor's name is kept between looks, and still becomes another", () => {
  const all = new Census();
  const big = 2n ** 63n + 5n;
  const before = all.take(census([{ id: big, parent: 0n, name: "" }, { id: 2n, parent: big, name: "b" }]), 2);
  assert.deepEqual(before.map(({ id, parent, name }) => [id, parent, name]), [["9223372036854775813", "", ""], ["2", "9223372036854775813", "b"]]);
  let names: string[] = [];
  for (let i = 0; i < 8; i++) names = all.take(census([{ id: big, parent: 0n, name: "a" }, { id: 2n, parent: big, name: "c" }]), 2).map(({ name }) => name);
  assert.deepEqual(names, ["a", "c"]);
});

function looks(times: number[]): ResourcesRows {
  const number = () => 1;
  const names = ["cpu", "memoryTotal", "memoryAvailable", "swapTotal", "swapFree", "load1", "load5", "load15", "pressureCpu", "pressureMemory", "pressureIo",
    "rxRate", "txRate", "temperature", "battery", "batterySeconds", "batteryCharging", "cores"];
  return { ...Object.fromEntries(names.map((name) => [name, number])), time: (row: number) => (times[row] ?? 0) * 1e6 } as unknown as ResourcesRows;
}

test("the figures of a ring go one way in time", () => {
  assert.equal(resourcesOf(looks([]), 0), null);
  assert.deepEqual(resourcesOf(looks([1, 2, 3]), 3)?.times, [1, 2, 3]);
  assert.deepEqual(resourcesOf(looks([10, 11, 2, 3]), 4)?.times, [2, 3], "the clock was set back");
  const room = tables.resources.rows;
  const ring = Array.from({ length: room }, (_, i) => (i < 5 ? room + i : i));
  const read = resourcesOf(looks(ring), room + 5);
  assert.equal(read?.times.length, room);
  assert.equal(read?.times.at(-1), room + 4);
  assert.equal(read?.cpu.length, room);
});

test("units are a tree, what is looked for a list", () => {
  const unit = (path: string, memory: string) => unitOf([path, "slice", -1, memory, "1", -1, -1]);
  const units = [unit("/a.slice", "10"), unit("/a.slice/b\\x2dc.service", "1"), unit("/a.slice/d.scope", "2"), unit("/e.slice", "20")];
  const larger = (a: Unit, b: Unit) => b.memory - a.memory;
  const names = (folded: string[], query = "") => unitLines(units, larger, new Set(folded), query).map(({ unit: { name }, level, open }) => `${".".repeat(level)}${name}${open === undefined ? "" : open ? "-" : "+"}`);
  assert.deepEqual(names([]), [".e.slice", ".a.slice-", "..d.scope", "..b-c.service"]);
  assert.deepEqual(names(["/a.slice"]), [".e.slice", ".a.slice+"]);
  assert.deepEqual(names(["/a.slice"], "A.SL c.s"), [".b-c.service"]);
  assert.equal(unitName("/x/a\\x0ab\\x5b"), "a\\x0ab[");
});

test("processes of strangers are text, and are ordered as the node does", () => {
  const rows: ProcessRow[] = hostile.map((name, i) => [i + 1, "7", 1, name, name, 0, name, i, "4096", 1, 0, name, false, name]);
  const html = renderToStaticMarkup(
    createElement(Grid<Process>, {
      label: "Processes", className: "processes", columns: processColumns(), rows: rows.map(processOf), keyOf: ({ key }) => key, selected: null,
      onSelect: () => undefined,
    }),
  );
  assert.ok(!/<(img|script)/.test(html), html);
  assert.ok(html.includes("&lt;img src=x"));
  const one = processOf([42, "7", 1, "Sleep", "root", 0, "idle", 0, "0", 1, 0, "a.service", true, "sleep 54321 x"]);
  for (const query of ["", "sleep 5432", "42", "ROOT a.serv", " x "]) assert.ok(isFound(one, query), query);
  for (const query of ["4", "sleep wake", "([" ]) assert.equal(isFound(one, query), query === "4", query);
  assert.equal(orderOf(null), "cpu");
  assert.equal(orderOf({ column: "name", descending: false }), "-name");
  assert.equal(readSettings({ processSort: { column: "beauty", descending: true } }).processSort?.column, "cpu");
  assert.equal(readSettings({ view: "nonsense" }).view, "processes");
});

test("the past of a figure is short, and goes with it", () => {
  const past = new Past();
  for (let i = 0; i < 200; i++) past.take([["a", i], ["b", -1]]);
  assert.equal(past.of("a").length, Past.most);
  assert.equal(past.of("a").at(-1), 199);
  assert.deepEqual(past.of("b"), []);
  past.take([]);
  assert.deepEqual(past.of("a"), []);
});

test("the books are there also where nobody says where members are", async () => {
  const answers: Record<string, unknown> = {
    "peer.roll": ["m", "open", "member", [["a", "Anna", "member", "b", "", 1]]],
    "peer.reputations": [[]],
    "peer.requests": [[["c", "Carl", "", true, "7", false]]],
  };
  const postMessage = (text: string) => {
    const answer = answers[(JSON.parse(text) as { command: string }).command];
    return answer === undefined ? Promise.reject(new Error("too busy")) : Promise.resolve(JSON.stringify(answer));
  };
  Object.assign(globalThis, { window: { webkit: { messageHandlers: { inos: { postMessage } } } } });
  const { roll, requests, presence } = await readBooks();
  assert.deepEqual([roll.get("a")?.name, requests[0]?.age, presence.size], ["Anna", 7, 0]);
  delete answers["peer.roll"];
  await assert.rejects(readBooks, /too busy/);
});

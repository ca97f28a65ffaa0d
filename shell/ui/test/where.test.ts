// SPDX-License-Identifier: GPL-3.0-or-later
// Whose actors, resources and logs are asked for, and what another node says of its actors.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { PlaceChoice } from "../src/apps/node-manager/place_choice";
import { actorOf, type ActorRow } from "../src/apps/node-manager/use_far_actors";
import { aimed, placesOf } from "../src/apps/node-manager/where";

test("questions about a computer say which, and others say nothing of it", () => {
  assert.deepEqual(aimed("actor.stop", { who: "a" }, "peer"), { who: "a", node: "peer" });
  assert.deepEqual(aimed("machine.units", {}, ""), {});
  assert.deepEqual(aimed("log.read", { limit: 1 }, "peer"), { limit: 1, node: "peer" });
  assert.deepEqual(aimed("clipboard.write", { text: "a" }, "peer"), { text: "a" });
  assert.deepEqual(aimed("settings.set", {}, "peer"), {});
  // One that was begun elsewhere ends there.
  assert.deepEqual(aimed("actor.trace", { who: "a", node: "" }, "peer"), { who: "a" });
  assert.deepEqual(aimed("actor.trace", { who: "a", node: "other" }, ""), { who: "a", node: "other" });
});

test("there are the members but this computer, by name", () => {
  const row = (id: string, name: string, standing = "member"): [string, string, string, string, string, number] => [id, name, standing, "", "", 1];
  const places = placesOf(["m", "members", "member", [row("self", "me"), row("b", "zoo"), row("a", "bar"), row("c", "gone", "revoked")]], [1, [["a", "alive"], ["c", "alive"]]], "self");
  assert.deepEqual(places, [{ id: "a", name: "bar", state: "alive" }, { id: "b", name: "zoo", state: "" }]);
  const html = renderToStaticMarkup(createElement(PlaceChoice, { places: [...places, { id: "0123456789abcdef", name: "bar", state: "dead" }, { id: "d", name: "<b>\u202e", state: "alive" }], chosen: "b", onChoose: () => undefined }));
  assert.match(html, /This computer/);
  assert.match(html, /<option value="b" selected="">zoo – not there now/);
  assert.match(html, /bar \(…89abcdef\) – not there now/);
  assert.ok(!html.includes("<b>") && !html.includes("\u202e"));
  assert.equal(renderToStaticMarkup(createElement(PlaceChoice, { places: [], chosen: "", onChoose: () => undefined })), "");
  assert.match(renderToStaticMarkup(createElement(PlaceChoice, { places: [], chosen: "left", onChoose: () => undefined })), /<option value="left" selected="">/);
});

test("an actor of another node is one as those here", () => {
  const row: ActorRow = ["7", "2", "api", "node_api", "running", "3", "12", 0.5, 0.25, 1, true];
  assert.deepEqual(actorOf(row), { id: "7", parent: "2", name: "api", class: "node_api", state: 3, depth: 3, known: 2, oldest: 0, processed: 12, rate: 0.5, share: 0.25, restarts: 1, supervisor: true });
  row[4] = "nonsense";
  row[5] = "18446744073709551615";
  assert.deepEqual([actorOf(row).state, actorOf(row).depth, actorOf(row).known], [-1, 0, 0]);
});

// SPDX-License-Identifier: GPL-3.0-or-later
// What is done with an actor is done on the computer that was shown when it was drawn, and not on one that was chosen since.
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { Children, isValidElement, type ReactElement, type ReactNode } from "react";
import { treeOf, type Actor } from "../src/apps/node-manager/actor_tree";
import { ActorPanel } from "../src/apps/node-manager/actor_panel";
import type { Desk, Question } from "../src/apps/node-manager/desk";
import { Trace } from "../src/apps/node-manager/trace";
import { setWhere } from "../src/apps/node-manager/where";
import { World } from "./hook";

const actor = (id: string, parent: string): Actor => ({
  id, parent, name: `actor${id}`, class: "", state: 3, depth: 0, known: 2, oldest: 0, processed: 0, rate: 0, share: 0, restarts: 0, supervisor: id === "1",
});
const tree = treeOf([actor("1", ""), actor("2", "1")]);

let world: World;
let question: Question | null;
let drawn: ReactNode;
const desk: Desk = { note: () => undefined, ask: (asked) => (question = asked), answered: () => undefined, query: "" };

interface Pressed {
  children?: ReactNode;
  onClick?: () => void;
}

/** The button of this text in what was drawn. */
function button(text: string, within: ReactNode = drawn): (() => void) | undefined {
  for (const each of Children.toArray(within)) {
    if (!isValidElement(each)) continue;
    const { children, onClick } = (each as ReactElement<Pressed>).props;
    const found = each.type === "button" && children === text ? onClick : button(text, children);
    if (found) return found;
  }
  return undefined;
}

const press = async (text: string) => {
  const run = button(text);
  assert.ok(run, text);
  run();
  await world.rest();
};

beforeEach(() => {
  world = new World();
  question = null;
  setWhere("a");
});
afterEach(async () => {
  await world.end();
  setWhere("");
});

const drawPanel = async () => {
  await world.run(() => {
    drawn = ActorPanel({ actor: actor("2", "1"), tree, desk, onSelect: () => undefined, onClose: () => undefined });
  })();
  world.take().answer(["2", {}]);
  await world.rest();
};

for (const [deed, command] of [["Stop…", "actor.stop"], ["Restart…", "actor.restart"]] as const) {
  test(`${command} is for the computer that was shown`, async () => {
    await drawPanel();
    await press(deed);
    const inspected = world.take();
    assert.deepEqual([inspected.command, inspected.args["node"]], ["actor.inspect", "a"]);
    inspected.answer(["1", {}]);
    await world.rest();
    assert.ok(question);
    setWhere("b");
    question.choices[0]?.run();
    const asked = world.take();
    assert.deepEqual([asked.command, asked.args], [command, { who: "2", node: "a" }]);
  });
}

test("nothing is asked of the person after another computer was chosen", async () => {
  await drawPanel();
  await press("Stop…");
  setWhere("b");
  await world.end();
  world.take().answer(["1", {}]);
  await world.rest();
  assert.equal(question, null);
});

test("a trace that begins after the looking ends at once, on its computer", async () => {
  await world.run(() => {
    drawn = Trace({ actor: actor("2", "1"), tree, desk, room: 0 });
  })();
  await press("Trace its messages");
  const begun = world.take();
  assert.deepEqual([begun.command, begun.args["node"]], ["actor.trace", "a"]);
  setWhere("b");
  await world.end();
  begun.answer(null);
  await world.rest();
  const ended = world.take();
  assert.deepEqual([ended.command, ended.args], ["actor.trace", { who: "2", room: 0, node: "a" }]);
});

// SPDX-License-Identifier: GPL-3.0-or-later
// The actors of another node, which is asked for them while somebody looks.
import { treeOf, type Actor, type Tree } from "./actor_tree";
import { usePoll } from "./use_machine";
import { ask } from "./where";

/** Id, parent, name, behaviour, state, depth, handled, a second, share, restarts, whether it supervises. */
export type ActorRow = [string, string, string, string, string, string, string, number, number, number, boolean];
type Answer = [next: string, total: string, seconds: number, rows: ActorRow[]];

const page = 128;
/** As many as the arena has. */
const pagesMost = 32;
/** In the order of the arena's numbers. */
const states = ["starting", "idle", "ready", "running", "busy", "blocked", "stuck"];
const unknownDepth = "18446744073709551615";

export function actorOf([id, parent, name, behaviour, state, depth, handled, rate, share, restarts, supervisor]: ActorRow): Actor {
  return {
    id, parent, name,
    class: behaviour,
    state: states.indexOf(state),
    depth: depth === unknownDepth ? 0 : Number(depth),
    known: depth === unknownDepth ? 0 : 2,
    oldest: 0, // a list does not say it
    processed: Number(handled),
    rate, share, restarts, supervisor,
  };
}

export interface FarActors {
  tree: Tree;
  /** That were not asked for. */
  dropped: number;
}

async function readAll(): Promise<FarActors> {
  const actors: Actor[] = [];
  let cursor = "0";
  let total = 0;
  for (let i = 0; i < pagesMost; i++) {
    const [next, count, , rows] = await ask<Answer>("actor.list", { order: "place", limit: page, cursor });
    actors.push(...rows.map(actorOf));
    total = Number(count);
    cursor = next;
    if (cursor === "0") break;
  }
  return { tree: treeOf(actors), dropped: cursor === "0" ? 0 : Math.max(0, total - actors.length) };
}

const always = () => true;

/** Drawn anew for each node: what it says is of the one that is looked at then. */
export function useFarActors(): { actors: FarActors | null; fault: string } {
  const { answer, fault } = usePoll(readAll, always);
  return { actors: answer, fault };
}

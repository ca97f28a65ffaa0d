// SPDX-License-Identifier: GPL-3.0-or-later
// The node's actors, read in the arena.
import { useSyncExternalStore } from "react";
import { tableStore } from "../../lib/arena";
import type { ActorsRows } from "../../lib/arena_layout";
import { treeOf, type Actor, type Tree } from "./actor_tree";

interface Named {
  id: string;
  name: string;
  class: string;
}

/** Texts are read anew once in so many looks: they hardly ever change, and cost most. */
const turns = 8;

/** Keeps what an actor is called from one look to the next. */
export class Census {
  private known = new Map<bigint, Named>();
  private look = 0;

  take(rows: ActorsRows, count: number): Actor[] {
    const known = new Map<bigint, Named>();
    const actors: Actor[] = [];
    this.look++;
    for (let i = 0; i < count; i++) {
      const id = rows.id(i);
      const parent = rows.parent(i);
      const named = this.name(rows, i, id);
      known.set(id, named);
      actors.push({
        ...named,
        parent: parent === 0n ? "" : (this.known.get(parent)?.id ?? String(parent)),
        state: rows.state(i),
        depth: rows.depth(i),
        known: rows.known(i),
        oldest: rows.oldest(i),
        processed: rows.processed(i),
        rate: rows.rate(i),
        share: rows.share(i),
        restarts: rows.restarts(i),
        supervisor: rows.supervisor(i) === 1,
      });
    }
    this.known = known;
    return actors;
  }

  private name(rows: ActorsRows, i: number, id: bigint): Named {
    const old = this.known.get(id);
    if (old?.name && (i + this.look) % turns !== 0) return old;
    return { id: old?.id ?? String(id), name: rows.name(i), class: rows.class(i) };
  }
}

export interface Actors {
  tree: Tree;
  /** For which the arena has no room. */
  dropped: number;
}

const census = new Census();
const actors = tableStore(["actors"], (arena) =>
  arena.read("actors", (rows, { count, dropped }): Actors => ({ tree: treeOf(census.take(rows, count)), dropped })),
);

/** null before there was anything to read. */
export function useActors(): Actors | null {
  return useSyncExternalStore(actors.subscribe, actors.get);
}

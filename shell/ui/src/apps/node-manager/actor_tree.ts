// SPDX-License-Identifier: GPL-3.0-or-later
// The actors as a tree that can be searched and folded, and as a list in some order.
import { t } from "../../lib/i18n";
import { clean } from "./text";

export interface Actor {
  id: string;
  /** "": nobody. */
  parent: string;
  name: string;
  class: string;
  state: number;
  depth: number;
  /** 0: the depth is not known, 1: it is at least so much, 2: exact. */
  known: number;
  /** ns. */
  oldest: number;
  processed: number;
  rate: number;
  share: number;
  restarts: number;
  supervisor: boolean;
}

export interface Line {
  actor: Actor;
  /** From 1. */
  level: number;
  /** Names from the root on, by which a branch is remembered. */
  path: string;
  /** Undefined where nothing is below. */
  open: boolean | undefined;
  position: number;
  siblings: number;
}

export interface Tree {
  all: readonly Actor[];
  roots: Actor[];
  below: Map<string, Actor[]>;
  byId: Map<string, Actor>;
}

const deepest = 64;

export function labelOf(actor: Actor): string {
  return clean(actor.name) || clean(actor.class) || actor.id;
}

/** What to call whoever has an id, which may have gone. */
export function nameIn(tree: Tree, id: string): string {
  const actor = tree.byId.get(id);
  return actor ? labelOf(actor) : id === "0" ? t("outside") : id;
}

/** Whose parent is not there, or is below it, is a root. */
export function treeOf(all: readonly Actor[]): Tree {
  const byId = new Map(all.map((actor) => [actor.id, actor]));
  const below = new Map<string, Actor[]>();
  const roots: Actor[] = [];
  for (const actor of all) {
    if (byId.has(actor.parent) && actor.parent !== actor.id) {
      const siblings = below.get(actor.parent);
      if (siblings) siblings.push(actor);
      else below.set(actor.parent, [actor]);
    } else roots.push(actor);
  }
  const tree = { all, roots, below, byId };
  const seen = new Set<string>();
  const walk = (actors: readonly Actor[]): void => {
    const open = [...actors];
    for (let actor = open.pop(); actor; actor = open.pop()) {
      if (seen.has(actor.id)) continue;
      seen.add(actor.id);
      open.push(...(below.get(actor.id) ?? []));
    }
  };
  walk(roots);
  for (const actor of all) {
    if (seen.has(actor.id)) continue;
    roots.push(actor); // a ring, which was read while it changed
    walk([actor]);
  }
  return tree;
}

/** How many are below an actor. */
export function countBelow(tree: Tree, id: string): number {
  const seen = new Set<string>([id]);
  const open = [...(tree.below.get(id) ?? [])];
  for (let actor = open.pop(); actor; actor = open.pop()) {
    if (seen.has(actor.id)) continue;
    seen.add(actor.id);
    open.push(...(tree.below.get(actor.id) ?? []));
  }
  return seen.size - 1;
}

function matches(actor: Actor, words: readonly string[]): boolean {
  const text = `${actor.name} ${actor.class} ${actor.id}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

function wordsOf(query: string): string[] {
  return query.toLowerCase().split(/\s+/).filter(Boolean);
}

/** Those that are found, and all above them; null where nothing is looked for. */
function found(tree: Tree, query: string): Set<string> | null {
  const words = wordsOf(query);
  if (words.length === 0) return null;
  const kept = new Set<string>();
  for (const actor of tree.all) {
    if (!matches(actor, words)) continue;
    for (let at: Actor | undefined = actor; at && !kept.has(at.id); at = tree.byId.get(at.parent)) kept.add(at.id);
  }
  return kept;
}

/** What is seen of the tree, from the top. What is looked for is seen whatever is folded. */
export function linesOf(tree: Tree, folded: ReadonlySet<string>, query = ""): Line[] {
  const kept = found(tree, query);
  const lines: Line[] = [];
  const seen = new Set<string>();
  const add = (actors: readonly Actor[], level: number, above: string): void => {
    const shown = kept ? actors.filter(({ id }) => kept.has(id)) : actors;
    shown.forEach((actor, i) => {
      if (seen.has(actor.id)) return;
      seen.add(actor.id);
      const path = `${above}/${labelOf(actor)}`.slice(-120);
      const children = tree.below.get(actor.id);
      const open = children && level < deepest ? kept !== null || !folded.has(path) : undefined;
      lines.push({ actor, level, path, open, position: i + 1, siblings: shown.length });
      if (open && children) add(children, level + 1, path);
    });
  };
  add(tree.roots, 1, "");
  return lines;
}

/** All that are found, in an order, without the tree. */
export function flatOf(tree: Tree, compare: (a: Actor, b: Actor) => number, query = ""): Line[] {
  const words = wordsOf(query);
  const actors = tree.all.filter((actor) => matches(actor, words)).sort(compare);
  return actors.map((actor, i) => ({ actor, level: 1, path: "", open: undefined, position: i + 1, siblings: actors.length }));
}

/** Of times in ns: how much a share of them did not exceed; undefined where there are none. */
export function percentile(times: readonly number[], share: number): number | undefined {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}

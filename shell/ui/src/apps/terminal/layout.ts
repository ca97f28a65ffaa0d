// SPDX-License-Identifier: GPL-3.0-or-later
// Tabs, and how each is split. Panes are named by keys of the window's own; what they show is not
// known here.

export interface Leaf {
  pane: number;
}

/** "row": beside each other; "column": one above the other. */
export type Direction = "row" | "column";

export interface Split {
  direction: Direction;
  /** Of the first, 0 to 1. */
  ratio: number;
  first: Tree;
  second: Tree;
}

export type Tree = Leaf | Split;

export interface Tab {
  key: number;
  tree: Tree;
  /** The pane that has the keyboard. */
  active: number;
}

/** In parts of the whole, 0 to 1. */
export interface Rect {
  left: number;
  top: number;
  width: number;
  height: number;
}

export const ratioMin = 0.1;
const whole: Rect = { left: 0, top: 0, width: 1, height: 1 };

export function isLeaf(tree: Tree): tree is Leaf {
  return "pane" in tree;
}

export function panesOf(tree: Tree): number[] {
  return isLeaf(tree) ? [tree.pane] : [...panesOf(tree.first), ...panesOf(tree.second)];
}

export function splitPane(tree: Tree, pane: number, direction: Direction, added: number): Tree {
  if (isLeaf(tree))
    return tree.pane === pane ? { direction, ratio: 0.5, first: tree, second: { pane: added } } : tree;
  return {
    ...tree,
    first: splitPane(tree.first, pane, direction, added),
    second: splitPane(tree.second, pane, direction, added),
  };
}

/** Null where nothing is left. */
export function removePane(tree: Tree, pane: number): Tree | null {
  if (isLeaf(tree)) return tree.pane === pane ? null : tree;
  const first = removePane(tree.first, pane);
  const second = removePane(tree.second, pane);
  return first && second ? { ...tree, first, second } : (first ?? second);
}

function halves(split: Split, { left, top, width, height }: Rect): [Rect, Rect] {
  const part = split.ratio;
  return split.direction === "row"
    ? [
        { left, top, width: width * part, height },
        { left: left + width * part, top, width: width * (1 - part), height },
      ]
    : [
        { left, top, width, height: height * part },
        { left, top: top + height * part, width, height: height * (1 - part) },
      ];
}

export function rectsOf(tree: Tree, rect: Rect = whole): Map<number, Rect> {
  if (isLeaf(tree)) return new Map([[tree.pane, rect]]);
  const [a, b] = halves(tree, rect);
  return new Map([...rectsOf(tree.first, a), ...rectsOf(tree.second, b)]);
}

export interface Divider {
  /** Which split it is of: 0 and 1 lead from the root to it. */
  path: string;
  direction: Direction;
  /** Where the split lies. */
  rect: Rect;
  ratio: number;
}

export function dividersOf(tree: Tree, rect: Rect = whole, path = ""): Divider[] {
  if (isLeaf(tree)) return [];
  const [a, b] = halves(tree, rect);
  return [
    { path, direction: tree.direction, rect, ratio: tree.ratio },
    ...dividersOf(tree.first, a, `${path}0`),
    ...dividersOf(tree.second, b, `${path}1`),
  ];
}

export function setRatio(tree: Tree, path: string, ratio: number): Tree {
  if (isLeaf(tree)) return tree;
  if (path === "") return { ...tree, ratio: Math.min(1 - ratioMin, Math.max(ratioMin, ratio)) };
  return path.startsWith("0")
    ? { ...tree, first: setRatio(tree.first, path.slice(1), ratio) }
    : { ...tree, second: setRatio(tree.second, path.slice(1), ratio) };
}

export type Side = "left" | "right" | "up" | "down";

/** The pane that lies on that side of another; the same where there is none. */
export function neighbour(tree: Tree, pane: number, side: Side): number {
  const rects = rectsOf(tree);
  const from = rects.get(pane);
  if (!from) return pane;
  const x = from.left + from.width / 2;
  const y = from.top + from.height / 2;
  const beyond = (to: Rect): number =>
    side === "left"
      ? from.left - (to.left + to.width)
      : side === "right"
        ? to.left - (from.left + from.width)
        : side === "up"
          ? from.top - (to.top + to.height)
          : to.top - (from.top + from.height);
  const aside = (to: Rect): number =>
    side === "left" || side === "right"
      ? Math.max(to.top - y, y - (to.top + to.height), 0)
      : Math.max(to.left - x, x - (to.left + to.width), 0);
  let best = pane;
  let least = Infinity;
  for (const [other, to] of rects) {
    const distance = beyond(to) + aside(to) * 2;
    if (other !== pane && beyond(to) > -1e-6 && distance < least) {
      best = other;
      least = distance;
    }
  }
  return best;
}

/* What a window remembers of itself, with the terminals that its panes show. */

export interface Remembered {
  tabs: Tab[];
  current: number;
  /** Pane to terminal. */
  terminals: [number, number][];
}

function readTree(value: unknown, depth = 0): Tree | null {
  if (typeof value !== "object" || value === null || depth > 16) return null;
  const { pane, direction, ratio, first, second } = value as Record<string, unknown>;
  if (typeof pane === "number") return { pane };
  const a = readTree(first, depth + 1);
  const b = readTree(second, depth + 1);
  if (!a || !b || (direction !== "row" && direction !== "column") || typeof ratio !== "number") return null;
  return { direction, ratio, first: a, second: b };
}

/** Null where the text is not what was remembered. */
const isPair = (value: unknown): boolean =>
  Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === "number");

export function readRemembered(text: string): Remembered | null {
  try {
    const { tabs, current, terminals } = JSON.parse(text) as Remembered;
    const read = tabs.flatMap(({ key, tree, active }) => {
      const found = readTree(tree);
      return found && typeof key === "number" && typeof active === "number" ? [{ key, tree: found, active }] : [];
    });
    return read.length > 0 && typeof current === "number" && Array.isArray(terminals)
      ? { tabs: read, current, terminals: terminals.filter(isPair) }
      : null;
  } catch {
    return null;
  }
}

/** The tabs without a pane: a tab goes with its last, and has another active where that one was. */
export function withoutPane(tabs: Tab[], pane: number): Tab[] {
  return tabs.flatMap((tab) => {
    const tree = removePane(tab.tree, pane);
    if (!tree) return [];
    return [{ ...tab, tree, active: tab.active === pane ? (panesOf(tree)[0] ?? 0) : tab.active }];
  });
}

/** What is left of a window when some of its terminals have gone meanwhile; null: nothing. */
export function withTerminals(remembered: Remembered, there: number[]): Remembered | null {
  const gone = remembered.terminals.filter(([, id]) => !there.includes(id)).map(([pane]) => pane);
  const tabs = gone.reduce(withoutPane, remembered.tabs);
  const first = tabs[0];
  if (!first) return null;
  const current = tabs.some(({ key }) => key === remembered.current) ? remembered.current : first.key;
  return { tabs, current, terminals: remembered.terminals.filter(([pane]) => !gone.includes(pane)) };
}

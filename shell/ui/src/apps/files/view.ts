// SPDX-License-Identifier: GPL-3.0-or-later
// What one tab shows: rows that the host has, in their order, and which of them are chosen.
import type { Fetched, Row, ViewState } from "../../lib/files";
import { ask } from "../../lib/host";
import { comparer, type Order } from "./sort";

export interface Shown extends Order {
  hidden: boolean;
}

const settleTime = 40;

export class View {
  state: ViewState;
  selection: ReadonlySet<number> = new Set();
  /** The row that the keyboard is at; 0: none. */
  cursor = 0;
  anchor = 0;
  /** Pixels that are scrolled. */
  scroll = 0;
  /** Grows with all that a person does here. */
  touched = 0;
  loading = true;
  cut = false;
  error = "";
  /** Grows with all that is to be drawn anew. */
  version = 0;
  /** Wants the row of the cursor to be seen. */
  reveal = 0;
  #rows = new Map<number, Row>();
  #order: readonly Row[] = [];
  #at = new Map<number, number>();
  #stale = false;
  #shown: Shown;
  #busy = false;
  #again = false;
  #timer = 0;
  readonly #changed: () => void;

  constructor(state: ViewState, shown: Shown, changed: () => void) {
    this.state = state;
    this.#shown = shown;
    this.#changed = changed;
  }

  /** It shows something else. */
  enter(state: ViewState): void {
    this.state = state;
    this.touched++;
    this.#rows.clear();
    this.selection = new Set();
    this.cursor = this.anchor = this.scroll = 0;
    this.loading = state.kind !== "mesh";
    this.cut = false;
    this.error = "";
    this.#touch();
    this.fetch();
  }

  scrolledTo(top: number): void {
    this.scroll = top;
  }

  show(shown: Shown): void {
    if (shown.by === this.#shown.by && shown.down === this.#shown.down && shown.hidden === this.#shown.hidden) return;
    this.#shown = shown;
    this.reveal++;
    this.#touch();
  }

  row(id: number): Row | undefined {
    return this.#rows.get(id);
  }

  /** What is seen, in its order. */
  get order(): readonly Row[] {
    if (this.#stale) {
      this.#stale = false;
      // What is deleted for good with all the trash is seen before.
      const all = this.#shown.hidden || this.state.kind === "trash";
      const rows = [...this.#rows.values()].filter(({ hidden }) => all || !hidden);
      this.#order = rows.sort(comparer(this.#shown, document.documentElement.lang || "en"));
      this.#at = new Map(this.#order.map(({ id }, at) => [id, at]));
    }
    return this.#order;
  }

  /** -1: it is not seen. */
  indexOf(id: number): number {
    return this.order.length > 0 ? (this.#at.get(id) ?? -1) : -1;
  }

  /** Those that are chosen and are there, in their order. */
  get chosen(): Row[] {
    return this.order.filter(({ id }) => this.selection.has(id));
  }

  /** How many are there that are not seen. */
  get hiddenCount(): number {
    return this.#rows.size - this.order.length;
  }

  fetch(): void {
    if (this.#busy) {
      this.#again = true;
      return;
    }
    this.#busy = true;
    void this.#fetchAll().finally(() => (this.#busy = false));
  }

  async #fetchAll(): Promise<void> {
    for (;;) {
      this.#again = false;
      const { view } = this.state;
      const fetched = await ask<Fetched>("files.fetch", { view }).catch(() => null);
      if (!fetched) return;
      this.#take(fetched);
      if (!fetched.more && !this.#again) return;
    }
  }

  #take({ rows, gone, done, cut, error }: Fetched): void {
    for (const id of gone) this.#rows.delete(id);
    for (const row of rows) {
      this.#rows.set(row.id, row);
      if (row.select) this.select([row.id]);
    }
    if (gone.some((id) => this.selection.has(id))) {
      const left = new Set(gone);
      this.selection = new Set([...this.selection].filter((id) => !left.has(id)));
    }
    if (gone.includes(this.cursor)) this.#moveCursor(gone);
    this.loading = !done;
    this.cut = cut;
    this.error = error;
    this.#stale = true;
    if (done) this.#flush();
    else if (!this.#timer) this.#timer = window.setTimeout(() => this.#flush(), settleTime);
  }

  /** To the row that came after those that have gone, or the last. */
  #moveCursor(gone: number[]): void {
    const left = new Set(gone);
    const at = this.#at.get(this.cursor) ?? 0;
    const next = this.#order.slice(at).find(({ id }) => !left.has(id)) ?? this.#order.slice(0, at).findLast(({ id }) => !left.has(id));
    this.cursor = this.anchor = next?.id ?? 0;
    if (next && this.selection.size === 0) this.selection = new Set([next.id]);
  }

  #flush(): void {
    window.clearTimeout(this.#timer);
    this.#timer = 0;
    this.#touch();
  }

  #touch(): void {
    this.#stale = true;
    this.redraw();
  }

  redraw(): void {
    this.version++;
    this.#changed();
  }

  /** Chooses these; the first has the keyboard. */
  select(ids: readonly number[]): void {
    this.selection = new Set(ids);
    this.cursor = this.anchor = ids[0] ?? 0;
    this.reveal++;
    this.redraw();
  }

  selectAll(): void {
    this.touched++;
    this.selection = new Set(this.order.map(({ id }) => id));
    this.redraw();
  }

  clear(): void {
    this.touched++;
    this.selection = new Set();
    this.redraw();
  }

  /** As a click or an arrow does: alone, to what is chosen with `add`, or all up to it with `range`. */
  point(id: number, { add = false, range = false, keep = false } = {}): void {
    this.touched++;
    if (range) {
      const [a, b] = [this.indexOf(this.anchor || id), this.indexOf(id)].sort((x, y) => x - y);
      const run = this.order.slice(Math.max(a ?? 0, 0), (b ?? 0) + 1).map((row) => row.id);
      this.selection = new Set(add ? [...this.selection, ...run] : run);
    } else if (add) {
      const next = new Set(this.selection);
      if (!next.delete(id)) next.add(id);
      this.selection = next;
      this.anchor = id;
    } else {
      if (!keep) this.selection = new Set([id]);
      this.anchor = id;
    }
    this.cursor = id;
    this.reveal++;
    this.redraw();
  }
}

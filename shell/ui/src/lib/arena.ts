// SPDX-License-Identifier: GPL-3.0-or-later
// The node's state, read where the node writes it. docs/arena.md says how; what is read is of one
// epoch, or is not had.
import { layout, tables, type RowsOf, type TableName } from "./arena_layout";
import { Memory, type Rows } from "./arena_rows";
import { store } from "./store";

/** How often a read begins again before it is given up: the node has written so many times meanwhile. */
const tries = 64;
/** ms between attempts to open it; the last is repeated while the node is there. */
const patience = [50, 100, 200, 400, 800, 10_000];

const size = layout.end - layout.metadata;

/** What is in front of a copy's rows. */
export interface Copy {
  count: number;
  /** Rows for which there was no room. */
  dropped: number;
  /** Of a ring: all rows that there have been. */
  total: number;
  /** µs since 1970. */
  time: number;
  /** The same in ns of the system's monotonic clock. */
  clock: number;
}

type Want = (tables: number, interval: number) => void;

/**
 * The number of the epoch of a table that was finished last, or begun last. The web process says it:
 * Atomics.load() is compiled to an instruction that also writes, and would leave this page with a
 * copy of the counters that nobody writes to; plain loads may be left out.
 */
export type Count = (table: number, begun: boolean) => number;

declare global {
  interface Window {
    /** What the web process calls. */
    inosArena?: {
      opened(buffer: ArrayBuffer, offset: number, want: Want, count: Count): void;
      signal(): void;
      gone(): void;
    };
  }
}

/** Says what is wrong with the memory, or nothing. */
export function refusal(memory: Memory): string {
  if (layout.magic.some((byte, i) => memory.bytes[i] !== byte)) return "This memory is no arena.";
  const version = memory.u32(layout.header.version);
  const [low, high] = layout.hash;
  if (
    version !== layout.version ||
    memory.u32(layout.header.layout) !== low ||
    memory.u32(layout.header.layout + 4) !== high
  ) {
    return `The node's arena is of version ${version}, and this page reads version ${layout.version}: they are of different builds.`;
  }
  return "";
}

type Views = { [T in TableName]: [RowsOf<T>, RowsOf<T>] };

function viewsOf(memory: Memory): Views {
  const views: Record<string, [Rows, Rows]> = {};
  for (const [name, { copies, rowSize, Rows: Kind }] of Object.entries(tables)) {
    const [first, second] = copies.map(
      (at) => new Kind(memory, at - layout.metadata + layout.copySize, rowSize),
    );
    if (first && second) views[name] = [first, second];
  }
  return views as unknown as Views;
}

/** Tables in a mapping. */
export class Arena {
  private readonly views: Views;

  /** Throws where the memory is not an arena of this layout. */
  constructor(
    private readonly memory: Memory,
    private readonly count: Count,
  ) {
    const wrong = refusal(memory);
    if (wrong) throw new Error(wrong);
    this.views = viewsOf(memory);
  }

  /** The number of the epoch that was finished last; 0: nothing was written yet. */
  epoch(name: TableName): number {
    return this.count(tables[name].number, false);
  }

  /**
   * Calls `take` with the rows of the newest epoch, which nobody changes meanwhile, and returns what
   * it made of them; undefined where the node was faster each time. `take` may be called again, and
   * keeps nothing of the rows.
   */
  read<T extends TableName, R>(name: T, take: (rows: RowsOf<T>, copy: Copy) => R): R | undefined {
    const { copies, rows: room, number } = tables[name];
    for (let i = 0; i < tries; i++) {
      const epoch = this.epoch(name);
      const which = epoch % 2 === 0 ? 0 : 1;
      const copy = this.copy(copies[which] - layout.metadata, room);
      let result: R;
      try {
        result = take(this.views[name][which], copy);
      } catch (error) {
        if (this.holds(number, epoch)) throw error;
        continue;
      }
      if (this.holds(number, epoch)) return result;
    }
    return undefined;
  }

  /** Whether nobody has begun to write over the copy of this epoch. */
  private holds(table: number, epoch: number): boolean {
    return (this.count(table, true) - epoch) >>> 0 <= 1;
  }

  private copy(at: number, room: number): Copy {
    const { memory } = this;
    return {
      count: Math.min(memory.u32(at + layout.copy.count), room),
      dropped: memory.u32(at + layout.copy.dropped),
      total: memory.u64(at + layout.copy.total),
      time: memory.i64(at + layout.copy.time),
      clock: memory.u64(at + layout.copy.clock),
    };
  }
}

/** What the page reads, and how often it wants to hear of it, ms. */
export interface Reading {
  tables: readonly TableName[];
  interval: number;
}

type Listener = () => void;

/** The page's one arena, which comes and goes with the node. */
class Source {
  arena: Arena | undefined;
  /** Why there is none though the node is there, in English; "" where there is no such reason. */
  wrong = "";
  private readonly listeners = new Set<Listener>();
  private reading: Reading = { tables: [], interval: 0 };
  private want: Want | undefined;
  private attempts = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private ask: () => Promise<unknown> = () => Promise.resolve();

  /** Tells when there is a new epoch of what is read, and when the node has come or gone. */
  readonly onEpoch = (listener: Listener): Listener => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /**
   * Opens the arena, and again whenever the node is back. `ask` asks the host for it: the page's
   * capability file has to declare that.
   */
  open(reading: Reading, ask: () => Promise<unknown>): void {
    this.reading = reading;
    this.ask = ask;
    window.inosArena = {
      opened: (buffer, offset, want, count) => {
        this.take(new Memory(buffer, offset, size), count);
        this.want = this.arena && want;
        this.sayWant();
        this.tell();
      },
      signal: () => this.tell(),
      gone: () => {
        this.arena = undefined;
        this.want = undefined;
        this.tell();
        this.begin();
      },
    };
    let there = false;
    store.subscribe(() => {
      const came = !there && this.isThere();
      there = this.isThere();
      if (came && !this.arena) this.begin();
    });
    this.begin();
  }

  /** From now on these; what nobody reads the node does not write. */
  read(reading: Reading): void {
    this.reading = reading;
    this.sayWant();
  }

  private sayWant(): void {
    let bits = 0;
    for (const name of this.reading.tables) bits |= 1 << tables[name].number;
    this.want?.(bits, this.reading.interval);
  }

  private take(memory: Memory, count: Count): void {
    this.wrong = refusal(memory);
    this.arena = this.wrong ? undefined : new Arena(memory, count);
    if (this.wrong) console.error(this.wrong);
  }

  private isThere(): boolean {
    return store.get().node?.connected ?? false;
  }

  private begin(): void {
    this.attempts = 0;
    this.attempt();
  }

  private attempt(): void {
    clearTimeout(this.timer);
    this.ask().catch(() => {
      const wait = patience[Math.min(this.attempts++, patience.length - 1)];
      // Without a node nothing is tried again before the host says that there is one.
      if (this.attempts < patience.length || this.isThere()) this.timer = setTimeout(() => this.attempt(), wait);
    });
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}

export const source = new Source();

/**
 * The newest of some tables, for useSyncExternalStore: `take` is called at a signal, and never while
 * React draws. It returns undefined where the node was faster: the next signal comes. What was read
 * last is kept while the node is away; null before there was anything.
 */
export function tableStore<R>(names: readonly TableName[], take: (arena: Arena) => R | undefined): { get: () => R | null; subscribe: typeof source.onEpoch } {
  let kept: R | null = null;
  let keptArena: Arena | undefined;
  let keptEpochs: number[] = [];
  source.onEpoch(() => {
    const { arena } = source;
    if (!arena) return;
    const epochs = names.map((name) => arena.epoch(name));
    if (arena === keptArena && epochs.every((epoch, i) => epoch === keptEpochs[i])) return;
    if (epochs.every((epoch) => epoch === 0)) return;
    const read = take(arena);
    if (read === undefined) return;
    keptArena = arena;
    keptEpochs = epochs;
    kept = read;
  });
  return { get: () => kept, subscribe: source.onEpoch };
}

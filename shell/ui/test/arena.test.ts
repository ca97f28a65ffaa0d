// SPDX-License-Identifier: GPL-3.0-or-later
// What pages make of the arena's memory, also where it holds what no node would write.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Arena, refusal } from "../src/lib/arena";
import { layout, tables, type TableName } from "../src/lib/arena_layout";
import { Memory } from "../src/lib/arena_rows";
import { peersOf, peersDrawn } from "../src/wallpaper/use_mesh";
import { placeOf } from "../src/wallpaper/field";
import { measure } from "../src/panel/use_figures";

const size = layout.end - layout.metadata;

class Writer {
  readonly buffer = new ArrayBuffer(size);
  readonly view = new DataView(this.buffer);
  readonly memory = new Memory(this.buffer, 0, size);

  constructor() {
    layout.magic.forEach((byte, i) => this.view.setUint8(i, byte));
    this.view.setUint32(layout.header.version, layout.version, true);
    layout.hash.forEach((word, i) => this.view.setUint32(layout.header.layout + 4 * i, word, true));
  }

  readonly count = (table: number, begun: boolean): number =>
    this.view.getUint32(
      layout.descriptors + table * layout.descriptorSize + (begun ? layout.descriptor.begun : layout.descriptor.done),
      true,
    );

  descriptor(name: TableName, at: number): number {
    return layout.descriptors + tables[name].number * layout.descriptorSize + at;
  }

  begin(name: TableName): number {
    const epoch = this.view.getUint32(this.descriptor(name, layout.descriptor.done), true) + 1;
    this.view.setUint32(this.descriptor(name, layout.descriptor.begun), epoch, true);
    return epoch;
  }

  /** Where the copy of an epoch begins. */
  copy(name: TableName, epoch: number): number {
    return tables[name].copies[epoch % 2 === 0 ? 0 : 1] - layout.metadata;
  }

  /** Writes an epoch of a ring of resources whose processor figures these are. */
  resources(figures: readonly number[], total = figures.length): void {
    const epoch = this.begin("resources");
    const at = this.copy("resources", epoch);
    this.view.setUint32(at + layout.copy.count, Math.min(total, tables.resources.rows), true);
    this.view.setBigUint64(at + layout.copy.total, BigInt(total), true);
    figures.forEach((cpu, i) => {
      const row = at + layout.copySize + ((total - figures.length + i) % tables.resources.rows) * tables.resources.rowSize;
      this.view.setFloat64(row + 8, cpu, true);
      this.view.setBigUint64(row + 16, 1000n, true);
      this.view.setBigUint64(row + 24, 250n, true);
      this.view.setFloat64(row + 120, -1, true);
    });
    this.finish("resources", epoch);
  }

  finish(name: TableName, epoch: number): void {
    this.view.setUint32(this.descriptor(name, layout.descriptor.done), epoch, true);
  }
}

test("the layout is the one that the schema had when this was written", () => {
  assert.equal(layout.metadata, 0x01000000);
  assert.equal(tables.node.copies[0], 0x01150000);
  assert.ok(layout.end < 0x03000000);
  let last = 0x01150000;
  for (const { copies, rows, rowSize } of Object.values(tables)) {
    for (const at of copies) {
      assert.ok(at >= last);
      last = at + layout.copySize + rows * rowSize;
    }
    assert.equal(rowSize % 8, 0);
  }
});

test("another memory, version or layout is refused in words", () => {
  const writer = new Writer();
  assert.equal(refusal(writer.memory), "");
  writer.view.setUint32(layout.header.layout, 1, true);
  assert.match(refusal(writer.memory), /different builds/);
  assert.throws(() => new Arena(writer.memory, writer.count), /different builds/);
  writer.view.setUint8(3, 0);
  assert.match(refusal(writer.memory), /no arena/);
});

test("the newest finished epoch is read, also while the next is being written", () => {
  const writer = new Writer();
  const arena = new Arena(writer.memory, writer.count);
  assert.equal(arena.epoch("resources"), 0);
  assert.equal(arena.read("resources", (_, { total }) => total), 0);
  writer.resources([1, 2, 3]);
  const epoch = writer.begin("resources"); // and killed in the middle of it
  writer.view.setFloat64(writer.copy("resources", epoch) + layout.copySize + 8, 99, true);
  assert.deepEqual(
    arena.read("resources", (rows, { count }) => [count, rows.cpu(0), rows.cpu(2)]),
    [3, 1, 3],
  );
});

test("a copy that is written over while it is read is read again; one that always is, is given up", () => {
  const writer = new Writer();
  const arena = new Arena(writer.memory, writer.count);
  writer.resources([1]);
  let calls = 0;
  const seen = arena.read("resources", (rows) => {
    const cpu = rows.cpu(0);
    if (calls++ === 0) {
      writer.resources([2]);
      writer.resources([3]);
    }
    return cpu;
  });
  assert.equal(seen, 3);
  assert.equal(calls, 2);
  calls = 0;
  const never = arena.read("resources", () => {
    calls++;
    writer.resources([calls]);
    writer.resources([calls]);
  });
  assert.equal(never, undefined);
  assert.ok(calls <= 64);
});

test("what a torn copy makes the reader throw is not said; what a whole one does is", () => {
  const writer = new Writer();
  const arena = new Arena(writer.memory, writer.count);
  writer.resources([1]);
  let first = true;
  assert.equal(
    arena.read("resources", () => {
      if (!first) return "whole";
      first = false;
      writer.resources([1]);
      writer.resources([2]);
      throw new Error("torn");
    }),
    "whole",
  );
  assert.throws(() => arena.read("resources", () => { throw new Error("mine"); }), /mine/);
});

test("counts and texts of hostile memory stay within their bounds", () => {
  const writer = new Writer();
  new Uint8Array(writer.buffer).fill(0xff, layout.descriptors);
  const arena = new Arena(writer.memory, writer.count);
  for (const name of Object.keys(tables) as TableName[]) {
    const count = arena.read(name, (_, copy) => copy.count);
    assert.ok(count === undefined || count <= tables[name].rows);
  }
  const text = arena.read("actors", (rows) => rows.name(tables.actors.rows - 1));
  assert.ok((text ?? "").length <= 64);
  assert.equal(typeof arena.read("actors", (rows) => rows.id(0)), "bigint");
});

test("figures are of the newest look, their history of the last minute", () => {
  const writer = new Writer();
  const arena = new Arena(writer.memory, writer.count);
  assert.equal(arena.read("resources", (rows, { total }) => measure(rows, total)), null);
  const all = Array.from({ length: 700 }, (_, i) => i % 100);
  writer.resources(all.slice(-tables.resources.rows), all.length);
  const measured = arena.read("resources", (rows, { total }) => measure(rows, total));
  assert.equal(measured?.cpu, 99);
  assert.equal(measured?.memory, 75);
  assert.equal(measured?.memoryUsed, 750);
  assert.equal(measured?.battery, null);
  assert.deepEqual(measured?.history.cpu, all.slice(-60));
});

test("the wallpaper has everybody but this node, the connected first, and no more than fit", () => {
  const writer = new Writer();
  const arena = new Arena(writer.memory, writer.count);
  const put = (name: "nodes" | "peers", rows: readonly { id: string; self?: number; connections?: number }[]) => {
    const epoch = writer.begin(name);
    const at = writer.copy(name, epoch);
    writer.view.setUint32(at + layout.copy.count, rows.length, true);
    rows.forEach(({ id, self, connections }, i) => {
      const row = at + layout.copySize + i * tables[name].rowSize;
      writer.memory.bytes.set(new TextEncoder().encode(id), row + (name === "nodes" ? 104 : 32));
      writer.view.setUint32(row + (name === "nodes" ? 100 : 24), self ?? connections ?? 0, true);
    });
    writer.finish(name, epoch);
  };
  put("nodes", [{ id: "me", self: 1 }, { id: "away" }, { id: "near" }]);
  put("peers", [{ id: "near", connections: 1 }, { id: "stranger", connections: 2 }, { id: "gone" }]);
  assert.deepEqual(peersOf(arena), [
    { id: "near", connected: true },
    { id: "stranger", connected: true },
    { id: "away", connected: false },
  ]);
  put("nodes", Array.from({ length: 200 }, (_, i) => ({ id: `n${i}` })));
  assert.equal(peersOf(arena)?.length, peersDrawn);
  assert.deepEqual(placeOf("a", 1280, 800), placeOf("a", 1280, 800));
});

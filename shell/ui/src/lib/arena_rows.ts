// SPDX-License-Identifier: GPL-3.0-or-later
// Rows of a table in memory: what arena_layout.ts has names and places for.

/** One mapping of the arena, as the three kinds of arrays that read it. All places are bytes in it. */
export class Memory {
  readonly bytes: Uint8Array;
  readonly words: Uint32Array;
  readonly doubles: Float64Array;

  constructor(buffer: ArrayBuffer, offset: number, size: number) {
    this.bytes = new Uint8Array(buffer, offset, size);
    this.words = new Uint32Array(buffer, offset, size / 4);
    this.doubles = new Float64Array(buffer, offset, size / 8);
  }

  u32(at: number): number {
    return this.words[at >>> 2] ?? 0;
  }

  /** Exact to 2^53. */
  u64(at: number): number {
    return this.u32(at) + this.u32(at + 4) * 2 ** 32;
  }

  i64(at: number): number {
    return this.u32(at) + (this.u32(at + 4) | 0) * 2 ** 32;
  }
}

const decoder = new TextDecoder();

/** The rows of one copy. Good only inside of the function that Arena.read() calls. */
export class Rows {
  constructor(
    private readonly memory: Memory,
    /** Where the first row is. */
    private readonly base: number,
    private readonly rowSize: number,
  ) {}

  protected u32Of(row: number, at: number): number {
    return this.memory.words[(this.base + row * this.rowSize + at) >>> 2] ?? 0;
  }

  protected u64Of(row: number, at: number): number {
    return this.memory.u64(this.base + row * this.rowSize + at);
  }

  protected i64Of(row: number, at: number): number {
    return this.memory.i64(this.base + row * this.rowSize + at);
  }

  protected f64Of(row: number, at: number): number {
    return this.memory.doubles[(this.base + row * this.rowSize + at) >>> 3] ?? 0;
  }

  protected idOf(row: number, at: number): bigint {
    const place = this.base + row * this.rowSize + at;
    return (BigInt(this.memory.u32(place + 4)) << 32n) | BigInt(this.memory.u32(place));
  }

  protected textOf(row: number, at: number, size: number): string {
    const from = this.base + row * this.rowSize + at;
    const bytes = this.memory.bytes.subarray(from, from + size);
    const end = bytes.indexOf(0);
    return decoder.decode(bytes.subarray(0, end < 0 ? size : end));
  }
}

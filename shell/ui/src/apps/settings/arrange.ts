// SPDX-License-Identifier: GPL-3.0-or-later
// Where monitors are, in pixels of the desktop, so that they touch and none lies over another.
import type { Output } from "../../lib/desk";

export interface Box {
  key: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

export type Direction = "left" | "right" | "up" | "down";

/** So much of two monitors' sides lies together at least. */
const together = 64;
/** Edges that are nearer than so are made one line. */
const magnet = 96;

/** Width and height on the desktop. */
export function sizeOf({ Width, Height, Scale, Transform }: Pick<Output, "Width" | "Height" | "Scale" | "Transform">): [number, number] {
  const [width, height] = Transform % 2 === 1 ? [Height, Width] : [Width, Height];
  return [Math.round(width / Scale), Math.round(height / Scale)];
}

export function boxOf(key: string, output: Output): Box {
  const [width, height] = sizeOf(output);
  return { key, x: output.X, y: output.Y, width, height };
}

function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** Moves start into the range in which the sides lie together, and onto the other's line where it is near. */
function slide(start: number, length: number, from: number, size: number): number {
  const near = [from, from + size - length, from + (size - length) / 2].find((line) => Math.abs(line - start) < magnet);
  const least = Math.min(together, length, size);
  return Math.round(near ?? Math.max(from - length + least, Math.min(start, from + size - least)));
}

/** Places beside another: on each of its sides, where the box would be nearest. */
function beside(box: Box, other: Box): Box[] {
  const x = slide(box.x, box.width, other.x, other.width);
  const y = slide(box.y, box.height, other.y, other.height);
  return [
    { ...box, x: other.x + other.width, y },
    { ...box, x: other.x - box.width, y },
    { ...box, x, y: other.y + other.height },
    { ...box, x, y: other.y - box.height },
  ];
}

function distance(a: Box, b: Box): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

/** The place nearest to where it was let go; where there is none, where it was. */
export function place(box: Box, others: readonly Box[], before: Box): Box {
  const free = others.flatMap((other) => beside(box, other)).filter((at) => !others.some((other) => overlap(at, other)));
  return free.reduce<Box | null>((best, at) => (best && distance(best, box) <= distance(at, box) ? best : at), null) ?? before;
}

/** With an arrow key: the nearest place in that direction, at the start, the middle or the end of a side. */
export function step(box: Box, others: readonly Box[], direction: Direction): Box {
  const [axis, way] = ({ left: ["x", -1], right: ["x", 1], up: ["y", -1], down: ["y", 1] } as const)[direction];
  const lines = (from: number, size: number, length: number) => [from, Math.round(from + (size - length) / 2), from + size - length];
  const all = others.flatMap((other) => {
    const xs = lines(other.x, other.width, box.width);
    const ys = lines(other.y, other.height, box.height);
    return [
      ...ys.flatMap((y) => [{ ...box, x: other.x + other.width, y }, { ...box, x: other.x - box.width, y }]),
      ...xs.flatMap((x) => [{ ...box, x, y: other.y + other.height }, { ...box, x, y: other.y - box.height }]),
    ];
  });
  const across = axis === "x" ? "y" : "x";
  const cost = (at: Box) => Math.abs(at[axis] - box[axis]) + 2 * Math.abs(at[across] - box[across]);
  const free = all.filter((at) => (at[axis] - box[axis]) * way > 0 && !others.some((other) => overlap(at, other)));
  return free.reduce<Box | null>((best, at) => (best && cost(best) <= cost(at) ? best : at), null) ?? box;
}

/** So that the desktop begins at 0, 0. */
export function settle(boxes: readonly Box[]): Box[] {
  const x = Math.min(...boxes.map((box) => box.x));
  const y = Math.min(...boxes.map((box) => box.y));
  return boxes.map((box) => ({ ...box, x: box.x - x, y: box.y - y }));
}

/** One has another size: what is beyond it makes room, or comes nearer. */
export function resize(boxes: readonly Box[], key: string, width: number, height: number): Box[] {
  const old = boxes.find((box) => box.key === key);
  if (!old) return [...boxes];
  return boxes.map((box) =>
    box.key === key
      ? { ...box, width, height }
      : {
          ...box,
          x: box.x >= old.x + old.width ? box.x + width - old.width : box.x,
          y: box.y >= old.y + old.height ? box.y + height - old.height : box.y,
        },
  );
}

/** Those that are at another place than before. */
export function moved(before: readonly Box[], after: readonly Box[]): Box[] {
  return after.filter((box) => before.some((old) => old.key === box.key && (old.x !== box.x || old.y !== box.y)));
}

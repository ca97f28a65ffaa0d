// SPDX-License-Identifier: GPL-3.0-or-later
// Where the dots of the field lie: seeds of a sunflower around this node, turned and bent by its id, so
// that each machine has a field of its own. The same id and size give the same field.

export interface Dot {
  x: number;
  y: number;
  radius: number;
  opacity: number;
}

const goldenAngle = Math.PI * (3 - Math.sqrt(5));

/** A number in [0, 1) from a text (FNV-1a). */
export function fraction(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  }
  return hash / 2 ** 32;
}

export interface Place {
  x: number;
  y: number;
}

/** This node's place: off the middle, where windows leave room and the eye rests. */
export function centreOf(width: number, height: number): Place {
  return { x: Math.round(width * 0.62), y: Math.round(height * 0.54) };
}

/** More than any screen has. */
const most = 20000;

/** None where there is no room, as between the last monitor that went and the next that comes. */
export function field(id: string, width: number, height: number): Dot[] {
  if (!(width > 0 && height > 0)) return [];
  const { x: cx, y: cy } = centreOf(width, height);
  const unit = Math.sqrt(width * height) / 46;
  const turn = fraction(id) * 2 * Math.PI;
  const bend = 0.16 + fraction(`${id}/bend`) * 0.1;
  const reach = Math.hypot(Math.max(cx, width - cx), Math.max(cy, height - cy));
  const dots: Dot[] = [];
  for (let i = 6; i < most; i++) {
    const distance = unit * Math.sqrt(i) * (0.9 + i / 2400);
    if (distance > reach) break;
    const angle = i * goldenAngle + turn;
    const x = cx + distance * Math.cos(angle);
    const y = cy + distance * Math.sin(angle);
    if (x < -4 || y < -4 || x > width + 4 || y > height + 4) continue;
    // Waves that run outwards make the field thicker and thinner.
    const wave = 0.5 + 0.5 * Math.sin(distance / (unit * 3.1) + bend * 12 * Math.sin(angle * 3 + turn));
    const fade = Math.exp(-distance / (reach * 0.42));
    dots.push({
      x,
      y,
      radius: unit * (0.035 + 0.085 * wave * fade),
      opacity: 0.05 + 0.5 * fade * (0.35 + 0.65 * wave),
    });
  }
  return dots;
}

/** Where another node is: by its id, so that it stays where it is, in a ring around this one. */
export function placeOf(id: string, width: number, height: number): Place {
  const { x, y } = centreOf(width, height);
  const angle = fraction(id) * 2 * Math.PI;
  const distance = Math.sqrt(width * height) * (0.12 + 0.2 * fraction(`${id}/distance`));
  return { x: x + distance * Math.cos(angle), y: y + distance * Math.sin(angle) };
}

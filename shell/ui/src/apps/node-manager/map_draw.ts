// SPDX-License-Identifier: GPL-3.0-or-later
// The map of other nodes on a canvas. What looks alike is drawn in one go: a thousand nodes are some
// thirty strokes and fills.
import { distanceOf, rings, unmeasured, type Kind, type Place, type Scene } from "./map_layout";

export interface Colours {
  ground: string;
  ring: string;
  text: string;
  faint: string;
  accent: string;
  kinds: Record<Kind, string>;
  font: string;
}

/** What is drawn over the nodes. */
export interface Marks {
  selected: string | null;
  pointed: string | null;
  /** What it has the keyboard for: the selected one is marked more. */
  focused: boolean;
  rtl: boolean;
  nameOf: (place: Place) => string;
  regionOf: (name: string, others: boolean) => string;
  ringOf: (ms: number) => string;
}

export interface Size {
  width: number;
  height: number;
}

export const kinds: readonly Kind[] = ["apart", "dead", "suspect", "relayed", "direct"];
/** Pixels at the edge, for the names of regions. */
const edge = 22;
const nameMost = 22;
const named = 32;
const widths = [0.75, 1, 1.75, 2.5, 3.5] as const;
const strengths = [0.3, 0.5, 0.7, 0.85, 1] as const;
const tau = 2 * Math.PI;

/** Where the middle is, and how far the rim from it. */
export function frameOf({ width, height }: Size): { x: number; y: number; radius: number } {
  return { x: width / 2, y: height / 2, radius: Math.max(40, Math.min(width, height) / 2 - edge) };
}

/** Pixels, by the load that it says; smaller where there are many. */
export function dotOf({ load }: Pick<Place, "load">, many: boolean): number {
  const size = load < 0 ? 4.5 : 3.5 + 6 * load;
  return many ? size * 0.65 : size;
}

export function shorten(name: string): string {
  const letters = [...name];
  return letters.length > nameMost ? `${letters.slice(0, nameMost).join("")}…` : name;
}

type Frame = ReturnType<typeof frameOf>;

class Painter {
  private readonly boxes: [number, number, number, number][] = [];
  private readonly many: boolean;

  constructor(
    private readonly context: CanvasRenderingContext2D,
    private readonly size: Size,
    private readonly frame: Frame,
    private readonly scene: Scene,
    private readonly colours: Colours,
    private readonly marks: Marks,
  ) {
    this.many = scene.places.length > 200;
  }

  paint(): void {
    const { context, size, scene } = this;
    context.clearRect(0, 0, size.width, size.height);
    context.direction = this.marks.rtl ? "rtl" : "ltr";
    context.font = this.colours.font;
    context.textBaseline = "middle";
    this.rings();
    this.sectors();
    for (const dashed of [false, true]) for (let level = 0; level < widths.length; level++) this.lines(dashed, level);
    for (const kind of kinds) this.dots(kind);
    this.self();
    this.ringNames();
    const over = scene.places.filter(({ peer }) => peer.id === this.marks.selected || peer.id === this.marks.pointed);
    for (const place of over) this.mark(place);
    for (const place of over) this.name(place, true);
    if (scene.places.length <= named) for (const place of scene.places) if (!over.includes(place)) this.name(place, false);
  }

  private circle(radius: number): void {
    this.context.beginPath();
    this.context.arc(this.frame.x, this.frame.y, radius, 0, tau);
    this.context.stroke();
  }

  private rings(): void {
    const { context, colours, frame } = this;
    context.lineWidth = 1;
    context.strokeStyle = colours.ring;
    for (const ms of rings) this.circle(distanceOf(ms) * frame.radius);
    context.setLineDash([2, 5]);
    this.circle(unmeasured * frame.radius);
    context.setLineDash([]);
  }

  private ringNames(): void {
    const { context, colours, frame, marks } = this;
    context.textAlign = "center";
    for (const ms of rings) this.words(marks.ringOf(ms), frame.x, frame.y - distanceOf(ms) * frame.radius, colours.faint);
  }

  private sectors(): void {
    const { context, colours, frame, scene, marks } = this;
    if (scene.sectors.length > 1) {
      context.strokeStyle = colours.ring;
      context.lineWidth = 1;
      context.beginPath();
      for (const { from } of scene.sectors) {
        context.moveTo(frame.x + Math.cos(from) * frame.radius * 0.1, frame.y + Math.sin(from) * frame.radius * 0.1);
        context.lineTo(frame.x + Math.cos(from) * frame.radius, frame.y + Math.sin(from) * frame.radius);
      }
      context.stroke();
    }
    for (const { name, others, from, to } of scene.sectors) {
      const text = scene.sectors.length === 1 && name === "" ? "" : shorten(marks.regionOf(name, others));
      const middle = (from + to) / 2;
      const [x, y] = [Math.cos(middle), Math.sin(middle)];
      context.textAlign = Math.abs(x) < 0.3 ? "center" : x > 0 ? "left" : "right";
      if (text) this.words(text, frame.x + x * (frame.radius + 6), frame.y + y * (frame.radius + 11), colours.text);
    }
  }

  /** From the middle to who is connected, of those with so much traffic. */
  private lines(dashed: boolean, level: number): void {
    const { context, colours, frame, scene } = this;
    let any = false;
    context.beginPath();
    for (const { x, y, kind, traffic, peer } of scene.places) {
      if (traffic !== level || peer.connections === 0 || kind === "dead" || peer.relayed !== dashed) continue;
      any = true;
      context.moveTo(frame.x, frame.y);
      context.lineTo(frame.x + x * frame.radius, frame.y + y * frame.radius);
    }
    if (!any) return;
    context.setLineDash(dashed ? [5, 4] : []);
    context.strokeStyle = colours.accent;
    context.globalAlpha = (strengths[level] ?? 1) * (this.many && level === 0 ? 0.4 : 1);
    context.lineWidth = widths[level] ?? 1;
    context.stroke();
    context.globalAlpha = 1;
    context.setLineDash([]);
  }

  private dots(wanted: Kind): void {
    const { context, colours, frame, scene } = this;
    context.beginPath();
    for (const place of scene.places) {
      if (place.kind !== wanted) continue;
      const [x, y, r] = [frame.x + place.x * frame.radius, frame.y + place.y * frame.radius, dotOf(place, this.many)];
      if (wanted === "dead") {
        // A cross: who sees no colours sees that.
        context.moveTo(x - r, y - r);
        context.lineTo(x + r, y + r);
        context.moveTo(x + r, y - r);
        context.lineTo(x - r, y + r);
      } else if (wanted === "suspect") {
        context.moveTo(x, y - r * 1.3);
        context.lineTo(x + r * 1.3, y + r);
        context.lineTo(x - r * 1.3, y + r);
        context.closePath();
      } else {
        context.moveTo(x + r, y);
        context.arc(x, y, r, 0, tau);
      }
    }
    context.fillStyle = wanted === "apart" || wanted === "relayed" ? colours.ground : colours.kinds[wanted];
    if (wanted !== "dead") context.fill();
    context.strokeStyle = wanted === "direct" || wanted === "suspect" ? colours.ground : colours.kinds[wanted];
    context.lineWidth = wanted === "relayed" || wanted === "dead" ? 2 : 1;
    context.stroke();
  }

  private self(): void {
    const { context, colours, frame } = this;
    context.fillStyle = colours.accent;
    context.strokeStyle = colours.ground;
    context.lineWidth = 2;
    context.beginPath();
    context.arc(frame.x, frame.y, 8, 0, tau);
    context.fill();
    context.stroke();
  }

  private mark(place: Place): void {
    const { context, colours, frame, marks } = this;
    context.strokeStyle = colours.text;
    context.lineWidth = place.peer.id === marks.selected && marks.focused ? 2.5 : 1.5;
    context.beginPath();
    context.arc(frame.x + place.x * frame.radius, frame.y + place.y * frame.radius, dotOf(place, this.many) + 4, 0, tau);
    context.stroke();
  }

  /** At the side of the node that is away from the middle, where there is room. */
  private name(place: Place, always: boolean): void {
    const { context, colours, frame, marks, size } = this;
    const text = shorten(marks.nameOf(place));
    const width = context.measureText(text).width;
    const [x, y] = [frame.x + place.x * frame.radius, frame.y + place.y * frame.radius];
    const gap = dotOf(place, this.many) + 7;
    const right = (place.x >= 0 && x + gap + width < size.width) || x - gap - width < 0;
    const left = right ? x + gap : x - gap - width;
    const box: [number, number, number, number] = [left - 2, y - 8, left + width + 2, y + 8];
    if (!always && this.boxes.some((other) => box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3])) return;
    this.boxes.push(box);
    context.textAlign = "left";
    this.words(text, left, y, colours.text);
  }

  /** With the ground around the letters, so that lines do not run through them. */
  private words(text: string, x: number, y: number, colour: string): void {
    const { context, colours } = this;
    context.lineJoin = "round";
    context.lineWidth = 4;
    context.strokeStyle = colours.ground;
    context.strokeText(text, x, y);
    context.fillStyle = colour;
    context.fillText(text, x, y);
  }
}

export function drawMap(context: CanvasRenderingContext2D, size: Size, scene: Scene, colours: Colours, marks: Marks): void {
  new Painter(context, size, frameOf(size), scene, colours, marks).paint();
}

// SPDX-License-Identifier: GPL-3.0-or-later
// The monitors as they stand on the desk: dragged, or moved with the arrow keys.
import { useLayoutEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from "react";
import { t } from "../../lib/i18n";
import { place, step, type Box, type Direction } from "./arrange";

interface Properties {
  boxes: readonly Box[];
  labels: Record<string, string>;
  selected: string;
  onSelect: (key: string) => void;
  onMove: (box: Box) => void;
}

interface Drag {
  box: Box;
  pointer: number;
  fromX: number;
  fromY: number;
}

const height = 220;
const margin = 24;
const directions: Record<string, Direction> = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" };

/** Pixels of the picture for one of the desktop, and where its corner is. */
function frameOf(boxes: readonly Box[], width: number) {
  const left = Math.min(...boxes.map((box) => box.x));
  const top = Math.min(...boxes.map((box) => box.y));
  const right = Math.max(...boxes.map((box) => box.x + box.width));
  const bottom = Math.max(...boxes.map((box) => box.y + box.height));
  const scale = Math.min((width - 2 * margin) / (right - left), (height - 2 * margin) / (bottom - top), 0.12);
  return { scale, x: (width - (right - left) * scale) / 2 - left * scale, y: (height - (bottom - top) * scale) / 2 - top * scale };
}

export function Picture({ boxes, labels, selected, onSelect, onMove }: Properties) {
  const room = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(600);
  const [drag, setDrag] = useState<Drag | null>(null);
  useLayoutEffect(() => {
    const element = room.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    setWidth(element.clientWidth);
    return () => observer.disconnect();
  }, []);
  const frame = frameOf(boxes, width);
  const others = (box: Box) => boxes.filter((other) => other.key !== box.key);

  const begin = (event: PointerEvent<HTMLElement>, box: Box) => {
    onSelect(box.key);
    if (boxes.length < 2 || event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    setDrag({ box, pointer: event.pointerId, fromX: event.clientX, fromY: event.clientY });
  };
  const dragged = (event: PointerEvent): Box | null =>
    drag && drag.pointer === event.pointerId
      ? { ...drag.box, x: drag.box.x + (event.clientX - drag.fromX) / frame.scale, y: drag.box.y + (event.clientY - drag.fromY) / frame.scale }
      : null;
  const [at, setAt] = useState<Box | null>(null);
  const end = (event: PointerEvent, box: Box) => {
    const to = dragged(event);
    setDrag(null);
    setAt(null);
    if (to && Math.hypot(to.x - box.x, to.y - box.y) * frame.scale > 4) onMove(place(to, others(box), box));
  };
  const onKeyDown = (event: KeyboardEvent, box: Box) => {
    const direction = directions[event.key];
    if (!direction || event.ctrlKey || event.altKey) return;
    event.preventDefault();
    const to = step(box, others(box), direction);
    if (to !== box) onMove(to);
  };
  return (
    <div ref={room} className="room" role="group" aria-label={t("Arrangement of the displays")}>
      {boxes.map((box) => {
        const shown = drag && at?.key === box.key ? at : box;
        return (
          <button
            key={box.key}
            type="button"
            className={drag?.box.key === box.key ? "monitor held" : "monitor"}
            aria-pressed={box.key === selected}
            aria-label={t("{name}, {width} × {height}, at {x}, {y}", { name: labels[box.key] ?? "", width: box.width, height: box.height, x: box.x, y: box.y })}
            aria-describedby="room-help"
            style={{ left: shown.x * frame.scale + frame.x, top: shown.y * frame.scale + frame.y, width: box.width * frame.scale, height: box.height * frame.scale }}
            onPointerDown={(event) => begin(event, box)}
            onPointerMove={(event) => setAt(dragged(event))}
            onPointerUp={(event) => end(event, box)}
            onPointerCancel={() => {
              setDrag(null);
              setAt(null);
            }}
            onClick={() => onSelect(box.key)}
            onKeyDown={(event) => onKeyDown(event, box)}
          >
            <span dir="auto">{labels[box.key]}</span>
          </button>
        );
      })}
    </div>
  );
}

// SPDX-License-Identifier: GPL-3.0-or-later
// A figure over time. It is drawn when there are new values, and at no other time.
import "uplot/dist/uPlot.min.css";
import { useEffect, useMemo, useRef, useState } from "react";
import uPlot from "uplot";
import { formatTime } from "../../lib/format";

export interface Line {
  label: string;
  values: readonly number[];
}

interface Properties {
  title: string;
  /** Seconds since 1970. */
  times: readonly number[];
  lines: readonly Line[];
  format: (value: number) => string;
  /** Of the scale at least. */
  top: number;
  /** The scale's steps are powers of two, as bytes are counted. */
  bytes?: boolean;
  /** Drawn anew in other colours when it changes. */
  theme: string;
  /** Where times are none of a clock: how one is written. */
  at?: (time: number) => string;
  /** Marks the chart: something is wrong with what it shows. */
  alert: boolean;
}

const height = 132;
const labelWidth = 64;
const powersOfTwo = Array.from({ length: 44 }, (_, i) => 2 ** i);

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** Room above the largest, so that a line does not lie on the edge. */
export function scaleTop(values: readonly (readonly number[])[], least: number): number {
  let most = 0;
  for (const line of values) for (const value of line) if (value > most) most = value;
  return most <= least ? least : most * 1.1;
}

interface Look {
  /** A time of the axis. */
  at: (time: number) => string;
  format: (value: number) => string;
  top: number;
  onPoint: (index: number | null) => void;
}

const clockAt = (time: number) => formatTime(new Date(time * 1000));

function create(element: HTMLElement, count: number, bytes: boolean, clock: boolean, look: { current: Look }): uPlot {
  const text = colour("--text-3");
  const line = colour("--line");
  const axis = { stroke: text, font: '11px "Inter", "Noto Sans", sans-serif', ticks: { show: false } };
  const series: uPlot.Series[] = [{}];
  for (let i = 0; i < count; i++) {
    const stroke = colour(`--chart-${i + 1}`);
    series.push({ stroke, width: 1.5, points: { show: false }, ...(i === 0 ? { fill: colour("--accent-soft") } : {}) });
  }
  return new uPlot(
    {
      width: Math.max(element.clientWidth, 120),
      height,
      legend: { show: false },
      padding: [8, 34, 0, 0],
      cursor: { y: false, drag: { x: false, y: false } },
      scales: { x: { time: clock }, y: { range: (self) => [0, scaleTop(self.data.slice(1) as number[][], look.current.top)] } },
      axes: [
        { ...axis, grid: { show: false }, space: 90, size: 24, values: (_self, splits) => splits.map((time) => look.current.at(time)) },
        { ...axis, grid: { stroke: line, width: 1 }, space: 34, size: labelWidth, ...(bytes ? { incrs: powersOfTwo } : {}), values: (_self, splits) => splits.map((value) => look.current.format(value)) },
      ],
      series,
      hooks: { setCursor: [(self) => look.current.onPoint(self.cursor.idx ?? null)] },
    },
    undefined,
    element,
  );
}

export function Chart({ title, times, lines, format, top, bytes = false, theme, at: written, alert }: Properties) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const [point, setPoint] = useState<number | null>(null);
  const look = useRef<Look>({ at: written ?? clockAt, format, top, onPoint: setPoint });
  useEffect(() => {
    look.current = { at: written ?? clockAt, format, top, onPoint: setPoint };
  }, [written, format, top]);
  const data = useMemo((): uPlot.AlignedData => [[...times], ...lines.map(({ values }) => [...values])], [times, lines]);
  const count = lines.length;
  const clock = written === undefined;

  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const made = create(element, count, bytes, clock, look);
    plot.current = made;
    const observer = new ResizeObserver(() => {
      if (element.clientWidth > 0 && element.clientWidth !== made.width) made.setSize({ width: element.clientWidth, height });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.current = null;
      made.destroy();
    };
  }, [count, bytes, clock, theme]);
  useEffect(() => plot.current?.setData(data), [data, count, bytes, clock, theme]);

  const at = point !== null && point < times.length ? point : times.length - 1;
  const time = times[at];
  const words = lines.map(({ label, values }) => `${label} ${format(values[at] ?? 0)}`).join(", ");
  return (
    <section className={alert ? "card chart alert" : "card chart"}>
      <h2>{title}</h2>
      <div className="legend">
        {lines.map(({ label, values }, i) => (
          <span key={label} className={`key key-${i + 1}`}>
            {label} <b>{format(values[at] ?? 0)}</b>
          </span>
        ))}
        {point !== null && time !== undefined && <time>{(written ?? clockAt)(time)}</time>}
      </div>
      <div ref={place} className="plot" role="img" aria-label={`${title}: ${words}`} />
    </section>
  );
}

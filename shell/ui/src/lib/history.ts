// SPDX-License-Identifier: GPL-3.0-or-later
// The last minute of a figure, and its drawing.

export const samplesKept = 60;

/** An SVG path through the values (0 to 100), the newest at the right edge. */
export function sparkline(history: readonly number[], width: number, height: number): string {
  const step = width / (samplesKept - 1);
  const start = width - step * (history.length - 1);
  return history
    .map((value, i) => {
      const y = height - (Math.min(Math.max(value, 0), 100) / 100) * height;
      return `${i === 0 ? "M" : "L"}${(start + i * step).toFixed(1)} ${y.toFixed(1)}`;
    })
    .join("");
}

/** The same, closed along the bottom, to be filled. */
export function area(history: readonly number[], width: number, height: number): string {
  if (history.length < 2) return "";
  const start = width - (width / (samplesKept - 1)) * (history.length - 1);
  return `${sparkline(history, width, height)}L${width} ${height}L${start.toFixed(1)} ${height}Z`;
}

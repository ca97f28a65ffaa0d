// SPDX-License-Identifier: GPL-3.0-or-later
// What a number was in the last while, as a small line. Time runs from left to right also where text does not.
const width = 120;
const height = 24;

/** least: what at least fills the height. */
export function Spark({ values, least, label }: { values: readonly number[]; least: number; label: string }) {
  if (values.length < 2) return null;
  const top = Math.max(least, ...values);
  const step = width / (values.length - 1);
  const points = values.map((value, i) => `${(i * step).toFixed(1)},${(height - 1 - (value / top) * (height - 2)).toFixed(1)}`).join(" ");
  return (
    <svg className="spark" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={label}>
      <polyline points={points} vectorEffect="non-scaling-stroke" />
    </svg>
  );
}

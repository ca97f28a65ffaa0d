// SPDX-License-Identifier: GPL-3.0-or-later
// Pictograms that show how much there is of what they mean.
import { volumeLevel, wifiLevel, type BatteryState, type Sound } from "./quick";

const faint = 0.3;

export function WifiIcon({ strength, off = false }: { strength: number; off?: boolean }) {
  const level = off ? 0 : wifiLevel(strength);
  const arcs = ["M6.2 10.9a2.6 2.6 0 0 1 3.6 0", "M4.1 8.6a5.6 5.6 0 0 1 7.8 0", "M2 6.3a8.6 8.6 0 0 1 12 0"];
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d="M8 13.2v.1" opacity={off ? faint : 1} />
      {arcs.map((d, i) => (
        <path key={d} d={d} opacity={i < level ? 1 : faint} />
      ))}
      {off ? <path d="m2.5 2.5 11 11" /> : null}
    </svg>
  );
}

export function VolumeIcon({ sound }: { sound: Pick<Sound, "volume" | "muted"> }) {
  const level = volumeLevel(sound);
  return (
    <svg className="icon sided" viewBox="0 0 16 16" aria-hidden="true">
      <path d="M2.5 6.2h2.3L8 3.4v9.2L4.8 9.8H2.5Z" />
      {level === 0 ? (
        <path d="m10.6 6.4 3.2 3.2M13.8 6.4l-3.2 3.2" />
      ) : (
        <>
          <path d="M10.1 6.6a2 2 0 0 1 0 2.8" />
          <path d="M11.7 5a4.2 4.2 0 0 1 0 6" opacity={level > 1 ? 1 : faint} />
          <path d="M13.3 3.5a6.4 6.4 0 0 1 0 9" opacity={level > 2 ? 1 : faint} />
        </>
      )}
    </svg>
  );
}

export function BatteryIcon({ battery }: { battery: BatteryState }) {
  const width = Math.max(0.5, (7.6 * battery.percent) / 100);
  const filling = battery.state === "charging";
  return (
    <svg className={`icon sided ${battery.low && !filling ? "low" : ""}`} viewBox="0 0 16 16" aria-hidden="true">
      <path d="M1.6 4.8h10.8v6.4H1.6ZM14.4 7v2" />
      <rect x="3.2" y="6.4" width={width} height="3.2" rx="0.5" fill="currentColor" stroke="none" />
      {filling ? <path d="M8 2.2 5.6 8h3L7 13.8" strokeWidth="1.4" /> : null}
    </svg>
  );
}

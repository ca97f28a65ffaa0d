// SPDX-License-Identifier: GPL-3.0-or-later
// A switch with its words in front of it.
export function Switch({ on, label, onChange }: { on: boolean; label: string; onChange: (on: boolean) => void }) {
  return (
    <button type="button" role="switch" aria-checked={on} className="switch" onClick={() => onChange(!on)}>
      <span>{label}</span>
      <span className="track" aria-hidden="true" />
    </button>
  );
}

// SPDX-License-Identifier: GPL-3.0-or-later
// One of a few, as a row of buttons; arrows go through them.
import { t } from "../../lib/i18n";

interface Properties<N extends string> {
  names: readonly N[];
  labels: Record<N, string>;
  chosen: N;
  onChoose: (name: N) => void;
}

export function Segments<N extends string>({ names, labels, chosen, onChoose }: Properties<N>) {
  return (
    <div
      className="segments"
      role="radiogroup"
      aria-label={t("What is shown")}
      onKeyDown={(event) => {
        const by = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
        if (!by) return;
        const rtl = getComputedStyle(event.currentTarget).direction === "rtl" && event.key.match(/Left|Right/) ? -1 : 1;
        const to = names[(names.indexOf(chosen) + by * rtl + names.length) % names.length];
        if (!to) return;
        event.preventDefault();
        onChoose(to);
        event.currentTarget.querySelector<HTMLElement>(`[data-view="${to}"]`)?.focus();
      }}
    >
      {names.map((name) => (
        <button key={name} type="button" role="radio" data-view={name} aria-checked={name === chosen} tabIndex={name === chosen ? 0 : -1} className="push" onClick={() => onChoose(name)}>
          {labels[name]}
        </button>
      ))}
    </div>
  );
}

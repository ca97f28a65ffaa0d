// SPDX-License-Identifier: GPL-3.0-or-later
// The terminals of this machine that go on elsewhere or with nobody looking on.
import { useEffect, useRef } from "react";
import type { TerminalRow } from "../../lib/host";
import { t, tn } from "../../lib/i18n";
import { cleanTitle } from "./text";

interface Properties {
  terminals: TerminalRow[];
  onAttach: (id: number) => void;
  onEnd: (row: TerminalRow) => void;
  onClose: () => void;
}

export function nameOf(row: TerminalRow): string {
  return cleanTitle(row.title) || row.program;
}

export function SessionsPanel({ terminals, onAttach, onEnd, onClose }: Properties) {
  const panel = useRef<HTMLElement>(null);
  useEffect(() => (panel.current?.querySelector<HTMLElement>("button") ?? panel.current)?.focus(), []);
  return (
    <aside
      ref={panel}
      className="panel sessions"
      role="dialog"
      tabIndex={-1}
      aria-label={t("Terminals that go on")}
      onKeyDown={(event) => {
        if (event.key === "Escape") {
          event.preventDefault();
          onClose();
        }
        if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
        const all = [...event.currentTarget.querySelectorAll<HTMLElement>("button.row")];
        const at = all.indexOf(document.activeElement as HTMLElement);
        all[(at + (event.key === "ArrowDown" ? 1 : -1) + all.length) % all.length]?.focus();
      }}
    >
      {terminals.length === 0 && <p>{t("No other terminals go on. One whose window is closed while a program runs in it can go on, and is found here.")}</p>}
      <ul>
        {terminals.map((row) => (
          <li key={row.id}>
            <button type="button" className="row" onClick={() => onAttach(row.id)}>
              <strong>{nameOf(row)}</strong>
              <span>
                {row.directory}
                {row.attached > 0 && ` · ${tn("{n} looks on", "{n} look on", row.attached)}`}
              </span>
            </button>
            <button type="button" className="push" aria-label={t("End {name}", { name: nameOf(row) })} onClick={() => onEnd(row)}>
              ×
            </button>
          </li>
        ))}
      </ul>
    </aside>
  );
}

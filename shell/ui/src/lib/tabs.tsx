// SPDX-License-Identifier: GPL-3.0-or-later
// A row of tabs, and what comes after the last of them.
import type { ReactNode } from "react";
import { t } from "./i18n";
import "./tabs.css";

export interface Tab {
  key: number;
  title: string;
  /** Before its title. */
  mark?: ReactNode;
}

interface Properties {
  tabs: readonly Tab[];
  current: number | undefined;
  onSelect: (key: number) => void;
  onClose: (key: number) => void;
  children: ReactNode;
}

export function Tabs({ tabs, current, onSelect, onClose, children }: Properties) {
  return (
    <div
      className="tabs"
      onKeyDown={(event) => {
        const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
        const at = tabs.findIndex(({ key }) => key === current);
        const to = tabs[(at + by + tabs.length) % tabs.length];
        if (by !== 0 && to) onSelect(to.key);
      }}
    >
      {/* A list of tabs may hold nothing else, and here is what closes them. */}
      <span className="hidden-text" role="tablist" aria-label={t("Tabs")} aria-owns={tabs.map(({ key }) => `tab-${key}`).join(" ")} />
      {tabs.map(({ key, title, mark }) => (
        <div key={key} className={key === current ? "tab current" : "tab"}>
          <button id={`tab-${key}`} type="button" role="tab" aria-selected={key === current} tabIndex={key === current ? 0 : -1} title={title} onClick={() => onSelect(key)} onAuxClick={(event) => event.button === 1 && onClose(key)}>
            {mark}
            <span dir="auto">{title}</span>
          </button>
          <button type="button" className="shut" tabIndex={-1} aria-label={t("Close {name}", { name: title })} onClick={() => onClose(key)}>
            ×
          </button>
        </div>
      ))}
      {children}
    </div>
  );
}

// SPDX-License-Identifier: GPL-3.0-or-later
// The row of tabs, where there are several.
import { t } from "../../lib/i18n";

interface Properties {
  tabs: readonly { view: number; title: string }[];
  current: number;
  onSelect: (view: number) => void;
  onClose: (view: number) => void;
  onNew: () => void;
}

export function Tabs({ tabs, current, onSelect, onClose, onNew }: Properties) {
  return (
    <div
      className="tabs"
      onKeyDown={(event) => {
        const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
        const at = tabs.findIndex(({ view }) => view === current);
        const to = tabs[(at + by + tabs.length) % tabs.length];
        if (by !== 0 && to) onSelect(to.view);
      }}
    >
      {/* A list of tabs may hold nothing else, and here is what closes them. */}
      <span className="hidden-text" role="tablist" aria-label={t("Tabs")} aria-owns={tabs.map(({ view }) => `tab-${view}`).join(" ")} />
      {tabs.map(({ view, title }) => (
        <div key={view} className={view === current ? "tab current" : "tab"}>
          <button id={`tab-${view}`} type="button" role="tab" aria-selected={view === current} tabIndex={view === current ? 0 : -1} title={title} onClick={() => onSelect(view)} onAuxClick={(event) => event.button === 1 && onClose(view)}>
            <span dir="auto">{title}</span>
          </button>
          <button type="button" className="shut" tabIndex={-1} aria-label={t("Close {name}", { name: title })} onClick={() => onClose(view)}>
            ×
          </button>
        </div>
      ))}
      <button type="button" className="tool" title={t("New tab (Ctrl+T)")} aria-label={t("New tab")} onClick={onNew}>
        +
      </button>
    </div>
  );
}

// SPDX-License-Identifier: GPL-3.0-or-later
// The row of tabs.
import { t } from "../../lib/i18n";

export interface TabLabel {
  key: number;
  title: string;
  rang: boolean;
}

interface Properties {
  tabs: TabLabel[];
  current: number | undefined;
  waiting: number;
  onSelect: (key: number) => void;
  onClose: (key: number) => void;
  onNew: () => void;
  onSessions: () => void;
  onFind: () => void;
  onSettings: () => void;
}

export function Tabs({ tabs, current, waiting, onSelect, onClose, onNew, onSessions, onFind, onSettings }: Properties) {
  return (
    <header className="bar">
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
        {tabs.map(({ key, title, rang }) => (
          <div key={key} className={key === current ? "tab current" : "tab"}>
            <button
              id={`tab-${key}`}
              type="button"
              role="tab"
              aria-selected={key === current}
              tabIndex={key === current ? 0 : -1}
              title={title}
              onClick={() => onSelect(key)}
              onAuxClick={(event) => event.button === 1 && onClose(key)}
            >
              {rang && <span className="dot" aria-label={t("The bell rang")} />}
              <span dir="auto">{title}</span>
            </button>
            <button type="button" className="shut" tabIndex={-1} aria-label={t("Close {name}", { name: title })} onClick={() => onClose(key)}>
              ×
            </button>
          </div>
        ))}
        <button type="button" className="item" title={t("New tab (Ctrl+Shift+T)")} aria-label={t("New tab")} onClick={onNew}>
          +
        </button>
      </div>
      <button type="button" className="item" title={t("Terminals that go on (Ctrl+Shift+A)")} onClick={onSessions}>
        {t("Sessions")}
        {waiting > 0 && <span className="badge">{waiting}</span>}
      </button>
      <button type="button" className="item" title={t("Find (Ctrl+Shift+F)")} onClick={onFind}>
        {t("Find")}
      </button>
      <button type="button" className="item" title={t("Settings (Ctrl+Shift+,)")} onClick={onSettings}>
        {t("Settings")}
      </button>
    </header>
  );
}

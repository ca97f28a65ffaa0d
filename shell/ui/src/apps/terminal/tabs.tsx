// SPDX-License-Identifier: GPL-3.0-or-later
// The row of tabs.
import { t } from "../../lib/i18n";
import { Tabs as Row } from "../../lib/tabs";

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
      <Row
        tabs={tabs.map(({ key, title, rang }) => ({ key, title, mark: rang && <span className="dot" aria-label={t("The bell rang")} /> }))}
        current={current}
        onSelect={onSelect}
        onClose={onClose}
      >
        <button type="button" className="item" title={t("New tab (Ctrl+Shift+T)")} aria-label={t("New tab")} onClick={onNew}>
          +
        </button>
      </Row>
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

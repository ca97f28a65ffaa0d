// SPDX-License-Identifier: GPL-3.0-or-later
// The row of tabs, where there are several.
import { t } from "../../lib/i18n";
import { Tabs as Row } from "../../lib/tabs";

interface Properties {
  tabs: readonly { view: number; title: string }[];
  current: number;
  onSelect: (view: number) => void;
  onClose: (view: number) => void;
  onNew: () => void;
}

export function Tabs({ tabs, current, onSelect, onClose, onNew }: Properties) {
  return (
    <Row tabs={tabs.map(({ view, title }) => ({ key: view, title }))} current={current} onSelect={onSelect} onClose={onClose}>
      <button type="button" className="tool" title={t("New tab (Ctrl+T)")} aria-label={t("New tab")} onClick={onNew}>
        +
      </button>
    </Row>
  );
}

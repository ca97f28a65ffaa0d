// SPDX-License-Identifier: GPL-3.0-or-later
// The keys of the window, as a list.
import { Dialog } from "../../lib/dialog";
import { t } from "../../lib/i18n";

export function Shortcuts({ onClose }: { onClose: () => void }) {
  const keys: [string, string][] = [
    ["Ctrl+1 … 7", t("Overview, actors, other nodes, services, resources, logs, simulator")],
    ["Ctrl+PageUp, Ctrl+PageDown", t("The page before, the next page")],
    ["Ctrl+F", t("Search")],
    ["↑ ↓ Home End PageUp PageDown", t("Go through a list")],
    ["← →", t("Fold and unfold a branch")],
    ["← ↑ → ↓", t("Go from node to node on the map")],
    ["Enter", t("Details of what is chosen")],
    ["Delete, Shift+Delete", t("Ask a process to end, kill it")],
    ["Escape", t("Close what lies over the page, end the search")],
    ["Ctrl+N, Ctrl+W", t("Another window, close this one")],
    ["F11", t("The whole screen")],
    ["F1", t("This list")],
  ];
  return (
    <Dialog title={t("Keyboard shortcuts")} leave={t("Close")} choices={[]} onCancel={onClose}>
      <dl className="keys">
        {keys.flatMap(([key, text]) => [
          <dt key={`${key}-key`}>
            <kbd dir="ltr">{key}</kbd>
          </dt>,
          <dd key={key}>{text}</dd>,
        ])}
      </dl>
    </Dialog>
  );
}

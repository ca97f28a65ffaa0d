// SPDX-License-Identifier: GPL-3.0-or-later
// What is said where there are no files.
import { t, tn } from "../../lib/i18n";
import type { View } from "./view";

function wordsOf(view: View, hidden: boolean): [title: string, hint: string] | null {
  const { kind, text } = view.state;
  if (kind === "mesh")
    return [t("Mesh storage comes later"), t("Files that the nodes of your mesh keep for each other will be here, with how safe each of them is. Nothing of it is there yet.")];
  if (view.error) return [t("This folder cannot be shown"), view.error];
  if (view.loading) return null;
  if (kind === "trash") return [t("The trash is empty"), t("What you delete waits here until you empty the trash.")];
  if (kind === "search") return [t("Nothing is called “{text}” here", { text }), t("Names in this folder and in those inside it were looked through.")];
  const unseen = view.hiddenCount;
  if (!hidden && unseen > 0) return [t("Nothing to be seen here"), tn("{n} hidden file is here. Ctrl+H shows it.", "{n} hidden files are here. Ctrl+H shows them.", unseen)];
  return [t("This folder is empty"), t("Paste files here with Ctrl+V, or make a folder with Ctrl+Shift+N.")];
}

export function Empty({ view, hidden }: { view: View; hidden: boolean }) {
  const words = wordsOf(view, hidden);
  if (!words) return null;
  return (
    <div className="empty" role="status">
      <h2>{words[0]}</h2>
      <p className="copyable-text" dir="auto">{words[1]}</p>
    </div>
  );
}

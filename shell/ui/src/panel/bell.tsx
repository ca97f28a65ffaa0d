// SPDX-License-Identifier: GPL-3.0-or-later
// Opens the notifications; says how many were not looked at, and whether they are quiet.
import { tell } from "../lib/host";
import { t, tn } from "../lib/i18n";
import { Icon } from "../lib/icons";
import type { NotificationsState } from "../lib/notes";

export function Bell({ state }: { state: NotificationsState | undefined }) {
  const unseen = state?.unseen ?? 0;
  const quiet = state?.quiet ?? false;
  const parts = [
    unseen > 0 ? tn("{n} new notification", "{n} new notifications", unseen) : t("Notifications"),
    quiet ? t("Do not disturb") : "",
  ];
  const label = parts.filter(Boolean).join(", ");
  return (
    <button
      type="button"
      className={`item square bell ${unseen > 0 ? "unseen" : ""}`}
      title={label}
      aria-label={label}
      onClick={() => tell("overlay.toggle", { overlay: "notifications" })}
    >
      <Icon name={quiet ? "bell-off" : "bell"} />
    </button>
  );
}

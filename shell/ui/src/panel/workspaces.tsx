// SPDX-License-Identifier: GPL-3.0-or-later
import { tell, type CompositorState } from "../lib/host";
import { t, tn } from "../lib/i18n";

export function Workspaces({ compositor }: { compositor: CompositorState | undefined }) {
  if (!compositor?.present) return null;
  return (
    <div className="workspaces" role="group" aria-label={t("Workspaces")}>
      {(compositor.workspaces ?? []).map(({ name, windows }, index) => {
        const active = index === compositor.active;
        const count =
          windows === 0 ? t("empty") : tn("{n} window", "{n} windows", windows);
        const label = t("Workspace {name}, {count}", { name, count });
        return (
          <button
            type="button"
            key={index}
            className={`dot ${active ? "active" : ""} ${windows > 0 ? "used" : ""}`}
            title={label}
            aria-label={label}
            aria-pressed={active}
            onClick={() => tell("workspace.switch", { index })}
          />
        );
      })}
    </div>
  );
}

// SPDX-License-Identifier: GPL-3.0-or-later
// What uses this machine: processes, units of systemd, disks and the network.
import { t } from "../../lib/i18n";
import type { PageProperties } from "./actors";
import { Devices } from "./devices";
import { Processes } from "./processes";
import { views, type ViewName } from "./settings";
import { Units } from "./units";

export function Resources(properties: PageProperties & { onSearch: (query: string) => void }) {
  const { settings, onSettings, onSearch } = properties;
  const labels: Record<ViewName, string> = { processes: t("Processes"), units: t("Units"), devices: t("Disks and network") };
  const go = (view: ViewName, query = "") => {
    onSearch(query);
    onSettings({ view });
  };
  return (
    <div className="page" tabIndex={-1}>
      <div
        className="segments"
        role="radiogroup"
        aria-label={t("What is shown")}
        onKeyDown={(event) => {
          const by = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
          if (!by) return;
          const rtl = getComputedStyle(event.currentTarget).direction === "rtl" && event.key.match(/Left|Right/) ? -1 : 1;
          const to = views[(views.indexOf(settings.view) + by * rtl + views.length) % views.length];
          if (!to) return;
          event.preventDefault();
          go(to);
          event.currentTarget.querySelector<HTMLElement>(`[data-view="${to}"]`)?.focus();
        }}
      >
        {views.map((view) => (
          <button key={view} type="button" role="radio" data-view={view} aria-checked={view === settings.view} tabIndex={view === settings.view ? 0 : -1} className="push" onClick={() => go(view)}>
            {labels[view]}
          </button>
        ))}
      </div>
      {settings.view === "processes" && <Processes {...properties} />}
      {settings.view === "units" && <Units {...properties} onProcesses={(unit) => go("processes", unit)} />}
      {settings.view === "devices" && <Devices {...properties} />}
    </div>
  );
}

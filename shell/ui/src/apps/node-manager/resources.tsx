// SPDX-License-Identifier: GPL-3.0-or-later
// What uses this machine: processes, units of systemd, disks and the network.
import { t } from "../../lib/i18n";
import type { PageProperties } from "./actors";
import { Devices } from "./devices";
import { Processes } from "./processes";
import { Segments } from "./segments";
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
      <Segments names={views} labels={labels} chosen={settings.view} onChoose={go} />
      {settings.view === "processes" && <Processes {...properties} />}
      {settings.view === "units" && <Units {...properties} onProcesses={(unit) => go("processes", unit)} />}
      {settings.view === "devices" && <Devices {...properties} />}
    </div>
  );
}

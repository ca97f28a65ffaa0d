// SPDX-License-Identifier: GPL-3.0-or-later
// What lies over the desktop: the launcher, the notifications, the power menu or the quick settings. Escape closes; the host closes at a click outside.
import "./overlay.css";
import { useEffect } from "react";
import { tell } from "../lib/host";
import { useHost } from "../lib/page";
import { History } from "./history";
import { Launcher } from "./launcher";
import { PowerMenu } from "./power";
import { QuickSettings } from "./quick";

function close(): void {
  tell("overlay.close");
}

export function Overlay() {
  const { overlay, apps, history, quick, notifications } = useHost();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !event.defaultPrevented) close();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);

  if (!overlay?.name) return null;
  if (overlay.name === "notifications")
    return history ? <History key={overlay.serial} serial={overlay.serial} history={history} /> : null;
  if (overlay.name === "quick")
    return quick ? <QuickSettings key={overlay.serial} serial={overlay.serial} state={quick} notifications={notifications} /> : null;
  return overlay.name === "launcher" ? (
    <Launcher key={overlay.serial} serial={overlay.serial} apps={apps ?? []} />
  ) : (
    <PowerMenu key={overlay.serial} serial={overlay.serial} />
  );
}

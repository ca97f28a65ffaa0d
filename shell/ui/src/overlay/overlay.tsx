// SPDX-License-Identifier: GPL-3.0-or-later
// What lies over the desktop: the launcher, the notifications, the power menu, the quick settings, what the keys do, the items of programs or what was copied. Escape closes; the host closes at a click outside.
import "./overlay.css";
import { useEffect } from "react";
import { tell } from "../lib/host";
import { useHost } from "../lib/page";
import { Clipboard } from "./clipboard";
import { History } from "./history";
import { Launcher } from "./launcher";
import { PowerMenu } from "./power";
import { QuickSettings } from "./quick";
import { ShortcutSheet } from "./shortcuts";
import { Tray } from "./tray";

const stops = 'button:not(:disabled, [tabindex="-1"]), input:not(:disabled), [tabindex="0"]';

/** From a page's end WebKit lets the keyboard go to where nothing is. */
function goRound(event: KeyboardEvent): void {
  const places = [...document.querySelectorAll<HTMLElement>(stops)].filter((place) => place.offsetParent !== null);
  const [from, to] = event.shiftKey ? [places[0], places.at(-1)] : [places.at(-1), places[0]];
  if (from && document.activeElement !== from) return;
  event.preventDefault();
  to?.focus();
}

function close(): void {
  tell("overlay.close");
}

export function Overlay() {
  const { overlay, apps, history, quick, keyboard, notifications, tray, clipboard } = useHost();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !event.defaultPrevented) close();
      if (event.key === "Tab" && !event.defaultPrevented) goRound(event);
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);

  if (!overlay?.name) return null;
  if (overlay.name === "notifications")
    return history ? <History key={overlay.serial} serial={overlay.serial} history={history} /> : null;
  if (overlay.name === "quick")
    return quick ? <QuickSettings key={overlay.serial} serial={overlay.serial} state={quick} notifications={notifications} keyboard={keyboard} /> : null;
  if (overlay.name === "shortcuts") return <ShortcutSheet key={overlay.serial} serial={overlay.serial} />;
  if (overlay.name === "clipboard") return clipboard ? <Clipboard key={overlay.serial} serial={overlay.serial} state={clipboard} /> : null;
  if (overlay.name === "tray") return tray ? <Tray key={overlay.serial} serial={overlay.serial} state={tray} /> : null;
  return overlay.name === "launcher" ? (
    <Launcher key={overlay.serial} serial={overlay.serial} apps={apps ?? []} />
  ) : (
    <PowerMenu key={overlay.serial} serial={overlay.serial} />
  );
}

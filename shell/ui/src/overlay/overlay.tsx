// SPDX-License-Identifier: GPL-3.0-or-later
// What lies over the desktop: the launcher or the power menu. A click outside or Escape closes.
import "./overlay.css";
import { useEffect } from "react";
import { tell } from "../lib/host";
import { useHost } from "../lib/page";
import { Launcher } from "./launcher";
import { PowerMenu } from "./power";

function close(): void {
  tell("overlay.close");
}

export function Overlay() {
  const { overlay, apps } = useHost();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !event.defaultPrevented) close();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);

  if (!overlay?.name) return null;
  return (
    <div
      className={`scrim ${overlay.name}`}
      onPointerDown={(event) => {
        if (event.target === event.currentTarget) close();
      }}
    >
      {overlay.name === "launcher" ? (
        <Launcher key={overlay.serial} apps={apps ?? []} />
      ) : (
        <PowerMenu key={overlay.serial} />
      )}
    </div>
  );
}

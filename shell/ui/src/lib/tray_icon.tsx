// SPDX-License-Identifier: GPL-3.0-or-later
// The picture of an item: its own, else an icon of the theme, else the first letter of its title.
import "./tray_icon.css";
import { useState } from "react";
import type { TrayItem } from "./tray";

export function TrayIcon({ item, size }: { item: TrayItem; size: number }) {
  const [missing, setMissing] = useState<readonly string[]>([]);
  const sources = [
    item.picture > 0 ? `picture/${item.picture}` : "",
    item.icon ? `icon/${encodeURIComponent(item.icon)}?size=${2 * size}` : "",
  ];
  const source = sources.find((each) => each && !missing.includes(each));
  if (!source)
    return (
      <span className="tray-icon letter" aria-hidden="true">
        {[...item.title][0]?.toLocaleUpperCase() ?? "?"}
      </span>
    );
  const symbolic = source.startsWith("icon/") && item.icon.endsWith("-symbolic");
  return (
    <img
      className={`tray-icon ${symbolic ? "symbolic" : ""}`}
      src={source}
      alt=""
      draggable={false}
      onError={() => setMissing((before) => [...before, source])}
    />
  );
}

// SPDX-License-Identifier: GPL-3.0-or-later
// The items that programs have on the panel. The keyboard reaches them in the overlay that lists them all.
import "./tray.css";
import type { MouseEvent, WheelEvent } from "react";
import { tell } from "../lib/host";
import { t, tn } from "../lib/i18n";
import { Icon } from "../lib/icons";
import { labelOf, panelItems, type TrayItem } from "../lib/tray";
import { TrayIcon } from "../lib/tray_icon";

/** What a notch of a wheel amounts to. */
const notch = 120;

function Item({ item }: { item: TrayItem }) {
  const label = labelOf(item);
  const calls = item.status === "attention";
  const press = (what: string) => (event: MouseEvent) => {
    event.preventDefault();
    tell("tray.do", { id: item.id, what });
  };
  const onWheel = ({ deltaX, deltaY }: WheelEvent) => {
    const horizontal = Math.abs(deltaX) > Math.abs(deltaY);
    tell("tray.scroll", { id: item.id, delta: Math.sign(horizontal ? deltaX : deltaY) * -notch, horizontal });
  };
  return (
    <button
      type="button"
      className={`item square tray-item ${calls ? "calls" : ""}`}
      title={label}
      aria-label={calls ? t("{name} needs attention", { name: label }) : label}
      onClick={press("activate")}
      onAuxClick={(event) => (event.button === 1 ? press("secondary")(event) : undefined)}
      onContextMenu={press("menu")}
      onWheel={onWheel}
    >
      <TrayIcon key={`${item.picture} ${item.icon}`} item={item} size={16} />
    </button>
  );
}

export function TrayItems({ items }: { items: readonly TrayItem[] }) {
  if (items.length === 0) return null;
  const { shown, more } = panelItems(items);
  const label = tn("{n} more program", "{n} more programs", more);
  return (
    <div className="tray-items" role="group" aria-label={t("Programs on the panel")}>
      {shown.map((item) => (
        <Item key={item.id} item={item} />
      ))}
      {more > 0 ? (
        <button
          type="button"
          className="item square"
          title={label}
          aria-label={label}
          onClick={() => tell("overlay.toggle", { overlay: "tray" })}
        >
          <Icon name="more" />
        </button>
      ) : null}
    </div>
  );
}

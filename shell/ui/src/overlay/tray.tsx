// SPDX-License-Identifier: GPL-3.0-or-later
// The items of programs as a list, and the menu of one of them, drawn by us from what the program says is in it.
import "./tray.css";
import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import { ask } from "../lib/host";
import { t } from "../lib/i18n";
import { Icon } from "../lib/icons";
import { labelOf, menuAt, tidyEntries, type MenuEntry, type TrayItem, type TrayMenu, type TrayState } from "../lib/tray";
import { TrayIcon } from "../lib/tray_icon";
import { Failure } from "./failure";
import { useFit } from "./use_fit";

type Fail = (error: Error) => void;

function close(): Promise<unknown> {
  return ask("overlay.close");
}

/** Up and down go from one to the next, and around; Home and End to the first and the last. */
function moveAmong(event: KeyboardEvent<HTMLElement>): void {
  const places = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-place]:enabled")];
  const at = places.findIndex((place) => place === document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at < 0 ? -1 : at - 1, Home: 0, End: -1 }[event.key];
  if (to === undefined || event.nativeEvent.isComposing) return;
  places.at(to % Math.max(places.length, 1))?.focus();
  event.preventDefault();
}

function Items({ items, fail, onMenu }: { items: readonly TrayItem[]; fail: Fail; onMenu: () => void }) {
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => list.current?.querySelector("button")?.focus(), []);
  const press = (id: number, what: string) =>
    void ask<boolean | null>("tray.do", { id, what })
      .then((opened) => (opened ? onMenu() : close()))
      .catch(fail);
  return (
    <>
      <h2>{t("Programs on the panel")}</h2>
      {items.length === 0 ? <div className="tray-hint">{t("No program has anything here. Those that go on in the background show it here.")}</div> : null}
      <ul ref={list} className="tray-list" onKeyDown={moveAmong}>
        {items.map((item) => (
          <li key={item.id} className="tray-row">
            <button type="button" data-place className="tray-entry" onClick={() => press(item.id, "activate")} onContextMenu={() => press(item.id, "menu")}>
              <TrayIcon key={`${item.picture} ${item.icon}`} item={item} size={16} />
              <span className="tray-words">
                <span className="tray-label" dir="auto">
                  {item.title}
                </span>
                {labelOf(item) !== item.title ? (
                  <span className="tray-about" dir="auto">
                    {item.tooltip}
                  </span>
                ) : null}
              </span>
              {item.status === "attention" ? <span className="tray-calls">{t("Needs attention")}</span> : null}
            </button>
            <button type="button" className="tool" title={t("Menu of {name}", { name: item.title })} aria-label={t("Menu of {name}", { name: item.title })} onClick={() => press(item.id, "menu")}>
              <Icon name="more" />
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

function roleOf({ toggle }: MenuEntry): string {
  return { "": "menuitem", check: "menuitemcheckbox", radio: "menuitemradio" }[toggle];
}

function Entry({ entry, onPress }: { entry: MenuEntry; onPress: () => void }) {
  if (entry.separator) return <li role="separator" className="tray-line" />;
  return (
    <li role="none">
      <button
        type="button"
        data-place
        role={roleOf(entry)}
        aria-checked={entry.toggle ? entry.on : undefined}
        aria-haspopup={entry.children ? "menu" : undefined}
        className="tray-entry"
        disabled={!entry.enabled}
        onClick={onPress}
      >
        <span className="tray-mark">{entry.toggle && entry.on ? <Icon name="tick" /> : null}</span>
        <span className="tray-label" dir="auto">
          {entry.label}
        </span>
        {entry.children ? <Icon name="forward" className="sided" /> : null}
      </button>
    </li>
  );
}

function Menu({ menu, title, fail, onBack }: { menu: TrayMenu; title: string; fail: Fail; onBack: () => void }) {
  const [way, setWay] = useState<readonly number[]>([]);
  const list = useRef<HTMLUListElement>(null);
  const shown = menuAt(menu.entries ?? [], way);
  const { depth } = shown;
  const read = menu.entries !== null;
  useEffect(() => {
    (list.current?.querySelector<HTMLElement>("[data-place]:enabled") ?? list.current)?.focus();
  }, [depth, read]);
  const entries = tidyEntries(shown.entries);
  const leave = () => (depth > 0 ? setWay(way.slice(0, depth - 1)) : onBack());
  const enter = (entry: MenuEntry) => {
    setWay([...way.slice(0, depth), entry.id]);
    void ask("tray.open", { item: menu.item, entry: entry.id }).catch(fail);
  };
  const choose = (entry: MenuEntry) => void ask("tray.choose", { item: menu.item, entry: entry.id }).then(close).catch(fail);
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const rtl = document.documentElement.dir === "rtl";
    const [into, out] = rtl ? ["ArrowLeft", "ArrowRight"] : ["ArrowRight", "ArrowLeft"];
    const places = [...event.currentTarget.querySelectorAll("[data-place]")];
    const entry = entries.filter(({ separator }) => !separator)[places.findIndex((place) => place === document.activeElement)];
    if (event.key === into && entry?.children && entry.enabled) enter(entry);
    else if ((event.key === out || event.key === "Escape") && depth > 0) leave();
    else {
      moveAmong(event);
      return;
    }
    event.preventDefault();
  };
  return (
    <>
      <header className="tray-head">
        <button type="button" className="tool" title={t("Back")} aria-label={t("Back")} onClick={leave}>
          <Icon name="back" className="sided" />
        </button>
        <h2 dir="auto">{depth > 0 ? shown.title : title}</h2>
      </header>
      {menu.failure ? <div className="tray-hint">{menu.failure}</div> : null}
      {!read && !menu.failure ? (
        <div className="tray-hint" role="status">
          {t("The menu is being read…")}
        </div>
      ) : null}
      {read && entries.length === 0 ? <div className="tray-hint">{t("The menu is empty.")}</div> : null}
      <ul ref={list} className="tray-list" role="menu" tabIndex={-1} aria-label={title} onKeyDown={onKeyDown}>
        {entries.map((entry, index) => (
          <Entry key={`${entry.id} ${index}`} entry={entry} onPress={() => (entry.children ? enter(entry) : choose(entry))} />
        ))}
      </ul>
    </>
  );
}

export function Tray({ serial, state }: { serial: number; state: TrayState }) {
  const sheet = useFit<HTMLDivElement>(serial);
  const [left, setLeft] = useState(false);
  const [failure, setFailure] = useState("");
  const { items } = state;
  const menu = left ? null : state.menu;
  const fail: Fail = (error) => setFailure(error.message);
  const go = (toMenu: boolean) => {
    setFailure("");
    setLeft(!toMenu);
  };
  return (
    <div ref={sheet} className="sheet tray-sheet" role="dialog" aria-modal="true" aria-label={t("Programs on the panel")} tabIndex={-1}>
      {menu ? (
        <Menu key={menu.item} menu={menu} title={items.find(({ id }) => id === menu.item)?.title ?? ""} fail={fail} onBack={() => go(false)} />
      ) : (
        <Items items={items} fail={fail} onMenu={() => go(true)} />
      )}
      <Failure text={failure} />
    </div>
  );
}

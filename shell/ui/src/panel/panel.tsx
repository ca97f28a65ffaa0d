// SPDX-License-Identifier: GPL-3.0-or-later
// The bar at the top: launcher, workspaces, title, figures, clock, quick settings, power.
import "./panel.css";
import { tell } from "../lib/host";
import { t } from "../lib/i18n";
import { Icon } from "../lib/icons";
import type { KeyboardSwitch } from "../lib/keyboard";
import { useHost } from "../lib/page";
import { cleanLine } from "../lib/strange";
import { Bell } from "./bell";
import { Clock } from "./clock";
import { Figures } from "./figures";
import { QuickButton } from "./quick_button";
import { TrayItems } from "./tray";
import { Workspaces } from "./workspaces";

/** Characters of a window's title, which is a stranger's. */
const titleMost = 300;

/** Raises the on-screen keyboard where it is on, and lowers it. */
function KeyboardButton({ state }: { state: KeyboardSwitch | undefined }) {
  if (!state?.on) return null;
  const label = state.visible ? t("Hide the keyboard") : t("Show the keyboard");
  return (
    <button type="button" className="item square" title={label} aria-label={label} aria-pressed={state.visible} onClick={() => tell("keyboard.toggle")}>
      <Icon name="keyboard" />
    </button>
  );
}

export function Panel() {
  const { compositor, keyboard, node, notifications, quick, tray } = useHost();
  const title = cleanLine(compositor?.title ?? "", titleMost);
  return (
    <div className="bar" role="toolbar" aria-label={t("Panel")}>
      <div className="side">
        <button
          type="button"
          className="item square"
          title={t("Applications")}
          aria-label={t("Applications")}
          onClick={() => tell("overlay.toggle", { overlay: "launcher" })}
        >
          <Icon name="mesh" className="mark" />
        </button>
        <button
          type="button"
          className="item square"
          title={t("Overview of the windows")}
          aria-label={t("Overview of the windows")}
          onClick={() => tell("overview.toggle")}
        >
          <Icon name="windows" />
        </button>
        <Workspaces compositor={compositor} />
      </div>
      <div className="title" title={title} dir="auto">
        {title}
      </div>
      <div className="side end">
        <Figures node={node} battery={!quick?.battery} />
        {/* Behind the figures, whose alerts come and go: what is clicked stays where it is. */}
        <KeyboardButton state={keyboard} />
        <TrayItems items={tray?.items ?? []} />
        <Clock />
        <Bell state={notifications} />
        <QuickButton state={quick} />
        <button
          type="button"
          className="item square"
          title={t("Power")}
          aria-label={t("Power")}
          onClick={() => tell("overlay.toggle", { overlay: "power" })}
        >
          <Icon name="power" />
        </button>
      </div>
    </div>
  );
}

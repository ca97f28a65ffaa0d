// SPDX-License-Identifier: GPL-3.0-or-later
// Quick settings: what of the machine is set many times a day. What the machine lacks is not shown.
import "./quick.css";
import { useEffect, useState } from "react";
import { formatDuration, formatPercent } from "../lib/format";
import { ask } from "../lib/host";
import { t, tn } from "../lib/i18n";
import { Icon } from "../lib/icons";
import type { KeyboardSwitch } from "../lib/keyboard";
import type { NotificationsState } from "../lib/notes";
import { usedCable, type BatteryState, type NetworkState, type QuickState } from "../lib/quick";
import { BatteryIcon, VolumeIcon, WifiIcon } from "../lib/quick_icons";
import { Failure } from "./failure";
import { Players } from "./quick_media";
import { BluetoothPage, SoundPage } from "./quick_devices";
import { ProfilePage, profileName } from "./quick_profiles";
import { NetworkPage } from "./quick_network";
import { Slider, Tile } from "./quick_parts";
import { useFit } from "./use_fit";

type Page = "" | "network" | "bluetooth" | "sound" | "profile";
type Fail = (error: Error) => void;

interface PartProps {
  state: QuickState;
  fail: Fail;
  open: (page: Page) => void;
}

/** "82%, 2 hours 10 minutes left". Minutes are exact enough. */
export function batteryText({ percent, state, seconds }: BatteryState): string {
  const parts = [formatPercent(percent)];
  const minutes = Math.round(seconds / 60) * 60;
  if (minutes > 0 && state === "charging") parts.push(t("{time} until full", { time: formatDuration(minutes) }));
  else if (minutes > 0 && state === "discharging") parts.push(t("{time} left", { time: formatDuration(minutes) }));
  else if (state === "charging") parts.push(t("charging"));
  else if (state === "full") parts.push(t("full"));
  return parts.join(", ");
}

function Head({ battery }: { battery: BatteryState | null }) {
  const go = (overlay: string) => void ask("overlay.toggle", { overlay });
  return (
    <header className="quick-head">
      {battery ? (
        <span className={`quick-battery ${battery.low ? "low" : ""}`} role="img" aria-label={t("Battery: {text}", { text: batteryText(battery) })}>
          <BatteryIcon battery={battery} />
          <span>{batteryText(battery)}</span>
        </span>
      ) : (
        <h2>{t("Quick settings")}</h2>
      )}
      <button type="button" className="tool round" title={t("Lock")} aria-label={t("Lock")} onClick={() => void ask("overlay.close").then(() => ask("power.do", { action: "lock" }))}>
        <Icon name="lock" />
      </button>
      <button type="button" className="tool round" title={t("Power")} aria-label={t("Power")} onClick={() => go("power")}>
        <Icon name="power" />
      </button>
    </header>
  );
}

function networkTile({ wifi, cables }: NetworkState): { title: string; about: string; on: boolean } {
  const cable = usedCable({ cables });
  if (!wifi)
    return { title: t("Wired"), about: cable ? t("Connected") : t("Not connected"), on: cable !== undefined };
  const about = {
    connected: wifi.name || t("Connected"),
    connecting: t("Connecting…"),
    disconnected: t("Not connected"),
    unavailable: t("Not available"),
  }[wifi.state];
  return { title: t("Wi-Fi"), about: wifi.on ? about : wifi.blocked ? t("Switched off") : t("Off"), on: wifi.on };
}

function NetworkTile({ state, fail, open }: PartProps) {
  const { network } = state;
  if (!network) return null;
  const { wifi } = network;
  const { title, about, on } = networkTile(network);
  return (
    <Tile
      icon={wifi ? <WifiIcon strength={wifi.strength} off={!wifi.on} /> : <Icon name="cable" />}
      title={title}
      about={about}
      on={wifi ? on : undefined}
      disabled={wifi?.blocked}
      onPress={() => (wifi ? void ask("quick.wifi", { on: !on }).catch(fail) : open("network"))}
      more={{ label: t("Networks"), open: () => open("network") }}
    />
  );
}

function BluetoothTile({ state, fail, open }: PartProps) {
  const { bluetooth } = state;
  if (!bluetooth) return null;
  const connected = bluetooth.devices.filter((device) => device.connected);
  const about = connected.length > 1 ? tn("{n} device", "{n} devices", connected.length) : connected[0]?.name;
  return (
    <Tile
      icon={<Icon name="bluetooth" />}
      title={t("Bluetooth")}
      about={bluetooth.on ? (about ?? t("On")) : t("Off")}
      on={bluetooth.on}
      onPress={() => void ask("quick.bluetooth", { on: !bluetooth.on }).catch(fail)}
      more={{ label: t("Bluetooth devices"), open: () => open("bluetooth") }}
    />
  );
}

function MeshTile({ peers, fail }: { peers: number | undefined; fail: Fail }) {
  if (peers === undefined || peers < 0) return null;
  return (
    <Tile
      icon={<Icon name="mesh" />}
      title={t("Mesh")}
      about={peers === 0 ? t("No peers") : tn("{n} peer", "{n} peers", peers)}
      onPress={() =>
        void ask("app.launch", { id: "org.inos.NodeManager.desktop" })
          .then(() => ask("overlay.close"))
          .catch(fail)
      }
    />
  );
}

function Tiles({ notifications, keyboard, ...part }: PartProps & Pick<Properties, "notifications" | "keyboard">) {
  const { state, fail, open } = part;
  const quiet = notifications?.doNotDisturb ?? false;
  return (
    <div className="tiles">
      <NetworkTile {...part} />
      <BluetoothTile {...part} />
      {state.profile ? (
        <Tile icon={<Icon name="gauge" />} title={t("Power profile")} about={profileName(state.profile.active)} onPress={() => open("profile")} />
      ) : null}
      {state.nightLight ? (
        <Tile
          icon={<Icon name="suspend" />}
          title={t("Night light")}
          about={state.nightLight.on ? t("On") : t("Off")}
          on={state.nightLight.on}
          onPress={() => void ask("quick.night", { on: !state.nightLight?.on }).catch(fail)}
        />
      ) : null}
      <Tile
        icon={<Icon name="contrast" />}
        title={t("Dark colours")}
        about={state.dark ? t("On") : t("Off")}
        on={state.dark === true}
        onPress={() => void ask("quick.dark", { on: !state.dark }).catch(fail)}
      />
      <Tile
        icon={<Icon name={quiet ? "bell-off" : "bell"} />}
        title={t("Do not disturb")}
        about={quiet ? t("On") : t("Off")}
        on={quiet}
        onPress={() => void ask("notes.quiet", { on: !quiet }).catch(fail)}
      />
      {keyboard ? (
        <Tile
          icon={<Icon name="keyboard" />}
          title={t("On-screen keyboard")}
          about={keyboard.on ? t("On") : t("Off")}
          on={keyboard.on}
          onPress={() => void ask("quick.keyboard", { on: !keyboard.on }).catch(fail)}
        />
      ) : null}
      <MeshTile peers={state.peers} fail={fail} />
    </div>
  );
}

function Sliders({ state, fail, open }: PartProps) {
  const output = state.audio?.output;
  if (!output && state.brightness < 0) return null;
  return (
    <div className="sliders">
      {output ? (
        <Slider
          label={t("Volume")}
          value={output.volume}
          dim={output.muted}
          icon={<VolumeIcon sound={output} />}
          button={{
            label: t("Mute"),
            pressed: output.muted,
            press: () => void ask("quick.mute", { on: !output.muted }).catch(fail),
          }}
          onChange={(percent) => void ask("quick.volume", { percent }).catch(fail)}
          more={{ label: t("Outputs and microphones"), open: () => open("sound") }}
        />
      ) : null}
      {state.brightness >= 0 ? (
        <Slider
          label={t("Brightness")}
          value={state.brightness}
          icon={<Icon name="sun" />}
          onChange={(percent) => void ask("quick.brightness", { percent }).catch(fail)}
        />
      ) : null}
    </div>
  );
}

/** What is behind a tile goes with its service. */
function shownPage(page: Page, state: QuickState): Page {
  const there = {
    "": true,
    network: state.network !== null,
    bluetooth: state.bluetooth !== null,
    sound: state.audio !== null,
    profile: Boolean(state.profile),
  }[page];
  return there ? page : "";
}

interface Properties {
  serial: number;
  state: QuickState;
  notifications: NotificationsState | undefined;
  keyboard?: KeyboardSwitch | undefined;
}

export function QuickSettings({ serial, state, notifications, keyboard }: Properties) {
  const [wanted, setWanted] = useState<Page>("");
  const [failure, setFailure] = useState("");
  const sheet = useFit<HTMLDivElement>(serial);
  const page = shownPage(wanted, state);
  const fail: Fail = (error) => setFailure(error.message);
  const open = (to: Page) => {
    setFailure("");
    setWanted(to);
  };
  const back = () => open("");
  useEffect(() => {
    const element = sheet.current;
    // What is set most often has the keyboard first.
    if (page === "") (element?.querySelector<HTMLElement>(".slider input") ?? element?.querySelector<HTMLElement>(".tile-main"))?.focus();
  }, [page, sheet]);
  return (
    <div ref={sheet} className="sheet quick-sheet" role="dialog" aria-modal="true" aria-label={t("Quick settings")} tabIndex={-1}>
      {page === "" ? (
        <>
          <Head battery={state.battery} />
          <Sliders state={state} fail={fail} open={open} />
          <Tiles state={state} fail={fail} open={open} notifications={notifications} keyboard={keyboard} />
          <Players players={state.media ?? []} fail={fail} />
        </>
      ) : null}
      {page === "network" && state.network ? <NetworkPage network={state.network} fail={fail} onBack={back} /> : null}
      {page === "bluetooth" && state.bluetooth ? <BluetoothPage bluetooth={state.bluetooth} fail={fail} onBack={back} /> : null}
      {page === "sound" && state.audio ? <SoundPage audio={state.audio} fail={fail} onBack={back} /> : null}
      {page === "profile" && state.profile ? <ProfilePage profile={state.profile} fail={fail} onBack={back} /> : null}
      <Failure text={failure} />
    </div>
  );
}

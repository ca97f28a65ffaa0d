// SPDX-License-Identifier: GPL-3.0-or-later
// Bluetooth's devices, and what sounds come out of and go into.
import { useState } from "react";
import { formatPercent } from "../lib/format";
import { ask } from "../lib/host";
import { t } from "../lib/i18n";
import { Icon } from "../lib/icons";
import { playingName, type AudioState, type BluetoothDevice, type BluetoothState, type Playing, type Sound } from "../lib/quick";
import { VolumeIcon } from "../lib/quick_icons";
import { moveAmongRows, Row, Slider, Subpage, Switch } from "./quick_parts";

type Fail = (error: Error) => void;

function aboutDevice({ connected, battery }: BluetoothDevice, busy: boolean): string {
  if (busy) return connected ? t("Disconnecting…") : t("Connecting…");
  if (!connected) return "";
  return battery < 0 ? t("Connected") : t("Connected, battery at {percent}", { percent: formatPercent(battery) });
}

export function BluetoothPage({ bluetooth, fail, onBack }: { bluetooth: BluetoothState; fail: Fail; onBack: () => void }) {
  const [busy, setBusy] = useState("");
  const toggle = ({ id, connected }: BluetoothDevice) => {
    if (busy) return;
    setBusy(id);
    ask("quick.device", { id, on: !connected })
      .catch(fail)
      .finally(() => setBusy(""));
  };
  const { on, devices } = bluetooth;
  return (
    <Subpage
      title={t("Bluetooth")}
      onBack={onBack}
      aside={<Switch on={on} label={t("Bluetooth")} onChange={(to) => void ask("quick.bluetooth", { on: to }).catch(fail)} />}
    >
      {on ? (
        <ul className="rows" aria-label={t("Paired devices")} onKeyDown={moveAmongRows}>
          {devices.map((device) => (
            <Row
              key={device.id}
              icon={<Icon name="bluetooth" />}
              name={device.name}
              about={aboutDevice(device, busy === device.id)}
              active={device.connected}
              aside={<span className="row-end">{device.connected ? t("Disconnect") : t("Connect")}</span>}
              onPress={() => toggle(device)}
            />
          ))}
        </ul>
      ) : null}
      {!on || devices.length === 0 ? (
        <div className="quick-hint">{on ? t("No device is paired.") : t("Bluetooth is off.")}</div>
      ) : null}
    </Subpage>
  );
}

function Devices({ sound, input, fail }: { sound: Sound; input: boolean; fail: Fail }) {
  return (
    <ul className="rows" aria-label={input ? t("Microphones") : t("Outputs")}>
      {sound.devices.map(({ id, name, active }) => (
        <Row
          key={id}
          icon={<Icon name={input ? "microphone" : "speaker"} />}
          name={name}
          active={active}
          aside={active ? <Icon name="tick" /> : null}
          onPress={() => void ask("quick.sound", { id, input }).catch(fail)}
        />
      ))}
    </ul>
  );
}

/** How loud each application is that plays something. */
function Applications({ playing, fail }: { playing: readonly Playing[]; fail: Fail }) {
  return (
    <div role="group" aria-label={t("Applications")}>
      <h3>{t("Applications")}</h3>
      {playing.map((one) => {
        const name = playingName(one, playing);
        return (
          <div key={one.id} className="playing">
            <span className="playing-name" dir="auto" title={one.what}>
              {name}
            </span>
            <Slider
              label={t("Volume of {name}", { name })}
              value={one.volume}
              dim={one.muted}
              icon={<VolumeIcon sound={one} />}
              button={{
                label: t("Mute {name}", { name }),
                pressed: one.muted,
                press: () => void ask("quick.quieten", { playing: one.id, on: !one.muted }).catch(fail),
              }}
              onChange={(percent) => void ask("quick.loudness", { playing: one.id, percent }).catch(fail)}
            />
          </div>
        );
      })}
    </div>
  );
}

export function SoundPage({ audio, fail, onBack }: { audio: AudioState; fail: Fail; onBack: () => void }) {
  const { output, input, playing } = audio;
  return (
    <Subpage title={t("Sound")} onBack={onBack}>
      <div onKeyDown={moveAmongRows}>
        <h3>{t("Output")}</h3>
        <Devices sound={output} input={false} fail={fail} />
        {playing.length > 0 ? <Applications playing={playing} fail={fail} /> : null}
        {input ? (
          <div>
            <h3>{t("Microphone")}</h3>
            <Slider
              label={t("Microphone")}
              value={input.volume}
              dim={input.muted}
              icon={<Icon name={input.muted ? "microphone-off" : "microphone"} />}
              button={{
                label: t("Mute the microphone"),
                pressed: input.muted,
                press: () => void ask("quick.mute", { input: true, on: !input.muted }).catch(fail),
              }}
              onChange={(percent) => void ask("quick.volume", { input: true, percent }).catch(fail)}
            />
            <Devices sound={input} input fail={fail} />
          </div>
        ) : null}
      </div>
    </Subpage>
  );
}

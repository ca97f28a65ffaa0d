// SPDX-License-Identifier: GPL-3.0-or-later
// Bluetooth's devices, and what sounds come out of and go into.
import { useState } from "react";
import { formatPercent } from "../lib/format";
import { ask } from "../lib/host";
import { t } from "../lib/i18n";
import { Icon } from "../lib/icons";
import type { BluetoothDevice, BluetoothState, Sound } from "../lib/quick";
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

export function SoundPage({ audio, fail, onBack }: { audio: { output: Sound; input?: Sound }; fail: Fail; onBack: () => void }) {
  const { output, input } = audio;
  return (
    <Subpage title={t("Sound")} onBack={onBack}>
      <div onKeyDown={moveAmongRows}>
        <h3>{t("Output")}</h3>
        <Devices sound={output} input={false} fail={fail} />
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

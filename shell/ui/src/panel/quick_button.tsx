// SPDX-License-Identifier: GPL-3.0-or-later
// Opens the quick settings; says how the network, the sound and the battery are.
import { formatPercent } from "../lib/format";
import { tell } from "../lib/host";
import { t } from "../lib/i18n";
import { Icon } from "../lib/icons";
import { usedCable, type BatteryState, type NetworkState, type QuickState, type Sound } from "../lib/quick";
import { BatteryIcon, VolumeIcon, WifiIcon } from "../lib/quick_icons";

function networkLabel({ wifi, cables, connectivity }: NetworkState): string {
  if (connectivity === "portal") return t("The network wants you to sign in");
  if (usedCable({ cables })) return t("Wired network");
  if (!wifi) return t("No cable");
  if (!wifi.on) return t("Wi-Fi is off");
  if (wifi.state === "connected") return t("Wi-Fi: {name}", { name: wifi.name });
  return wifi.state === "connecting" ? t("Wi-Fi connects") : t("Wi-Fi: not connected");
}

function NetworkIcon({ network }: { network: NetworkState }) {
  if (usedCable(network)) return <Icon name="cable" />;
  const { wifi } = network;
  if (!wifi) return <Icon name="cable" className="off" />;
  return <WifiIcon strength={wifi.state === "connected" ? wifi.strength : 0} off={wifi.state !== "connected"} />;
}

function soundLabel({ volume, muted }: Sound): string {
  return muted ? t("Muted") : t("Volume {percent}", { percent: formatPercent(volume) });
}

export function batteryLabel({ percent, state }: BatteryState): string {
  const value = formatPercent(percent);
  return state === "charging"
    ? t("Battery at {percent}, charging", { percent: value })
    : t("Battery at {percent}", { percent: value });
}

export function QuickButton({ state }: { state: QuickState | undefined }) {
  const network = state?.network;
  const output = state?.audio?.output;
  const battery = state?.battery;
  const parts = [
    t("Quick settings"),
    network ? networkLabel(network) : "",
    output ? soundLabel(output) : "",
    battery ? batteryLabel(battery) : "",
  ].filter(Boolean);
  return (
    <button
      type="button"
      className="item quick"
      title={parts.slice(1).join("\n") || parts[0]}
      aria-label={parts.join(", ")}
      onClick={() => tell("overlay.toggle", { overlay: "quick" })}
    >
      {network ? <NetworkIcon network={network} /> : null}
      {output ? <VolumeIcon sound={output} /> : null}
      {battery ? (
        <>
          <BatteryIcon battery={battery} />
          <span className="number">{formatPercent(battery.percent)}</span>
        </>
      ) : null}
      {!network && !output && !battery ? <Icon name="sliders" /> : null}
    </button>
  );
}

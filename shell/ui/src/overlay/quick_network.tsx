// SPDX-License-Identifier: GPL-3.0-or-later
// The networks that can be heard, and the cables: to join, leave, and turn Wi-Fi on and off.
import { useEffect, useMemo, useRef, useState, type FormEvent } from "react";
import { ask, tell } from "../lib/host";
import { t, tn } from "../lib/i18n";
import { Icon } from "../lib/icons";
import { findNetworks, type Cable, type NetworkState, type Wifi, type WifiNetwork } from "../lib/quick";
import { WifiIcon } from "../lib/quick_icons";
import { moveAmongRows, Row, Subpage, Switch } from "./quick_parts";

/** From so many on there is a field to find one. */
const manyNetworks = 8;

interface JoinProps {
  network: WifiNetwork;
  wrong: boolean;
  onJoin: (password: string) => void;
  onCancel: () => void;
}

function PasswordForm({ network, wrong, onJoin, onCancel }: JoinProps) {
  const [password, setPassword] = useState("");
  const [shown, setShown] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  // The least that WPA takes; a SAE network takes any.
  const long = network.security === "sae" ? password.length > 0 : password.length >= 8;
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (long) onJoin(password);
  };
  return (
    <form
      className="join"
      onSubmit={onSubmit}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        onCancel();
      }}
    >
      {wrong ? (
        <span className="wrong" role="alert">
          {t("The network did not take that password.")}
        </span>
      ) : null}
      <label className="join-field">
        <span className="hidden-text">{t("Password of {name}", { name: network.name })}</span>
        <input
          ref={field}
          type={shown ? "text" : "password"}
          placeholder={t("Password")}
          autoComplete="off"
          spellCheck={false}
          maxLength={256}
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <button type="button" className="tool" aria-pressed={shown} title={t("Show the password")} aria-label={t("Show the password")} onClick={() => setShown(!shown)}>
          <Icon name="eye" />
        </button>
      </label>
      <div className="buttons">
        <button type="button" className="button" onClick={onCancel}>
          {t("Cancel")}
        </button>
        <button type="submit" className="button primary" disabled={!long}>
          {t("Connect")}
        </button>
      </div>
    </form>
  );
}

function aboutNetwork({ active, odd, security }: WifiNetwork, wifi: Wifi, joining: boolean): string {
  const parts = [];
  if (active && wifi.state === "connected") parts.push(t("Connected"));
  else if (active || joining) parts.push(t("Connecting…"));
  if (security === "open") parts.push(t("Not encrypted"));
  if (security === "wep") parts.push(t("Hardly encrypted"));
  if (security === "enterprise") parts.push(t("With a user name"));
  if (odd) parts.push(t("Its name has hidden characters"));
  return parts.join(" · ");
}

function CableRow({ cable, fail }: { cable: Cable; fail: (error: Error) => void }) {
  const connected = cable.state === "connected";
  const about = {
    connected: t("Connected"),
    connecting: t("Connecting…"),
    disconnected: t("Not connected"),
    unavailable: t("No cable"),
  }[cable.state];
  const toggle = () => {
    const asked = connected ? ask("quick.disconnect", { id: cable.id }) : ask("quick.connect", { id: cable.id });
    asked.catch(fail);
  };
  return (
    <Row
      icon={<Icon name="cable" />}
      name={t("Cable {name}", { name: cable.name })}
      about={about}
      active={connected}
      aside={<span className="row-end">{connected ? t("Disconnect") : cable.state === "disconnected" ? t("Connect") : ""}</span>}
      onPress={() => {
        if (cable.state !== "unavailable") toggle();
      }}
    />
  );
}

function wifiHint(wifi: Wifi): string {
  if (wifi.blocked) return t("A switch on this computer turns Wi-Fi off.");
  return wifi.on ? t("No network can be heard yet.") : t("Wi-Fi is off.");
}

export function NetworkPage({ network, fail, onBack }: { network: NetworkState; fail: (error: Error) => void; onBack: () => void }) {
  const { wifi, cables } = network;
  const [query, setQuery] = useState("");
  /** The network that is asked about, and the one that is being joined. */
  const [opened, setOpened] = useState("");
  const [tried, setTried] = useState("");
  const networks = useMemo(() => wifi?.networks ?? [], [wifi]);
  const { found, more } = useMemo(() => findNetworks(networks, query), [networks, query]);
  const heard = Boolean(wifi?.on);
  const protection = networks.find((each) => each.id === tried)?.security;
  const wrong = wifi?.wrong === true && (protection === "psk" || protection === "sae");

  useEffect(() => {
    if (heard) tell("quick.scan");
  }, [heard]);
  // The keyboard goes back to what it was asked about.
  const asked = useRef("");
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    const before = asked.current;
    asked.current = opened;
    if (opened === "" && before !== "" && document.activeElement === document.body)
      [...(list.current?.querySelectorAll<HTMLElement>(".row-main") ?? [])].find((row) => row.dataset["row"] === before)?.focus();
  }, [opened]);
  // What did not take the password is asked about again.
  if (wrong && opened !== tried) setOpened(tried);

  const join = (id: string, password?: string) => {
    setOpened("");
    setTried("");
    ask<{ password?: boolean } | null>("quick.connect", password === undefined ? { id } : { id, password })
      .then((answer) => (answer?.password ? setOpened(id) : setTried(id)))
      .catch(fail);
  };
  const press = (each: WifiNetwork) => {
    if (opened === each.id) setOpened("");
    else if (each.active) setOpened(each.id);
    else join(each.id);
  };
  return (
    <Subpage
      title={t("Network")}
      onBack={onBack}
      aside={
        wifi ? (
          <Switch
            on={wifi.on}
            label={t("Wi-Fi")}
            disabled={wifi.blocked}
            onChange={(on) => void ask("quick.wifi", { on }).catch(fail)}
          />
        ) : null
      }
    >
      <div onKeyDown={moveAmongRows}>
        {networks.length > manyNetworks ? (
          <label className="field-row quick-search">
            <Icon name="search" />
            <span className="hidden-text">{t("Find a network")}</span>
            <input type="text" spellCheck={false} autoComplete="off" placeholder={t("Find a network")} value={query} onChange={(event) => setQuery(event.target.value)} />
          </label>
        ) : null}
        <ul ref={list} className="rows" aria-label={t("Networks")}>
          {cables.map((cable) => (
            <CableRow key={cable.id} cable={cable} fail={fail} />
          ))}
          {found.map((each) => (
            <Row
              key={each.id}
              id={each.id}
              icon={<WifiIcon strength={each.strength} />}
              name={each.name}
              about={wifi ? aboutNetwork(each, wifi, tried === each.id && wifi.state === "connecting") : ""}
              active={each.active}
              expanded={opened === each.id}
              aside={each.security === "open" ? null : <Icon name="lock" className="row-lock" />}
              onPress={() => press(each)}
            >
              {opened === each.id && each.active && wifi ? (
                <div className="join">
                  <button
                    type="button"
                    className="button"
                    onClick={() => {
                      setOpened("");
                      ask("quick.disconnect", { id: wifi.id }).catch(fail);
                    }}
                  >
                    {t("Disconnect")}
                  </button>
                </div>
              ) : null}
              {opened === each.id && !each.active ? (
                <PasswordForm
                  network={each}
                  wrong={wrong}
                  onJoin={(password) => join(each.id, password)}
                  onCancel={() => {
                    setOpened("");
                    setTried("");
                  }}
                />
              ) : null}
            </Row>
          ))}
        </ul>
        {wifi && networks.length === 0 ? <div className="quick-hint">{wifiHint(wifi)}</div> : null}
        {networks.length > 0 && found.length === 0 ? <div className="quick-hint">{t("No network is called so.")}</div> : null}
        {more > 0 ? <div className="quick-hint" role="status">{tn("{n} more network", "{n} more networks", more)}</div> : null}
      </div>
    </Subpage>
  );
}

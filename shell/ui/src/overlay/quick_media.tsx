// SPDX-License-Identifier: GPL-3.0-or-later
// What plays, and the buttons of players. Neither they nor the bar of time turn round where text runs from the right.
import "./quick_media.css";
import { useEffect, useRef, useState, type CSSProperties, type KeyboardEvent } from "react";
import { formatPlace } from "../lib/format";
import { ask } from "../lib/host";
import { t } from "../lib/i18n";
import { Icon, type IconName } from "../lib/icons";
import { aboutTrack, placeAfter, shownPlayers, type Player } from "../lib/media";

type Fail = (error: Error) => void;

/** How long the bar shows what the hand said, ms; and after how long the player hears of it. */
const handTime = 1200;
const settleTime = 120;
/** Seconds that an arrow key goes. */
const keyStep = 5;

function Art({ player }: { player: Player }) {
  const [missing, setMissing] = useState<readonly string[]>([]);
  const sources = [
    player.picture > 0 ? `picture/${player.picture}` : "",
    player.entry ? `icon/${encodeURIComponent(`${player.entry}.desktop`)}?size=48` : "",
  ];
  const source = sources.find((each) => each && !missing.includes(each));
  if (source === undefined || source === "")
    return (
      <span className="player-art plain" aria-hidden="true">
        <Icon name="music" />
      </span>
    );
  return <img className="player-art" src={source} alt="" draggable={false} onError={() => setMissing((before) => [...before, source])} />;
}

/** Where it is by now. */
function usePlace(player: Player): number {
  const [passed, setPassed] = useState({ player, seconds: 0 });
  useEffect(() => {
    if (player.state !== "playing" || player.length <= 0) return;
    const begin = performance.now();
    const timer = setInterval(() => setPassed({ player, seconds: (performance.now() - begin) / 1000 }), 1000);
    return () => clearInterval(timer);
  }, [player]);
  return placeAfter(player, passed.player === player ? passed.seconds : 0);
}

function Time({ player, fail }: { player: Player; fail: Fail }) {
  const place = usePlace(player);
  const [held, setHeld] = useState<number | null>(null);
  const sending = useRef<ReturnType<typeof setTimeout>>(undefined);
  const letting = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(
    () => () => {
      clearTimeout(sending.current);
      clearTimeout(letting.current);
    },
    [],
  );
  const most = Math.floor(player.length);
  const shown = Math.min(Math.floor(held ?? place), most);
  const seek = (to: number) => {
    const position = Math.min(Math.max(to, 0), most);
    setHeld(position);
    clearTimeout(sending.current);
    clearTimeout(letting.current);
    sending.current = setTimeout(() => void ask("media.seek", { id: player.id, position }).catch(fail), settleTime);
    letting.current = setTimeout(() => setHeld(null), handTime);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowRight: keyStep, ArrowUp: keyStep, ArrowLeft: -keyStep, ArrowDown: -keyStep }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    seek(shown + step);
  };
  return (
    <div className="player-time" dir="ltr">
      <span className="number">{formatPlace(shown)}</span>
      <span className="slider">
        <input
          type="range"
          min={0}
          max={most}
          step={1}
          value={shown}
          disabled={!player.can.seek}
          aria-label={t("Place in the track")}
          aria-valuetext={t("{place} of {length}", { place: formatPlace(shown), length: formatPlace(most) })}
          style={{ "--fill": `${most > 0 ? (100 * shown) / most : 0}%` } as CSSProperties}
          onKeyDown={onKeyDown}
          onChange={(event) => seek(Number(event.target.value))}
        />
      </span>
      <span className="number">{formatPlace(most)}</span>
    </div>
  );
}

function Press({ player, action, icon, label, can, fail }: { player: Player; action: string; icon: IconName; label: string; can: boolean; fail: Fail }) {
  return (
    <button
      type="button"
      className="tool round"
      title={label}
      aria-label={label}
      disabled={!can}
      onClick={() => void ask("media.do", { id: player.id, action }).catch(fail)}
    >
      <Icon name={icon} />
    </button>
  );
}

function Words({ player, fail }: { player: Player; fail: Fail }) {
  const title = player.title || player.name;
  const about = player.title ? aboutTrack(player) : "";
  const words = (
    <>
      <span className="player-title" dir="auto">
        {title}
      </span>
      {about ? (
        <span className="player-about" dir="auto">
          {about}
        </span>
      ) : null}
    </>
  );
  if (!player.can.raise) return <span className="player-words">{words}</span>;
  const raise = () =>
    void ask("media.do", { id: player.id, action: "raise" })
      .then(() => ask("overlay.close"))
      .catch(fail);
  return (
    <button type="button" className="player-words" title={t("Show {name}", { name: player.name })} onClick={raise}>
      {words}
    </button>
  );
}

function PlayerCard({ player, first, fail }: { player: Player; first: boolean; fail: Fail }) {
  const plays = player.state === "playing";
  return (
    <section className="player" role="group" aria-label={player.name}>
      <div className="player-head">
        <Art key={player.picture} player={player} />
        <Words player={player} fail={fail} />
        <span className="player-buttons" dir="ltr">
          {first ? <Press player={player} action="previous" icon="skip-back" label={t("Previous track")} can={player.can.previous} fail={fail} /> : null}
          <Press player={player} action="play-pause" icon={plays ? "pause" : "play"} label={plays ? t("Pause") : t("Play")} can={player.can.toggle} fail={fail} />
          {first ? <Press player={player} action="next" icon="skip-forward" label={t("Next track")} can={player.can.next} fail={fail} /> : null}
        </span>
      </div>
      {first && player.length > 0 ? <Time player={player} fail={fail} /> : null}
    </section>
  );
}

/** The first is the one that media keys are meant for. */
export function Players({ players, fail }: { players: readonly Player[]; fail: Fail }) {
  const shown = shownPlayers(players);
  if (shown.length === 0) return null;
  return (
    <div className="players">
      {shown.map((player, index) => (
        <PlayerCard key={player.id} player={player} first={index === 0} fail={fail} />
      ))}
    </div>
  );
}

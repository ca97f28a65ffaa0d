// SPDX-License-Identifier: GPL-3.0-or-later
// The question whether an application may do something. What is safe has the keyboard first; the buttons are dead until the
// question has been there for a while: a key or a click that was meant for something else answers nothing.
import "./prompt.css";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { ask } from "../lib/host";
import { t, tn } from "../lib/i18n";
import { Icon } from "../lib/icons";
import { useHost } from "../lib/page";
import { escapes, isForGood, isForOneTime, nameOf, wordsOf, type PromptState } from "../lib/permissions";
import { useSeen } from "../lib/seen";

type Answer = "once" | "always" | "deny";

function AppIcon({ desktop }: { desktop: string }) {
  const [failed, setFailed] = useState(false);
  if (!desktop || failed)
    return (
      <span className="prompt-icon plain" aria-hidden="true">
        <Icon name="service" />
      </span>
    );
  return (
    <img
      className="prompt-icon"
      src={`icon/${encodeURIComponent(desktop)}?size=48`}
      alt=""
      draggable={false}
      onError={() => setFailed(true)}
    />
  );
}

/** Moves the focus among the buttons. */
function onArrow(event: KeyboardEvent): void {
  const forward = document.documentElement.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
  const back = forward === "ArrowRight" ? "ArrowLeft" : "ArrowRight";
  const step = event.key === forward ? 1 : event.key === back ? -1 : 0;
  const tab = event.key === "Tab" ? (event.shiftKey ? -1 : 1) : 0;
  if (step + tab === 0) return;
  const buttons = [...document.querySelectorAll("button")];
  const at = buttons.findIndex((button) => button === document.activeElement);
  buttons[(at + step + tab + buttons.length) % buttons.length]?.focus();
  event.preventDefault();
}

function hintOf(capability: string): string {
  if (isForGood(capability)) return t("It is not asked again. Settings › Privacy & permissions revokes it.");
  if (isForOneTime(capability)) return t("“Once” is this one time. “Always” can be revoked in Settings › Privacy & permissions.");
  return t("“Once” is until it ends. “Always” can be revoked in Settings › Privacy & permissions.");
}

function Question({ prompt }: { prompt: PromptState }) {
  const { card, live } = useSeen("prompt", prompt.id, prompt.deadTime);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState("");
  const deny = useRef<HTMLButtonElement>(null);
  const [begun] = useState(() => performance.now());
  useEffect(() => deny.current?.focus(), []);

  const answer = (word: Answer) => {
    if (busy) return;
    setBusy(true);
    setFailure("");
    ask("prompt.answer", { id: prompt.id, answer: word }).catch((error: Error) => {
      setFailure(error.message);
      setBusy(false);
    });
  };
  // Wherever the focus is: none is lost while one question takes the place of another.
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    // Of what is held down for something else.
    if (event.repeat && event.key !== "Tab" && !event.key.startsWith("Arrow")) event.preventDefault();
    else if (event.key === "Escape") {
      event.preventDefault();
      // One for the question before this is none for this. A page that does not get to draw can be left all the same.
      if (performance.now() - begun >= prompt.deadTime) answer("deny");
    } else onArrow(event);
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKey(event);
    document.addEventListener("keydown", listener);
    return () => document.removeEventListener("keydown", listener);
  }, []);
  // Those that allow, in the host as well: see shell/permit/prompter.h. Not "disabled", which has no keyboard.
  const button = (word: Answer, label: string) => (
    <button
      ref={word === "deny" ? deny : undefined}
      type="button"
      className="button"
      aria-disabled={busy || !live}
      onClick={() => live && answer(word)}
    >
      {label}
    </button>
  );
  return (
    <div
      ref={card}
      className="ask"
      role="alertdialog"
      aria-modal="true"
      aria-labelledby="prompt-title"
      aria-describedby="prompt-words"
    >
      <div className="prompt-head">
        <AppIcon desktop={prompt.desktop} />
        <div className="prompt-names">
          <h1 id="prompt-title">
            {t("Allow {name} to do this?").split("{name}")[0]}
            <bdi>{nameOf(prompt.name, prompt.app)}</bdi>
            {t("Allow {name} to do this?").split("{name}")[1]}
          </h1>
          <div className="prompt-id">
            <bdi>{prompt.app}</bdi>
          </div>
        </div>
      </div>
      <div id="prompt-words">
        <p className="prompt-wish">
          {t("It wants to:")} <strong>{wordsOf(prompt.capability)}</strong>
        </p>
        {escapes(prompt.capability) ? (
          <p className="prompt-warning">
            <Icon name="warning" />
            <span>{t("With this its sandbox keeps it from nothing: it can do all that you can.")}</span>
          </p>
        ) : null}
        <p className="prompt-more">
          {hintOf(prompt.capability)}
        </p>
      </div>
      {failure ? (
        <p className="prompt-failure" role="alert">
          {failure}
        </p>
      ) : null}
      <div className={live ? "prompt-buttons" : "prompt-buttons dead"}>
        {button("deny", t("Deny"))}
        {isForGood(prompt.capability) ? null : button("once", t("Allow once"))}
        {button("always", isForGood(prompt.capability) ? t("Allow") : t("Always allow"))}
      </div>
      {prompt.waiting > 0 ? (
        <p className="prompt-waiting" role="status">
          {tn("{n} more question", "{n} more questions", prompt.waiting)}
        </p>
      ) : null}
    </div>
  );
}

export function Prompt() {
  const { prompt } = useHost();
  return prompt ? <Question key={prompt.id} prompt={prompt} /> : null;
}

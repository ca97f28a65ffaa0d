// SPDX-License-Identifier: GPL-3.0-or-later
// The welcome: a page at a time, each of which can be left as it is.
import "./welcome.css";
import { useCallback, useEffect, useRef, useState } from "react";
import { tell } from "../../lib/host";
import { t } from "../../lib/i18n";
import { Icon } from "../../lib/icons";
import { useHost } from "../../lib/page";
import { Hello } from "./hello";
import { Keyboard } from "./keyboard";
import { Keys } from "./keys";
import { Look } from "./look";
import { MeshStep } from "./mesh";
import { icons, keyOf, stepAt, steps, titleOf, type StepName } from "./steps";

const views = { hello: Hello, look: Look, keyboard: Keyboard, mesh: MeshStep, keys: Keys };

export function Window() {
  const { closing } = useHost();
  const [step, setStep] = useState<StepName>("hello");
  const [fault, setFault] = useState("");
  const next = useRef<HTMLButtonElement>(null);
  const body = useRef<HTMLElement>(null);
  const last = step === steps[steps.length - 1];
  const go = useCallback((to: StepName) => {
    setStep(to);
    setFault("");
    body.current?.scrollTo(0, 0);
    next.current?.focus();
  }, []);
  useEffect(() => next.current?.focus(), []);
  useEffect(() => {
    if (closing) tell("window.close");
  }, [closing]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const what = keyOf(event);
      if (!what || event.defaultPrevented || document.querySelector(".veil")) return;
      event.preventDefault();
      if (what === "close") tell("window.close");
      else go(stepAt(step, what));
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [step, go]);
  const View = views[step];
  return (
    <main className="window welcome">
      <section ref={body} className="step" aria-labelledby="title" aria-live="polite">
        <span className="emblem" aria-hidden="true">
          <Icon name={icons[step]} />
        </span>
        <h1 id="title">{titleOf(step)}</h1>
        <View fault={setFault} />
        {fault ? <p className="fault copyable-text" role="alert">{fault}</p> : null}
      </section>
      <footer>
        <button type="button" className="push" onClick={() => tell("window.close")}>{last ? t("Close") : t("Skip all")}</button>
        <ol className="dots" aria-label={t("Page {n} of {most}", { n: steps.indexOf(step) + 1, most: steps.length })}>
          {steps.map((name) => (
            <li key={name} aria-current={name === step ? "step" : undefined} />
          ))}
        </ol>
        <button type="button" className="push" disabled={step === "hello"} onClick={() => go(stepAt(step, -1))}>{t("Back")}</button>
        <button type="button" ref={next} className="push primary" onClick={() => (last ? tell("window.close") : go(stepAt(step, 1)))}>
          {last ? t("Begin") : t("Next")}
        </button>
      </footer>
    </main>
  );
}

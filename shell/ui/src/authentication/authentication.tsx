// SPDX-License-Identifier: GPL-3.0-or-later
// The question for an administrator's password. Who asks is shown as the kernel knows it, beside the words of the action. The
// field keeps what is typed to itself: no state of the page has it.
import "../prompt/prompt.css";
import "./authentication.css";
import { useEffect, useEffectEvent, useLayoutEffect, useRef, useState, type FormEvent } from "react";
import { isPlainPrompt, nameOf, type AuthenticationState } from "../lib/authentication";
import { ask } from "../lib/host";
import { t, tn } from "../lib/i18n";
import { Icon } from "../lib/icons";
import { useHost } from "../lib/page";
import { useSeen } from "../lib/seen";

/** bytes that PAM takes */
const answerMost = 511;

function Asker({ asked }: { asked: AuthenticationState }) {
  const { program, command, app, pid } = asked;
  if (!program && !pid) return <p className="prompt-more">{t("Which program asks is not known.")}</p>;
  // What a sandbox says of itself comes beside what the kernel says, never in its place.
  const name = nameOf(program) || t("A program that has ended");
  return (
    <div className="asker">
      <p>
        {t("Asked by {name}").split("{name}")[0]}
        <strong>
          <bdi>{name}</bdi>
        </strong>
        {t("Asked by {name}").split("{name}")[1]}
      </p>
      <p className="prompt-id" title={command}>
        {app ? <bdi dir="ltr">{`${app} · `}</bdi> : null}
        <bdi dir="ltr">{program}</bdi>
        {pid ? <span className="asker-pid"> · {t("process {n}", { n: pid })}</span> : null}
      </p>
    </div>
  );
}

interface PersonProperties {
  asked: AuthenticationState;
  onChoose: (person: number) => void;
}

function Person({ asked: { people, person, phase }, onChoose }: PersonProperties) {
  const label = (name: string, account: string) => (name === account ? name : `${name} (${account})`);
  const [only] = people;
  if (people.length < 2)
    return only ? (
      <p className="person">
        <Icon name="person" />
        <bdi>{label(only.name, only.account)}</bdi>
      </p>
    ) : null;
  return (
    <label className="person">
      <Icon name="person" />
      <span className="hidden-text">{t("Whose password")}</span>
      <select value={person} disabled={phase === "checking"} onChange={(event) => onChoose(Number(event.target.value))}>
        {people.map(({ account, name }, at) => (
          <option key={account} value={at}>
            {label(name, account)}
          </option>
        ))}
      </select>
    </label>
  );
}

function Words({ asked: { phase, info, error, wrong }, failure }: { asked: AuthenticationState; failure: string }) {
  const bad = failure || error || (phase === "failed" ? t("It could not be checked.") : wrong > 0 && phase !== "checking" ? t("That was not right. Try again.") : "");
  return (
    <>
      {bad ? (
        <p className="prompt-failure" role="alert" dir="auto">
          {bad}
        </p>
      ) : null}
      {info ? (
        <p className="said" role="status" dir="auto">
          {info}
        </p>
      ) : null}
    </>
  );
}

function Question({ asked }: { asked: AuthenticationState }) {
  const { id, deadTime, phase, wrong, shown, prompt, person } = asked;
  const { card, live } = useSeen("authentication", id, deadTime);
  const field = useRef<HTMLInputElement>(null);
  const [peek, setPeek] = useState(false);
  const [failure, setFailure] = useState("");
  const [begun] = useState(() => performance.now());
  const plain = isPlainPrompt(prompt);
  const label = plain ? t("Password") : prompt;

  useEffect(() => field.current?.focus(), []);
  // Another try, another person, or a question whose answer is shown: what was typed for the one before is not for this.
  useLayoutEffect(() => {
    if (field.current) field.current.value = "";
    field.current?.focus();
  }, [wrong, person, shown]);

  const tell = (command: string, args: object) => {
    setFailure("");
    ask(command, { id, ...args }).catch((error: Error) => setFailure(error.message));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (phase === "failed") {
      tell("authentication.choose", { person });
      return;
    }
    const text = field.current?.value ?? "";
    if (!live || phase !== "asked" || !text) return;
    if (new TextEncoder().encode(text).length > answerMost) {
      setFailure(t("That is longer than a password can be."));
      return;
    }
    if (field.current) field.current.value = "";
    tell("authentication.answer", { text });
  };
  const cancel = () => tell("authentication.cancel", {});
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    // Of what is held down for something else, or was meant for it.
    if (!event.repeat && performance.now() - begun >= deadTime) cancel();
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKey(event);
    document.addEventListener("keydown", listener);
    return () => document.removeEventListener("keydown", listener);
  }, []);

  return (
    <div ref={card} className="ask authentication" role="alertdialog" aria-modal="true" aria-labelledby="title" aria-describedby="words">
      <div className="prompt-head">
        <span className="prompt-icon plain" aria-hidden="true">
          <Icon name="lock" />
        </span>
        <div className="prompt-names">
          <h1 id="title">{t("A password is needed")}</h1>
          <div className="prompt-id">
            <bdi>{asked.action}</bdi>
          </div>
        </div>
      </div>
      <div id="words">
        {asked.message ? (
          <p className="prompt-wish" dir="auto">
            {asked.message}
          </p>
        ) : null}
        <Asker asked={asked} />
      </div>
      <form onSubmit={submit}>
        <Person asked={asked} onChoose={(at) => tell("authentication.choose", { person: at })} />
        <label className="secret">
          <span className={plain ? "hidden-text" : "secret-label"} dir="auto">
            {label}
          </span>
          <span className="secret-field">
            <input
              ref={field}
              type={shown || peek ? "text" : "password"}
              placeholder={plain ? label : ""}
              autoComplete="off"
              autoCorrect="off"
              autoCapitalize="off"
              spellCheck={false}
              maxLength={answerMost}
              readOnly={phase === "failed"}
              aria-invalid={wrong > 0}
            />
            {shown ? null : (
              <button type="button" className="tool" aria-pressed={peek} title={t("Show the password")} aria-label={t("Show the password")} onClick={() => setPeek(!peek)}>
                <Icon name="eye" />
              </button>
            )}
          </span>
        </label>
        <Words asked={asked} failure={failure} />
        <div className={live ? "prompt-buttons" : "prompt-buttons dead"}>
          <button type="button" className="button" onClick={cancel}>
            {t("Cancel")}
          </button>
          <button type="submit" className="button primary" aria-disabled={!live || (phase !== "asked" && phase !== "failed")}>
            {phase === "checking" ? t("Checking…") : phase === "failed" ? t("Try again") : t("Allow")}
          </button>
        </div>
      </form>
      {asked.waiting > 0 ? (
        <p className="prompt-waiting" role="status">
          {tn("{n} more question", "{n} more questions", asked.waiting)}
        </p>
      ) : null}
    </div>
  );
}

export function Authentication() {
  const { authentication } = useHost();
  return authentication ? <Question key={authentication.id} asked={authentication} /> : null;
}

// SPDX-License-Identifier: GPL-3.0-or-later
// Who has an account here, one's own, and what happens at the next log-in.
import "./mesh.css";
import { useCallback, useEffect, useState, type FormEvent } from "react";
import { Dialog } from "../../lib/dialog";
import { ask } from "../../lib/host";
import { t } from "../../lib/i18n";
import { cleanLine } from "../../lib/strange";
import { message } from "./deeds";
import { Choice, Row, Section, Text, Waiting } from "./rows";
import { useSession } from "./session";
import type { PageProperties } from "./window";

interface User {
  name: string;
  login: string;
  own: boolean;
  administrator: boolean;
  picture: number;
}

interface Users {
  service: boolean;
  password: boolean;
  users: User[];
}

const shownMost = 100;

function Face({ user, large = false }: { user: User; large?: boolean }) {
  const name = large ? "face large" : "face";
  if (user.picture > 0) return <img className={name} src={`picture/${user.picture}`} alt="" draggable={false} />;
  return (
    <span className={name} aria-hidden="true">
      {[...cleanLine(user.name, 8)][0]?.toLocaleUpperCase() ?? "?"}
    </span>
  );
}

function Password({ note, onClose }: { note: (sentence: string) => void; onClose: () => void }) {
  const [old, setOld] = useState("");
  const [wanted, setWanted] = useState("");
  const [again, setAgain] = useState("");
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState("");
  const run = () => {
    if (busy) return;
    if (!wanted || wanted !== again) {
      setFault(wanted ? t("The two new passwords are not the same.") : t("Type the new password, twice."));
      return;
    }
    setBusy(true);
    setFault("");
    ask("users.password", old ? { old, new: wanted } : { new: wanted })
      .then(() => {
        note(t("Your password is another one now."));
        onClose();
      })
      .catch((error: unknown) => {
        setFault(message(error));
        setBusy(false);
      });
  };
  const field = (label: string, value: string, set: (text: string) => void, complete: string) => (
    <label>
      <span>{label}</span>
      <input className="field" type="password" dir="ltr" autoComplete={complete} maxLength={500} value={value} onChange={(event) => set(event.target.value)} />
    </label>
  );
  return (
    <Dialog title={t("Change your password")} choices={[{ label: t("Change"), run }]} onCancel={onClose}>
      <form
        className="form"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          run();
        }}
      >
        {field(t("Present password"), old, setOld, "current-password")}
        {field(t("New password"), wanted, setWanted, "new-password")}
        {field(t("New password again"), again, setAgain, "new-password")}
        <button type="submit" hidden />
      </form>
      {busy ? <p className="hint" role="status">{t("Asking the system…")}</p> : null}
      {fault ? <p className="fault copyable-text" role="alert">{fault}</p> : null}
    </Dialog>
  );
}

function Own({ user, all, note, deeds }: { user: User; all: Users } & Pick<PageProperties, "note" | "deeds">) {
  const [asks, setAsks] = useState(false);
  return (
    <Section title={t("You")}>
      <div className="person">
        <Face user={user} large />
        <span className="words">
          <bdi>{cleanLine(user.name, shownMost)}</bdi>
          <span className="hint">
            <bdi dir="ltr">{cleanLine(user.login, shownMost)}</bdi>
            {user.administrator ? ` · ${t("administrator")}` : ""}
          </span>
        </span>
        {all.service ? (
          <>
            <button type="button" className="push" onClick={() => void deeds.picture(t("Your picture"), false)}>{t("Picture…")}</button>
            {user.picture > 0 ? <button type="button" className="push" aria-label={t("Remove your picture")} onClick={() => void deeds.picture(t("Your picture removed"), true)}>{t("Remove")}</button> : null}
          </>
        ) : null}
      </div>
      {all.service ? <Text label={t("Name")} hint={t("As it is shown at log-in.")} most={100} wide value={user.name} onChange={(name) => deeds.name(t("Name: {name}", { name }), name)} /> : <p className="hint">{t("Name and picture cannot be changed here: the service AccountsService is not installed.")}</p>}
      {all.password ? (
        <Row label={t("Password")} hint={t("Of this account, on this machine.")}>
          <button type="button" className="push" onClick={() => setAsks(true)}>{t("Change…")}</button>
        </Row>
      ) : null}
      {asks ? <Password note={note} onClose={() => setAsks(false)} /> : null}
    </Section>
  );
}

function LogIn({ deeds, done }: Pick<PageProperties, "deeds" | "done">) {
  const { session } = useSession(done);
  if (session?.when === undefined) return null;
  const options = [
    { value: "never", label: t("Never") },
    { value: "crash", label: t("After a crash") },
    { value: "always", label: t("Always") },
  ];
  return (
    <Section title={t("At the next log-in")}>
      <Choice
        label={t("Open again what was open")}
        hint={t("Programs are started again, and their windows go where they were. Private windows are left out.")}
        value={session.when}
        options={options}
        onChange={(when) => deeds.when(t("Open again what was open: {value}", { value: options.find(({ value }) => value === when)?.label ?? when }), when)}
      />
    </Section>
  );
}

export function UsersPage({ deeds, done, note }: PageProperties) {
  const [all, setAll] = useState<Users | null>(null);
  const [fault, setFault] = useState("");
  const look = useCallback(() => {
    ask<Users>("users.read").then(
      (found) => {
        setAll(found);
        setFault("");
      },
      (error: unknown) => setFault(message(error)),
    );
  }, []);
  useEffect(look, [look, done]);
  const own = all?.users.find((user) => user.own);
  const others = all?.users.filter((user) => !user.own) ?? [];
  return (
    <>
      {fault ? <p className="absent copyable-text" role="alert">{fault}</p> : null}
      {all || fault ? null : <Waiting />}
      {all && own ? <Own user={own} all={all} note={note} deeds={deeds} /> : null}
      <LogIn deeds={deeds} done={done} />
      {others.length > 0 ? (
        <Section title={t("Others with an account here")}>
          <ul className="plain">
            {others.map((user) => (
              <li key={user.login}>
                <Face user={user} />
                <span className="who">
                  <bdi>{cleanLine(user.name, shownMost)}</bdi> <bdi className="hint" dir="ltr">{cleanLine(user.login, shownMost)}</bdi>
                </span>
                {user.administrator ? <span className="badge">{t("administrator")}</span> : null}
              </li>
            ))}
          </ul>
        </Section>
      ) : null}
    </>
  );
}

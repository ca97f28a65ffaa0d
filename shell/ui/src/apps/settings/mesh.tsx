// SPDX-License-Identifier: GPL-3.0-or-later
// The mesh: who is in it, who comes in, what this node shares there, what it may cost.
import "./mesh.css";
import { useCallback, useEffect, useState, type ReactNode } from "react";
import { Dialog } from "../../lib/dialog";
import { formatDuration } from "../../lib/format";
import { ask } from "../../lib/host";
import { t, tn } from "../../lib/i18n";
import { useHost } from "../../lib/page";
import { Copyable } from "../node-manager/copyable";
import { Invitation, Joining } from "../node-manager/membership";
import { clean, shortId, standingText } from "../node-manager/text";
import { message, type Deeds } from "./deeds";
import { circuitsOf, membersOf, readMesh, savingOf, type Member, type MeshState, type Saving } from "./meshes";
import { Choice, Row, Section, Waiting } from "./rows";
import type { PageProperties } from "./window";

function reachText(reachability: string): string {
  const texts: Record<string, string> = {
    reachable: t("Others reach this node directly."),
    unreachable: t("A router keeps others out: they come through a relay."),
    "no-address": t("This node has no public address: others come through a relay."),
  };
  return texts[reachability] ?? t("It is not known yet whether others reach this node.");
}

function Node({ state, name }: { state: MeshState; name: string }) {
  const circuits = circuitsOf(state.status.addresses);
  return (
    <Section title={t("This node")}>
      <Row label={t("Name")} hint={t("What this machine calls itself, and others see.")}>
        <bdi>{name || t("unknown")}</bdi>
      </Row>
      <Row label={t("Id")} hint={reachText(state.status.reachability)}>
        <Copyable text={state.status.id} label={t("Copy the id")} />
      </Row>
      <Row label={t("Relays")} hint={t("Which relays it may use, and for whom it is one, says node.ini; see inos-node(1).")}>
        {circuits.length === 0 ? <span className="hint">{t("None is used.")}</span> : (
          <ul className="plain">
            {circuits.map((relay) => (
              <li key={relay}>
                <code dir="ltr" title={clean(relay)}>{shortId(relay)}</code>
              </li>
            ))}
          </ul>
        )}
      </Row>
    </Section>
  );
}

interface PartProperties {
  state: MeshState;
  look: () => void;
  note: (sentence: string) => void;
}

type Asked = { about: "invite" | "join" | "leave" } | { about: "revoke"; member: Member } | null;

function Question({ asked, state, look, note, onClose }: PartProperties & { asked: Asked; onClose: () => void }) {
  const done = () => {
    onClose();
    look();
  };
  const run = (deed: Promise<unknown>, sentence: string) => {
    onClose();
    deed.then(
      () => {
        look();
        note(sentence);
      },
      (error: unknown) => note(message(error)),
    );
  };
  const desk = { note, ask: () => undefined, answered: () => undefined, query: "" };
  switch (asked?.about) {
    case "invite":
      return <Invitation founds={!state.mesh} onClose={done} />;
    case "join":
      return <Joining desk={desk} onClose={done} />;
    case "leave":
      return (
        <Dialog title={t("Leave the mesh?")} onCancel={onClose} choices={[{ label: t("Leave"), destructive: true, run: () => run(ask("peer.leave"), t("This node has left the mesh.")) }]}>
          <p>{t("This node is a member no more, and its invitations do not count. To come back it has to be invited.")}</p>
        </Dialog>
      );
    case "revoke": {
      const name = asked.member.name || shortId(asked.member.id);
      return (
        <Dialog title={t("Put {name} out?", { name })} onCancel={onClose} choices={[{ label: t("Put out"), destructive: true, run: () => run(ask("peer.revoke", { peer: asked.member.id }), t("{name} is a member no more.", { name })) }]}>
          <p>{t("That holds for ever, for everybody in the mesh, and cannot be taken back.")}</p>
        </Dialog>
      );
    }
    default:
      return null;
  }
}

function Members({ state, look, note }: PartProperties) {
  const [asked, setAsked] = useState<Asked>(null);
  const members = membersOf(state);
  const isMember = state.standing === "member";
  const decide = (id: string, name: string, accept: boolean) => {
    ask("peer.decide", { peer: id, accept }).then(
      () => {
        look();
        note(accept ? t("{name} is a member now.", { name }) : t("{name} was refused.", { name }));
      },
      (error: unknown) => note(message(error)),
    );
  };
  return (
    <Section title={t("Members")}>
      {isMember ? null : <p className="hint">{t("This node is in no mesh with members. An invitation begins one; with the code of an invitation you join another’s.")}</p>}
      <ul className="plain">
        {state.requests.filter(({ waits }) => waits).map(({ id, name, age }) => {
          const shown = clean(name) || shortId(id);
          return (
            <li key={`asks ${id}`} className="asks">
              <span>
                <bdi>{shown}</bdi> <span className="hint">{t("asks to come in, for {time}", { time: formatDuration(age / 1000) })}</span>
              </span>
              <button type="button" className="push primary" aria-label={t("Accept {name}", { name: shown })} onClick={() => decide(id, shown, true)}>{t("Accept")}</button>
              <button type="button" className="push" aria-label={t("Refuse {name}", { name: shown })} onClick={() => decide(id, shown, false)}>{t("Refuse")}</button>
            </li>
          );
        })}
        {members.map((member) => (
          <li key={member.id}>
            <span>
              <bdi>{member.name || shortId(member.id)}</bdi> <code className="hint" dir="ltr" title={member.id}>{shortId(member.id)}</code>
            </span>
            {member.self ? <span className="badge">{t("this node")}</span> : null}
            {member.rank === 0 ? <span className="badge">{t("founder")}</span> : null}
            {member.standing === "member" ? null : <span className="hint">{standingText(member.standing)}</span>}
            {member.mayRevoke ? (
              <button type="button" className="push" aria-label={t("Put {name} out", { name: member.name || shortId(member.id) })} onClick={() => setAsked({ about: "revoke", member })}>
                {t("Put out…")}
              </button>
            ) : null}
          </li>
        ))}
      </ul>
      <div className="buttons">
        <button type="button" className="push" onClick={() => setAsked({ about: "invite" })}>{t("Invite…")}</button>
        <button type="button" className="push" onClick={() => setAsked({ about: "join" })}>{t("Join or connect…")}</button>
        {isMember ? <button type="button" className="push" onClick={() => setAsked({ about: "leave" })}>{t("Leave…")}</button> : null}
      </div>
      <Question asked={asked} state={state} look={look} note={note} onClose={() => setAsked(null)} />
    </Section>
  );
}

function whoText(who: readonly string[]): string {
  if (who.length === 0) return t("nobody");
  return who.map((each) => (each === "public" ? t("everybody") : each === "members" ? t("members") : shortId(each))).join(", ");
}

function Shared({ state, look, note }: PartProperties) {
  const { offers, states, access } = state;
  const withdraw = (name: string) => {
    ask("service.withdraw", { service: name }).then(
      () => {
        look();
        note(t("“{name}” is offered no more.", { name: clean(name) }));
      },
      (error: unknown) => note(message(error)),
    );
  };
  const row = (key: string, name: string, what: string, end?: ReactNode) => (
    <li key={key}>
      <span>
        <bdi>{clean(name)}</bdi> <span className="hint">{what}</span>
      </span>
      {end}
    </li>
  );
  const none = offers.length + states.length + access.length === 0;
  return (
    <Section title={t("Shared from here")}>
      {none ? <p className="hint">{t("Nothing yet. Services are offered with “inosctl mesh offer”, documents with “inosctl mesh state-set”.")}</p> : null}
      <ul className="plain">
        {offers.map(({ name, port }) =>
          row(`offer ${name}`, name, port ? t("service, at port {port}", { port }) : t("service"), (
            <button type="button" className="push" aria-label={t("Withdraw {name}", { name: clean(name) })} onClick={() => withdraw(name)}>{t("Withdraw")}</button>
          )),
        )}
        {states.map(({ name, entries, members }) =>
          row(`state ${name}`, name, `${tn("document with {n} entry", "document with {n} entries", entries)} · ${members.length ? whoText(members) : t("everybody")}`),
        )}
        {access.map(({ name, who }) => row(`actor ${name}`, name, t("part of this node, for {who}", { who: whoText(who) })))}
      </ul>
    </Section>
  );
}

function Costs({ saving, deeds }: { saving: Saving; deeds: Deeds }) {
  const options = [
    { value: "auto", label: t("As the system says") },
    { value: "yes", label: t("Always") },
    { value: "no", label: t("Never") },
  ];
  const row = (key: "metered" | "battery", label: string, hint: string) => (
    <Choice
      label={label}
      hint={hint}
      value={saving[key].set}
      options={options}
      onChange={(value) => deeds.saving(`${label}: ${options.find((option) => option.value === value)?.label ?? value}`, { metered: saving.metered.set, battery: saving.battery.set, [key]: value })}
    />
  );
  return (
    <Section title={t("What the mesh may cost")}>
      {row("metered", t("Save as on a metered network"), saving.metered.on ? t("Saves now: little is sent, and nobody else is served.") : t("Does not save now."))}
      {row("battery", t("Save as on battery"), saving.battery.on ? t("Saves now: others are asked less often, and not served.") : t("Does not save now."))}
      <p className="hint">{t("Until the node is started again; node.ini says what holds then.")}</p>
    </Section>
  );
}

export function Mesh({ deeds, done, note }: PageProperties) {
  const { meshNews } = useHost();
  const [state, setState] = useState<MeshState | null>(null);
  const [fault, setFault] = useState("");
  const look = useCallback(() => {
    readMesh().then(
      (found) => {
        setState(found);
        setFault("");
      },
      (error: unknown) => setFault(message(error)),
    );
  }, []);
  // Also after a change, and after one that was taken back.
  useEffect(look, [look, meshNews, done]);
  return (
    <>
      {fault ? <p className="absent copyable-text" role="alert">{fault}</p> : null}
      {state || fault ? null : <Waiting />}
      {state ? (
        <>
          <Node state={state} name={state.host} />
          <Members state={state} look={look} note={note} />
          <Shared state={state} look={look} note={note} />
          <Costs saving={savingOf(state.status)} deeds={deeds} />
        </>
      ) : null}
    </>
  );
}

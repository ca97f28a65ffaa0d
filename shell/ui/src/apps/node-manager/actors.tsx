// SPDX-License-Identifier: GPL-3.0-or-later
// The actors: the tree of who watches whom, letters that reached nobody, and who waits for whom.
import { useMemo, useState } from "react";
import { formatNumber, formatPercent, formatSpan } from "../../lib/format";
import { t, tn } from "../../lib/i18n";
import { ActorPanel } from "./actor_panel";
import { flatOf, labelOf, linesOf, type Actor, type Line, type Tree } from "./actor_tree";
import type { Desk } from "./desk";
import { Grid, type Column } from "./grid";
import { Letters } from "./letters";
import type { Settings } from "./settings";
import { clean, stateText } from "./text";
import { useActors } from "./use_actors";
import { useFarActors } from "./use_far_actors";
import { Waits } from "./waits";
import { where } from "./where";

export interface PageProperties {
  desk: Desk;
  settings: Settings;
  onSettings: (change: Partial<Settings>) => void;
}

function depthText({ depth, known }: Actor): string {
  if (known === 0) return "?";
  return known === 1 ? t("at least {n}", { n: formatNumber(depth) }) : formatNumber(depth);
}

export function actorColumns(): Column<Line>[] {
  const by = (figure: (actor: Actor) => number) => (a: Line, b: Line) => figure(b.actor) - figure(a.actor);
  return [
    {
      key: "name",
      label: t("Actor"),
      className: "wide",
      cell: ({ actor }) => (
        <span className={actor.supervisor ? "name strong" : "name"} dir="auto">
          {labelOf(actor)}
        </span>
      ),
      title: ({ actor }) => `${labelOf(actor)} · ${clean(actor.class)} · ${actor.id}`,
    },
    { key: "state", label: t("State"), cell: ({ actor }) => <span className={`state-${actor.state}`}>{stateText(actor.state)}</span> },
    { key: "depth", label: t("Mailbox"), className: "number", cell: ({ actor }) => depthText(actor), compare: by((actor) => actor.depth) },
    {
      key: "oldest",
      label: t("Waits"),
      className: "number third",
      cell: ({ actor }) => (actor.oldest > 0 ? formatSpan(actor.oldest) : "–"),
      title: () => t("How long the oldest message in its mailbox has waited"),
      compare: by((actor) => actor.oldest),
    },
    { key: "processed", label: t("Handled"), className: "number second", cell: ({ actor }) => formatNumber(actor.processed), compare: by((actor) => actor.processed) },
    { key: "rate", label: t("A second"), className: "number third", cell: ({ actor }) => formatNumber(actor.rate), compare: by((actor) => actor.rate) },
    {
      key: "share",
      label: t("Processor"),
      className: "number second",
      cell: ({ actor }) => formatPercent(actor.share * 100),
      title: () => t("Of one processor"),
      compare: by((actor) => actor.share),
    },
    {
      key: "restarts",
      label: t("Restarts"),
      className: "number",
      cell: ({ actor }) => <span className={actor.restarts > 0 ? "warn" : ""}>{formatNumber(actor.restarts)}</span>,
      compare: by((actor) => actor.restarts),
    },
  ];
}

interface TreeProperties extends PageProperties {
  tree: Tree;
  dropped: number;
  selected: string | null;
  onSelect: (id: string | null) => void;
}

function TreeView({ tree, dropped, desk, settings, onSettings, selected, onSelect }: TreeProperties) {
  const columns = useMemo(() => actorColumns(), []);
  const { actorSort: sort } = settings;
  const folded = useMemo(() => new Set(settings.folded), [settings.folded]);
  const [open, setOpen] = useState(false);
  const lines = useMemo(() => {
    const compare = sort && columns.find(({ key }) => key === sort.column)?.compare;
    if (!compare) return linesOf(tree, folded, desk.query);
    const way = sort.descending ? 1 : -1;
    const line = (actor: Actor): Line => ({ actor, level: 1, path: "", open: undefined, position: 1, siblings: 1 });
    return flatOf(tree, (a, b) => way * compare(line(a), line(b)), desk.query);
  }, [tree, folded, desk.query, sort, columns]);
  const chosen = selected === null ? undefined : tree.byId.get(selected);
  const fold = (path: string, opens: boolean) =>
    onSettings({ folded: opens ? settings.folded.filter((each) => each !== path) : [...settings.folded, path].slice(-64) });
  return (
    <>
      <div className="toolbar">
        <span className="count" role="status">
          {desk.query
            ? tn("{n} of {total} actors", "{n} of {total} actors", lines.length, { total: tree.all.length })
            : tn("{n} actor", "{n} actors", tree.all.length)}
          {dropped > 0 && ` · ${tn("{n} more is not shown", "{n} more are not shown", dropped)}`}
        </span>
        {sort && (
          <button type="button" className="push" onClick={() => onSettings({ actorSort: null })}>
            {t("Show as a tree")}
          </button>
        )}
      </div>
      <div className={open && chosen ? "split with-panel" : "split"}>
        <Grid
          label={t("Actors")}
          className="actors"
          columns={columns}
          rows={lines}
          keyOf={({ actor }) => actor.id}
          selected={selected}
          onSelect={onSelect}
          onOpen={() => setOpen(true)}
          sort={sort}
          onSort={(actorSort) => onSettings({ actorSort })}
          {...(sort ? {} : { branchOf: (line: Line) => line, onFold: ({ path }: Line, opens: boolean) => fold(path, opens) })}
          empty={<p className="empty">{t("No actor is called so.")}</p>}
        />
        {open && chosen && (
          <ActorPanel key={chosen.id} actor={chosen} tree={tree} desk={desk} onSelect={onSelect} onClose={() => setOpen(false)} />
        )}
        {!open && chosen && (
          <button type="button" className="push details" onClick={() => setOpen(true)}>
            {t("Details of {name}", { name: labelOf(chosen) })}
          </button>
        )}
      </div>
    </>
  );
}

type View = "tree" | "letters" | "waits";

/** Of this computer, in the arena; of another one, over the mesh. Drawn anew for each. */
export function Actors(properties: PageProperties) {
  return where() === "" ? <NearActors {...properties} /> : <FarActors {...properties} />;
}

function NearActors(properties: PageProperties) {
  return <ActorsPage {...properties} actors={useActors()} fault="" />;
}

function FarActors(properties: PageProperties) {
  return <ActorsPage {...properties} {...useFarActors()} />;
}

function ActorsPage(properties: PageProperties & { actors: { tree: Tree; dropped: number } | null; fault: string }) {
  const { actors, fault } = properties;
  const [view, setView] = useState<View>("tree");
  const [selected, setSelected] = useState<string | null>(null);
  const views: [View, string][] = [["tree", t("Tree")], ["letters", t("Dead letters")], ["waits", t("Who waits for whom")]];
  const show = (id: string) => {
    setSelected(id);
    setView("tree");
  };
  return (
    <div className="page" tabIndex={-1}>
      <div className="segments" role="radiogroup" aria-label={t("What is shown")}>
        {views.map(([name, label]) => (
          <button key={name} type="button" role="radio" aria-checked={view === name} className="push" onClick={() => setView(name)}>
            {label}
          </button>
        ))}
      </div>
      {fault && <p className="fault copyable-text" role="alert" dir="auto">{fault}</p>}
      {!actors && !fault && <p className="waiting" role="status">{t("Waiting for the node’s actors…")}</p>}
      {actors && view === "tree" && (
        <TreeView {...properties} tree={actors.tree} dropped={actors.dropped} selected={selected} onSelect={setSelected} />
      )}
      {actors && view === "letters" && <Letters tree={actors.tree} desk={properties.desk} onShow={show} />}
      {actors && view === "waits" && <Waits onShow={show} />}
    </div>
  );
}

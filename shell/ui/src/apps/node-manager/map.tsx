// SPDX-License-Identifier: GPL-3.0-or-later
// The other nodes as a map: this one in the middle, the others as far as a message takes there and back,
// those of a region side by side. It is drawn when something on it has changed, and at no other time;
// who sees nothing has the list.
import "./map.css";
import { useEffect, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent, type PointerEvent, type ReactNode, type RefObject } from "react";
import { formatRate, formatSpan } from "../../lib/format";
import { t, tn } from "../../lib/i18n";
import { drawMap, frameOf, type Colours, type Marks, type Size } from "./map_draw";
import { around, at, Places, toward, type Place, type Scene } from "./map_layout";
import { connectionText, nameOf, presenceText, regionText } from "./peer_text";
import type { Books, Peer } from "./use_peers";

/** ms; a node that says nothing for so long has nothing that goes over its lines. */
const quietAfter = 2500;
/** Pixels from a node at which the pointer still means it. */
const reach = 16;
const noPresence: Books["presence"] = new Map();

interface Properties {
  /** All that there are, so that a search moves nobody. */
  peers: readonly Peer[];
  /** Those that are looked for. */
  rows: readonly Peer[];
  books: Books | null;
  theme: string;
  selected: string | null;
  onSelect: (id: string) => void;
  onOpen: () => void;
  empty: ReactNode;
}

function coloursOf(element: HTMLElement): Colours {
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  return {
    ground: colour("--surface-1"),
    ring: colour("--line"),
    text: colour("--text-1"),
    faint: colour("--text-3"),
    accent: colour("--accent"),
    kinds: { direct: colour("--positive"), relayed: colour("--positive"), apart: colour("--text-3"), suspect: colour("--warning"), dead: colour("--negative") },
    font: `${colour("--size-1")} ${style.fontFamily}`,
  };
}

/** The peers, without traffic where the node has had nothing to say of it for a while. */
function useLive(peers: readonly Peer[]): readonly Peer[] {
  const [quiet, setQuiet] = useState<readonly Peer[] | null>(null);
  useEffect(() => {
    const timer = window.setTimeout(() => setQuiet(peers), quietAfter);
    return () => window.clearTimeout(timer);
  }, [peers]);
  return useMemo(() => (quiet === peers ? peers.map((peer) => (peer.rate > 0 ? { ...peer, rate: 0 } : peer)) : peers), [peers, quiet]);
}

function sentenceOf(peer: Peer, books: Books | null): string {
  const presence = books?.presence.get(peer.id);
  const parts = [
    nameOf(peer, books),
    presence ? presenceText(presence.state) : "",
    peer.connections > 0 ? connectionText(peer) : t("not connected"),
    peer.latency > 0 ? formatSpan(peer.latency) : "",
    presence?.region ? regionText(presence.region) : "",
    peer.rate >= 1 ? formatRate(peer.rate) : "",
  ];
  return parts.filter(Boolean).join(" · ");
}

function Legend() {
  const marks: [string, string][] = [
    ["direct", t("direct")],
    ["relayed", t("relayed")],
    ["apart", t("not connected")],
    ["suspect", t("suspect")],
    ["dead", t("gone")],
  ];
  return (
    <p className="hint map-legend">
      {marks.map(([kind, text]) => (
        <span key={kind}>
          <svg className={`map-mark ${kind}`} viewBox="0 0 12 12" aria-hidden="true">
            {kind === "dead" ? <path d="M2 2 10 10M10 2 2 10" /> : kind === "suspect" ? <path d="M6 1 11 10H1Z" /> : <circle cx="6" cy="6" r="4" />}
          </svg>
          {text}
        </span>
      ))}
      <span>{t("Further out: slower. Larger: busier. Wider line: more traffic.")}</span>
    </p>
  );
}

/** To draw on, as large as it is seen. */
function fitted(canvas: HTMLCanvasElement, { width, height, scale }: Size & { scale: number }): CanvasRenderingContext2D | null {
  const pixels = [Math.round(width * scale), Math.round(height * scale)] as const;
  if (canvas.width !== pixels[0]) canvas.width = pixels[0];
  if (canvas.height !== pixels[1]) canvas.height = pixels[1];
  const context = pixels[0] && pixels[1] ? canvas.getContext("2d") : null;
  context?.setTransform(scale, 0, 0, scale, 0, 0);
  return context;
}

/** What the canvas shows; undefined before it has a size. */
function usePicture(canvas: RefObject<HTMLCanvasElement | null>, scene: Scene, theme: string, marks: Marks): Size | undefined {
  const [size, setSize] = useState<Size & { scale: number }>();
  useEffect(() => {
    const element = canvas.current?.parentElement;
    if (!element) return;
    const look = () =>
      setSize((now) => {
        const next = { width: element.clientWidth, height: element.clientHeight, scale: window.devicePixelRatio };
        return now && now.width === next.width && now.height === next.height && now.scale === next.scale ? now : next;
      });
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => observer.disconnect();
  }, [canvas]);
  useLayoutEffect(() => {
    const element = canvas.current;
    if (!element || !size) return;
    const context = fitted(element, size);
    if (context) drawMap(context, size, scene, coloursOf(element), marks);
  }, [canvas, size, scene, theme, marks]);
  return size;
}

export function PeerMap({ peers, rows, books, theme, selected, onSelect, onOpen, empty }: Properties) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const root = useRef<HTMLDivElement>(null);
  const [pointed, setPointed] = useState<string | null>(null);
  const [focused, setFocused] = useState(false);
  const [kept] = useState(() => new Places());
  const live = useLive(peers);
  const all = useMemo(() => kept.take(live, books?.presence ?? noPresence), [kept, live, books]);
  const wanted = useMemo(() => (rows.length === peers.length ? null : new Set(rows.map(({ id }) => id))), [rows, peers]);
  const scene = useMemo((): Scene => (wanted ? { ...all, places: all.places.filter(({ peer }) => wanted.has(peer.id)) } : all), [all, wanted]);
  const marks = useMemo(
    (): Marks => ({
      selected,
      pointed,
      focused,
      rtl: document.documentElement.dir === "rtl",
      nameOf: ({ peer }) => nameOf(peer, books),
      regionOf: (name, others) => (others ? t("other regions") : name === "" ? t("no region named") : name),
      ringOf: (ms) => formatSpan(ms * 1e6),
    }),
    [selected, pointed, focused, books],
  );
  const size = usePicture(canvas, scene, theme, marks);
  const { places } = scene;
  const chosen = places.find(({ peer }) => peer.id === selected);
  const peer = chosen && live.find(({ id }) => id === selected);

  useEffect(() => {
    const element = root.current;
    // The page had the keyboard for want of a map.
    if (document.activeElement === document.body || document.activeElement?.classList.contains("page")) element?.focus();
  }, []);

  const go = (place: Place | undefined) => place && onSelect(place.peer.id);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (way) go(toward(places, chosen, way[0] ?? 0, way[1] ?? 0));
    else if (event.key === "Enter") {
      if (chosen) onOpen();
    } else if (["PageDown", "PageUp", "Home", "End"].includes(event.key)) {
      const row = around(places);
      const now = chosen ? row.indexOf(chosen) : -1;
      const next = { PageDown: now + 1, PageUp: now < 0 ? row.length - 1 : now - 1 + row.length, Home: 0, End: row.length - 1 }[event.key] ?? 0;
      go(row[next % Math.max(1, row.length)]);
    } else return;
    event.preventDefault();
  };
  const under = (event: { clientX: number; clientY: number }): Place | undefined => {
    const box = canvas.current?.getBoundingClientRect();
    if (!box || !size) return undefined;
    const frame = frameOf(size);
    return at(places, (event.clientX - box.left - frame.x) / frame.radius, (event.clientY - box.top - frame.y) / frame.radius, reach / frame.radius);
  };
  return (
    <div className="map">
      <div
        ref={root}
        className="map-view"
        role="application"
        aria-label={`${t("Map of other nodes")}: ${tn("{n} node", "{n} nodes", places.length)}`}
        aria-description={t("Arrow keys go from node to node, Page Up and Page Down round the map, Enter shows details. The list has the same as text.")}
        data-nodes={places.length}
        data-selected={chosen?.peer.id}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onFocus={() => setFocused(true)}
        onBlur={() => setFocused(false)}
        onPointerMove={(event: PointerEvent) => setPointed(under(event)?.peer.id ?? null)}
        onPointerLeave={() => setPointed(null)}
        onPointerDown={(event) => go(under(event))}
        onDoubleClick={(event) => under(event) && onOpen()}
      >
        <canvas ref={canvas} aria-hidden="true" />
        {places.length === 0 && empty}
      </div>
      <p className="map-chosen" role="status">
        {peer ? <bdi>{sentenceOf(peer, books)}</bdi> : places.length > 0 ? t("No node is chosen.") : ""}
      </p>
      <Legend />
    </div>
  );
}

// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of what files are: a folder, or a sheet with a sign on it.
import type { ReactNode } from "react";
import type { Sort } from "../../lib/files";

const signs: Record<Exclude<Sort, "folder">, ReactNode> = {
  image: <path d="m14 35 7-9 5 6 3-4 5 7ZM31 22.5a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0Z" />,
  audio: <path d="M19 34.5V22l12-2.5v12M19 34.5a3 3 0 1 1-3-3c1.6 0 3 1.2 3 3ZM31 31.500a3 3 0 1 1-3-3c1.6 0 3 1.2 3 3Z" />,
  video: <path d="M19 20v15l12-7.500Z" />,
  font: <path d="M16 35l8-17 8 17M19 29.500h10" />,
  document: <path d="M16 20h16M16 25h16M16 30h16M16 35h9" />,
  archive: <path d="M24 9v3M24 15v3M24 21v3M21 27h6v8h-6Z" />,
  code: <path d="m19 22-5 5.5 5 5.500M29 22l5 5.5-5 5.5" />,
  text: <path d="M16 21h16M16 26h12M16 31h16M16 36h8" />,
  program: <path d="m16 23 4.5 4.500L16 32M24 33h8" />,
  broken: <path d="m18 22 12 12M30 22 18 34" />,
  special: <path d="M24 20v9M24 34v.1" />,
  other: null,
};

/** A picture on a 48 px grid. */
export function Pictogram({ is, link = false }: { is: Sort; link?: boolean | undefined }) {
  return (
    <svg className={`pictogram ${is}`} viewBox="0 0 48 48" aria-hidden="true">
      {is === "folder" ? (
        <>
          <path className="back" d="M4 13a4 4 0 0 1 4-4h10l4 5h18a4 4 0 0 1 4 4v20a4 4 0 0 1-4 4H8a4 4 0 0 1-4-4Z" />
          <path className="front" d="M4 20h40v18a4 4 0 0 1-4 4H8a4 4 0 0 1-4-4Z" />
        </>
      ) : (
        <>
          <path className="sheet" d="M12 4h17l9 9v28a3 3 0 0 1-3 3H12a3 3 0 0 1-3-3V7a3 3 0 0 1 3-3Z" />
          <path className="fold" d="M29 4v9h9" />
          <g className="sign">{signs[is]}</g>
        </>
      )}
      {link ? <path className="link" d="M30 44h14V30M44 44 33 33M33 40v-7h7" transform="translate(78 0) scale(-1 1)" /> : null}
    </svg>
  );
}

const placeShapes: Record<string, ReactNode> = {
  home: <path d="m2.5 7.5 5.5-5 5.5 5M4 6.500v7h8v-7M6.8 13.500v-4h2.400v4" />,
  desktop: <path d="M2 3h12v8H2ZM8 11v2.500M5 13.500h6" />,
  documents: <path d="M4 2h5l3 3v9H4ZM9 2v3h3M6 8h4M6 11h4" />,
  downloads: <path d="M8 2v8M4.5 7 8 10.5 11.5 7M2.5 13.500h11" />,
  music: <path d="M6 12.200V3.400l7-1.400v8.800M6 12.200a1.9 1.9 0 1 1-1.9-1.900c1 0 1.9.9 1.9 1.900ZM13 10.800a1.9 1.9 0 1 1-1.9-1.900c1 0 1.9.9 1.9 1.900Z" />,
  pictures: <path d="M2 3h12v10H2ZM2 11l3.5-4 3 3.500L10.5 8l3.5 4M11 5.600v.1" />,
  videos: <path d="M2 4h8.500v8H2ZM10.5 7 14 5v6l-3.5-2Z" />,
  public: <path d="M8 8a2.8 2.8 0 1 1 0-5.600A2.8 2.8 0 0 1 8 8ZM2.8 13.600c.5-2.6 2.5-3.9 5.2-3.900s4.7 1.3 5.2 3.9" />,
  trash: <path d="M2.5 4h11M6 4V2.500h4V4M4 4l.7 9.500h6.600L12 4M6.7 6.500v4.500M9.3 6.500v4.5" />,
  root: <path d="M2.5 3h11v10h-11ZM2.5 9.500h11M11 11.300v.1M8.8 11.300v.1" />,
  mesh: (
    <>
      <path d="M8 4.6 4.2 10.600M8 4.600l3.8 6M5.4 11.800h5.2" />
      <circle cx="8" cy="3.4" r="1.7" fill="currentColor" stroke="none" />
      <circle cx="3.4" cy="11.8" r="1.7" fill="currentColor" stroke="none" />
      <circle cx="12.6" cy="11.8" r="1.7" fill="currentColor" stroke="none" />
    </>
  ),
  disk: <path d="M2.5 3.500h11v9h-11ZM5 10h6M11 5.800v.1" />,
};

export function PlaceIcon({ place }: { place: string }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
      {placeShapes[place] ?? placeShapes["disk"]}
    </svg>
  );
}

const toolShapes = {
  up: <path d="M8 13V3M3.5 7.5 8 3l4.5 4.5" />,
  list: <path d="M2.5 4h.1M2.5 8h.1M2.5 12h.1M5.5 4h8M5.5 8h8M5.5 12h8" />,
  grid: <path d="M2.5 2.500h4.500v4.500h-4.500ZM9 2.500h4.500v4.500H9ZM2.5 9h4.500v4.500h-4.500ZM9 9h4.500v4.500H9Z" />,
} satisfies Record<string, ReactNode>;

export function ToolIcon({ name }: { name: keyof typeof toolShapes }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
      {toolShapes[name]}
    </svg>
  );
}

// SPDX-License-Identifier: GPL-3.0-or-later
// The pages' own pictograms, on a 16 px grid.
import type { ReactNode } from "react";

const shapes = {
  mesh: (
    <>
      <path d="M8 4.6 4.2 10.6M8 4.6l3.8 6M5.4 11.8h5.2" />
      <circle cx="8" cy="3.4" r="1.7" fill="currentColor" stroke="none" />
      <circle cx="3.4" cy="11.8" r="1.7" fill="currentColor" stroke="none" />
      <circle cx="12.6" cy="11.8" r="1.7" fill="currentColor" stroke="none" />
    </>
  ),
  windows: <path d="M2 2.5h5v5H2ZM9 2.5h5v5H9ZM2 9.5h5v4H2ZM9 9.5h5v4H9Z" />,
  search: <path d="m13.5 13.5-3.3-3.3M6.8 11.6a4.8 4.8 0 1 1 0-9.6 4.8 4.8 0 0 1 0 9.6Z" />,
  power: <path d="M8 2v5.5M4.7 4.2a5.2 5.2 0 1 0 6.6 0" />,
  restart: <path d="M13 8A5 5 0 1 1 11.2 4.2M11.6 1.6v2.9H8.7" />,
  suspend: <path d="M13.2 9.7A5.6 5.6 0 0 1 6.3 2.8a5.6 5.6 0 1 0 6.9 6.9Z" />,
  logout: <path d="M6.5 2.5H3.8c-.7 0-1.3.6-1.3 1.3v8.4c0 .7.6 1.3 1.3 1.3h2.7M10.5 11l3-3-3-3M13.2 8H6.5" />,
  warning: <path d="M8 2.4 14 13H2L8 2.4ZM8 6.6v2.9M8 11.3v.1" />,
  unplugged: <path d="M2 14l2.6-2.6M11.4 4.6 14 2M9.5 3.7 12.3 6.5 10.6 8.2 7.8 5.4ZM5.4 7.8l2.8 2.8-1.7 1.7-2.8-2.8Z" />,
  chip: <path d="M4.5 4.5h7v7h-7ZM6.5 2v2.5M9.5 2v2.5M6.5 11.5V14M9.5 11.5V14M2 6.5h2.5M2 9.5h2.5M11.5 6.5H14M11.5 9.5H14" />,
  memory: <path d="M2 5h12v6H2ZM5 5v3M8 5v3M11 5v3M4 11v2M8 11v2M12 11v2" />,
  battery: <path d="M2 5.5h10v5H2ZM14 7v2" />,
  gauge: <path d="M2.5 12.5a6 6 0 1 1 11 0M8 9.2l2.6-3.4" />,
  tree: <path d="M3 3h4v3H3ZM9 10h4v3H9ZM5 6v5.5h4M9 5.5h4v2H9Z" />,
  flask: <path d="M6 2.5h4M6.8 2.5V7L3 13.5h10L9.2 7V2.5M4.8 10.5h6.4" />,
  service: <path d="M2.5 3h11v4h-11ZM2.5 9h11v4h-11ZM5 5v.1M5 11v.1" />,
  log: <path d="M3 2.5h10v11H3ZM5.500 5.500h5M5.500 8h5M5.500 10.500h3" />,
  keep: <path d="M5 2.5h6l-.7 4.6 2.2 2.4h-9l2.2-2.4ZM8 9.5v4.5" />,
  copy: <path d="M5.5 5.5h7.5v8H5.5ZM10.5 5.5v-3h-7.5v8h2.5" />,
  keyboard: <path d="M1.5 4h13v8h-13ZM4 6.5v.1M6.7 6.5v.1M9.3 6.5v.1M12 6.5v.1M5 9.5h6" />,
  "keyboard-hide": <path d="M1.5 2h13v7.5h-13ZM4 4.4v.1M6.7 4.4v.1M9.3 4.4v.1M12 4.4v.1M5 7h6M5.5 12l2.5 2 2.5-2" />,
  backspace: <path d="M5.5 3.5h8.5v9H5.5L1.8 8ZM7.5 6l4 4M11.5 6l-4 4" />,
  enter: <path d="M13 3.5V8H3.5M6.5 5l-3 3 3 3" />,
  shift: <path d="M8 2.5 2.8 8.2h2.9v4.8h4.6V8.2h2.9Z" />,
  tick: <path d="m3 8.5 3.4 3.4L13 4.8" />,
  bell: <path d="M3.2 11.4c.9-.9 1.3-1.8 1.3-4.4a3.5 3.5 0 0 1 7 0c0 2.6.4 3.5 1.3 4.4ZM6.7 13.6c.7.6 1.9.6 2.6 0" />,
  "bell-off": <path d="M5 11.4h7.8c-.9-.9-1.3-1.8-1.3-4.4a3.5 3.5 0 0 0-5.6-2.8M4.5 7c0 2.6-.4 3.5-1.3 4.4M6.7 13.6c.7.6 1.9.6 2.6 0M2.5 2.5l11 11" />,
  close: <path d="m4.5 4.5 7 7M11.5 4.5l-7 7" />,
  back: <path d="M10 3.5 5.5 8l4.5 4.5" />,
  bluetooth: <path d="m4.5 5 7 6L8 14V2l3.5 3-7 6" />,
  cable: <path d="M2.5 2.5h11v7h-2v2h-7v-2h-2ZM5.5 2.5v2.5M8 2.5v2.5M10.5 2.5v2.5M8 11.5V14" />,
  contrast: (
    <>
      <circle cx="8" cy="8" r="5.7" />
      <path d="M8 2.3a5.7 5.7 0 0 1 0 11.4Z" fill="currentColor" />
    </>
  ),
  eye: (
    <>
      <path d="M1.5 8S4 3.8 8 3.8 14.5 8 14.5 8 12 12.2 8 12.2 1.5 8 1.5 8Z" />
      <circle cx="8" cy="8" r="1.8" />
    </>
  ),
  person: <path d="M8 8a2.8 2.8 0 1 1 0-5.6A2.8 2.8 0 0 1 8 8ZM2.8 13.6c.5-2.6 2.5-3.9 5.2-3.9s4.7 1.3 5.2 3.9" />,
  lock: <path d="M3.5 7h9v6.5h-9ZM5.5 7V5a2.5 2.5 0 0 1 5 0v2" />,
  microphone: <path d="M8 1.8a2 2 0 0 0-2 2V8a2 2 0 0 0 4 0V3.8a2 2 0 0 0-2-2ZM3.8 7.5a4.2 4.2 0 0 0 8.4 0M8 11.7V14M6 14h4" />,
  "microphone-off": <path d="M8 1.8a2 2 0 0 0-2 2V8a2 2 0 0 0 4 0V3.8a2 2 0 0 0-2-2ZM3.8 7.5a4.2 4.2 0 0 0 8.4 0M8 11.7V14M6 14h4M2.5 2.5l11 11" />,
  sliders: <path d="M2 4.5h6.5M12 4.5h2M2 11.5h2M7.5 11.5H14M8.5 4.5a1.7 1.7 0 1 0 3.5 0 1.7 1.7 0 1 0-3.5 0ZM4 11.5a1.7 1.7 0 1 0 3.5 0 1.7 1.7 0 1 0-3.5 0Z" />,
  speaker: (
    <>
      <path d="M4 1.8h8v12.4H4Z" />
      <circle cx="8" cy="10" r="2.1" />
      <path d="M8 4.6v.1" />
    </>
  ),
  sun: <path d="M8 1.5v1.3M8 13.2v1.3M1.5 8h1.3M13.2 8h1.3M3.4 3.4l.9.9M11.7 11.7l.9.9M3.4 12.6l.9-.9M11.7 4.3l.9-.9M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6Z" />,
  language: <path d="M8 2.2a5.8 5.8 0 1 0 0 11.6A5.8 5.8 0 0 0 8 2.2ZM2.4 8h11.2M8 2.2c1.8 1.7 2.6 3.6 2.6 5.8s-.8 4.1-2.6 5.8C6.2 12.1 5.4 10.2 5.4 8S6.2 3.9 8 2.2Z" />,
  display: <path d="M2 3h12v8H2ZM8 11v2.5M5 13.5h6" />,
  pointer: <path d="M4 2.5v10l2.6-2.4 1.7 3.6 1.6-.8-1.7-3.5 3.4-.3Z" />,
  appearance: <path d="M8 2.5a5.5 5.5 0 1 0 0 11ZM8 2.5a5.5 5.5 0 0 1 0 11M8 5.5h3.5M8 8h5M8 10.5h3.5" />,
  accessibility: <path d="M8 3.2v.1M3 5.8l5 .9 5-.9M8 6.7v3M8 9.7l-2.4 4M8 9.7l2.4 4" />,
  about: <path d="M8 13.5a5.5 5.5 0 1 1 0-11 5.5 5.5 0 0 1 0 11ZM8 7.5v3.2M8 5.2v.1" />,
  undo: <path d="M3 6h6.2a3.6 3.6 0 0 1 0 7.2H6M3 6l3-3M3 6l3 3" />,
  forward: <path d="m6 3.5 4.5 4.5L6 12.5" />,
  more: <path d="M8 3.2v.1M8 8v.1M8 12.8v.1" strokeWidth="2.2" />,
  music: <path d="M6 12.2V3.4l7-1.4v8.8M6 12.2a1.9 1.9 0 1 1-1.9-1.9c1 0 1.9.9 1.9 1.9ZM13 10.8a1.9 1.9 0 1 1-1.9-1.9c1 0 1.9.9 1.9 1.9Z" />,
  pause: <path d="M5.5 3v10M10.5 3v10" strokeWidth="2.4" />,
  play: <path d="M4.5 2.8v10.4L13 8Z" fill="currentColor" />,
  "skip-back": <path d="M12.5 3.2v9.6L5.5 8ZM3.2 3.2v9.6" fill="currentColor" />,
  "skip-forward": <path d="M3.5 3.2v9.6l7-4.8ZM12.8 3.2v9.6" fill="currentColor" />,
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof shapes;

export function Icon({ name, className = "" }: { name: IconName; className?: string }) {
  return (
    <svg className={`icon ${className}`} viewBox="0 0 16 16" aria-hidden="true">
      {shapes[name]}
    </svg>
  );
}

// SPDX-License-Identifier: GPL-3.0-or-later
// The mesh as this machine knows it: itself in its field, and the nodes around it. Painted when something changes.
import "./wallpaper.css";
import { useEffect, useRef, useState } from "react";
import { t } from "../lib/i18n";
import { useHost } from "../lib/page";
import { centreOf } from "./field";
import { paint } from "./paint";
import { useMesh } from "./use_mesh";

interface View {
  width: number;
  height: number;
  /** Counts changes of colour scheme and scale, which ask for new paint. */
  look: number;
}

function useView(): View {
  const [view, setView] = useState<View>(() => ({
    width: window.innerWidth,
    height: window.innerHeight,
    look: 0,
  }));
  useEffect(() => {
    const dark = window.matchMedia("(prefers-color-scheme: dark)");
    const change = () =>
      setView(({ look }) => ({ width: window.innerWidth, height: window.innerHeight, look: look + 1 }));
    window.addEventListener("resize", change);
    dark.addEventListener("change", change);
    return () => {
      window.removeEventListener("resize", change);
      dark.removeEventListener("change", change);
    };
  }, []);
  return view;
}

export function Wallpaper() {
  const { node, appearance } = useHost();
  const canvas = useRef<HTMLCanvasElement>(null);
  const { width, height, look } = useView();
  const id = node?.peerId ?? "";
  const connected = node?.connected ?? false;
  const peers = useMesh();

  useEffect(() => {
    if (canvas.current) paint(canvas.current, { id, connected, peers, width, height });
  }, [id, connected, peers, width, height, look, appearance?.highContrast, appearance?.accent]);

  const centre = centreOf(width, height);
  const name = node?.hostName ?? "";
  const label = connected ? t("This computer, {name}", { name }) : t("This computer’s node is not connected");
  return (
    <>
      <canvas ref={canvas} className="field" role="img" aria-label={label} />
      {name ? (
        <div className="name" dir="ltr" style={{ left: centre.x, top: centre.y }}>
          {name}
        </div>
      ) : null}
    </>
  );
}

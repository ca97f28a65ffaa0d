// SPDX-License-Identifier: GPL-3.0-or-later
// Paints the wallpaper once; nothing here runs while nothing changes.
import { centreOf, field, placeOf } from "./field";
import type { Peer } from "./use_mesh";

export interface Scene {
  id: string;
  connected: boolean;
  peers: readonly Peer[];
  width: number;
  height: number;
}

function paintGround(context: CanvasRenderingContext2D, style: CSSStyleDeclaration, scene: Scene): void {
  const { x, y } = centreOf(scene.width, scene.height);
  const reach = Math.hypot(scene.width, scene.height) * 0.7;
  const ground = context.createRadialGradient(x, y, 0, x, y, reach);
  ground.addColorStop(0, style.getPropertyValue("--field-from"));
  ground.addColorStop(1, style.getPropertyValue("--field-to"));
  context.fillStyle = ground;
  context.fillRect(0, 0, scene.width, scene.height);
}

function paintDots(context: CanvasRenderingContext2D, style: CSSStyleDeclaration, scene: Scene): void {
  context.fillStyle = style.getPropertyValue("--field-dot");
  for (const { x, y, radius, opacity } of field(scene.id, scene.width, scene.height)) {
    context.globalAlpha = opacity;
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fill();
  }
  context.globalAlpha = 1;
}

/** The other nodes: a ring each, filled and with a thread to this one where they are connected. */
function paintPeers(context: CanvasRenderingContext2D, style: CSSStyleDeclaration, scene: Scene): void {
  const centre = centreOf(scene.width, scene.height);
  const radius = Math.max(3, Math.sqrt(scene.width * scene.height) / 300);
  context.strokeStyle = context.fillStyle = style.getPropertyValue("--accent");
  for (const { id, connected } of scene.peers) {
    const { x, y } = placeOf(id, scene.width, scene.height);
    if (connected) {
      context.globalAlpha = 0.25;
      context.lineWidth = 1;
      context.beginPath();
      context.moveTo(centre.x, centre.y);
      context.lineTo(x, y);
      context.stroke();
    }
    context.globalAlpha = connected ? 0.85 : 0.4;
    context.lineWidth = 1.5;
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    if (connected) context.fill();
    else context.stroke();
  }
  context.globalAlpha = 1;
}

function paintNode(context: CanvasRenderingContext2D, style: CSSStyleDeclaration, scene: Scene): void {
  const { x, y } = centreOf(scene.width, scene.height);
  const radius = Math.max(5, Math.sqrt(scene.width * scene.height) / 170);
  const colour = style.getPropertyValue(scene.connected ? "--accent" : "--text-3");
  context.strokeStyle = colour;
  context.fillStyle = colour;
  context.lineWidth = 1.5;
  context.globalAlpha = 0.45;
  context.beginPath();
  context.arc(x, y, radius * 2.3, 0, 2 * Math.PI);
  context.stroke();
  context.globalAlpha = 1;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  if (scene.connected) context.fill();
  else context.stroke();
}

export function paint(canvas: HTMLCanvasElement, scene: Scene): void {
  const scale = window.devicePixelRatio;
  canvas.width = Math.round(scene.width * scale);
  canvas.height = Math.round(scene.height * scale);
  const context = canvas.getContext("2d");
  if (!context) return;
  const style = getComputedStyle(document.documentElement);
  context.scale(scale, scale);
  paintGround(context, style, scene);
  paintDots(context, style, scene);
  paintPeers(context, style, scene);
  paintNode(context, style, scene);
}

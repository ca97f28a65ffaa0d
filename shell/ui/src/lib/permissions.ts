// SPDX-License-Identifier: GPL-3.0-or-later
// What applications in a sandbox may do, in plain words (the same as bridge/permit/capabilities.c has for inosctl), and
// the question that the host asks (shell/permit/prompter.c).
import { t } from "./i18n";
import { cleanLine } from "./strange";

const nameMost = 100;

/** What an application calls itself, of which it has the say. */
export function nameOf(name: string, app: string): string {
  return cleanLine(name, nameMost).trim() || app;
}

/** A question of the person. */
export interface PromptState {
  id: number;
  /** The application's id, which its sandbox vouches for. */
  app: string;
  /** What it calls itself; the id where it has no desktop file. */
  name: string;
  /** Its desktop file, or empty. */
  desktop: string;
  capability: string;
  /** How many questions come after this one. */
  waiting: number;
  /** ms in which nothing can be allowed. */
  deadTime: number;
}

/** What it may do then; the capability's name where this page does not know it. */
export function wordsOf(capability: string): string {
  const words: Record<string, string> = {
    "device.camera": t("see what your camera sees"),
    "device.location": t("know where you are"),
    "device.microphone": t("hear what your microphone hears"),
    "device.speakers": t("play sound"),
    "node.actors": t("see the node's actors and the letters between them"),
    "node.actors.control": t("steer the node's actors, and read and write their letters"),
    "node.logs": t("read what programs and the system wrote in this machine's logs"),
    "node.mesh": t("see who is in the mesh and what they share"),
    "node.remote": t("see the actors, programs and logs of other computers that let this one"),
    "node.remote.control": t("steer other computers that let this one, and say which of them may look at this one and steer it"),
    "node.mesh.control": t("act in the mesh in your name: connect, publish, share, invite and put out"),
    "node.processes": t("see what programs run on this machine"),
    "node.processes.control": t("end your programs and change how much they get of the processor"),
    "node.resources": t("see how busy this machine is"),
    "node.terminals": t("see what runs in your terminals"),
    "node.terminals.control": t("run any program as you, and type in your terminals"),
    "screen.capture": t("take pictures of your screen"),
  };
  return words[capability] ?? capability;
}

/** With it, a sandbox keeps its application from nothing. */
export function escapes(capability: string): boolean {
  return capability === "node.terminals.control";
}

/** Portals remember it by themselves, so that it is allowed for good or not at all. */
export function isForGood(capability: string): boolean {
  return capability.startsWith("device.");
}

/** Portals ask for it each time, not for as long as the application runs. */
export function isForOneTime(capability: string): boolean {
  return capability.startsWith("screen.");
}

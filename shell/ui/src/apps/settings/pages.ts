// SPDX-License-Identifier: GPL-3.0-or-later
// The pages, what they are called, and by which words they are found.
import type { IconName } from "../../lib/icons";
import { t } from "../../lib/i18n";

export const pages = ["displays", "keyboard", "pointer", "appearance", "accessibility", "power", "notifications", "privacy", "mesh", "users", "language", "defaults", "about"] as const;
export type PageName = (typeof pages)[number];

export function isPage(name: unknown): name is PageName {
  return pages.some((page) => page === name);
}

interface About {
  icon: IconName;
  label: string;
  words: string;
}

export function aboutPages(): Record<PageName, About> {
  return {
    displays: { icon: "display", label: t("Displays"), words: t("monitor screen resolution scale refresh rate rotate mirror arrange night light colour temperature") },
    keyboard: { icon: "keyboard", label: t("Keyboard"), words: t("layout language shortcuts bindings keys repeat delay compose caps lock") },
    pointer: { icon: "pointer", label: t("Mouse & touchpad"), words: t("pointer cursor speed acceleration scroll natural wheel tap click drag left-handed middle button tablet pen touch screen gestures hot corners") },
    appearance: { icon: "appearance", label: t("Appearance"), words: t("dark light theme colours accent style animations motion") },
    accessibility: { icon: "accessibility", label: t("Accessibility"), words: t("text size contrast magnifier zoom invert sticky slow bounce mouse keys cursor size") },
    power: { icon: "battery", label: t("Power and battery"), words: t("idle blank dim lock suspend sleep battery screen off") },
    notifications: { icon: "bell", label: t("Notifications"), words: t("do not disturb quiet muted programs") },
    privacy: { icon: "lock", label: t("Privacy & permissions"), words: t("applications sandbox allowed granted revoke camera microphone location screenshot audit") },
    mesh: { icon: "mesh", label: t("Mesh"), words: t("node name members invite join leave accept revoke share relay metered battery peers") },
    users: { icon: "person", label: t("Users"), words: t("account name picture password log-in session open windows again restore") },
    language: { icon: "language", label: t("Language"), words: t("region formats dates numbers locale translation") },
    defaults: { icon: "service", label: t("Default applications"), words: t("browser mail files pictures music video open with") },
    about: { icon: "about", label: t("About"), words: t("version system machine processor memory licence welcome") },
  };
}

/** Pages that all words are found in; all of them for none. */
export function findPages(query: string): PageName[] {
  const about = aboutPages();
  const words = query.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return pages.filter((page) => words.every((word) => `${about[page].label} ${about[page].words}`.toLocaleLowerCase().includes(word)));
}

// SPDX-License-Identifier: GPL-3.0-or-later
// What the host says of files, as shell/app/files*.h has it. A file is a number; there are no paths to it.

/** The sort of thing that a file is, for its picture. */
export type Sort = "folder" | "image" | "audio" | "video" | "font" | "document" | "archive" | "code" | "text" | "program" | "broken" | "special" | "other";

export interface Row {
  id: number;
  name: string;
  is: Sort;
  /** In words. */
  kind: string;
  /** Only files have one. */
  size?: number;
  /** Seconds. */
  time: number;
  hidden?: boolean;
  link?: boolean;
  /** It is to be selected, as the host has it. */
  select?: boolean;
  /** Where it lies below the folder that is searched, or was before it came into the trash. */
  where?: string;
  /** When it was put into the trash, seconds; 0: nobody knows. */
  trashed?: number;
}

export interface ViewState {
  view: number;
  kind: "folder" | "search" | "trash" | "mesh";
  title: string;
  path: string;
  crumbs: string[];
  /** Of FilesPlace, or "". */
  place: string;
  back: boolean;
  forward: boolean;
  up: boolean;
  text: string;
}

export interface Fetched {
  rows: Row[];
  gone: number[];
  done: boolean;
  more: boolean;
  /** There is more than is shown. */
  cut: boolean;
  error: string;
}

/** What is dragged over the page, or was let go on it (then `serial` grows). */
export interface FilesDrag {
  serial: number;
  over: boolean;
  /** Parts of the page's width and height. */
  x?: number;
  y?: number;
  /** Something is dragged out of this very window, wherever it is. */
  dragging?: boolean;
  /** What is over the page comes out of it. */
  own?: boolean;
  /** It comes out of a window of Files. */
  files?: boolean;
  moves?: boolean;
}

export interface FilesPlace {
  place: string;
  name: string;
  group: "home" | "disks" | "mesh";
}

export interface FilesJob {
  job: number;
  kind: "copy" | "move" | "trash" | "restore" | "delete";
  name: string;
  at: number;
  files: number;
  bytes: number;
  total: number;
  question?: { name: string; folder: boolean; more: boolean };
}

/** What has come of something that was done. */
export interface Deed {
  /** 0: it cannot be taken back. */
  undo: number;
  done: number;
  /** What went wrong with some of it. */
  error: string;
  ids: number[];
}

// SPDX-License-Identifier: GPL-3.0-or-later
// What takes a while: how far it is, the way to end it, and what it asks.
import { useState } from "react";
import { Dialog } from "../../lib/dialog";
import type { FilesJob } from "../../lib/files";
import { formatBytes } from "../../lib/format";
import { tell } from "../../lib/host";
import { t, tn } from "../../lib/i18n";

function sentenceOf({ kind, files }: FilesJob): string {
  switch (kind) {
    case "copy": return tn("Copying {n} item", "Copying {n} items", files);
    case "move": return tn("Moving {n} item", "Moving {n} items", files);
    case "trash": return tn("Moving {n} item to the trash", "Moving {n} items to the trash", files);
    case "restore": return tn("Restoring {n} item", "Restoring {n} items", files);
    case "delete": return tn("Deleting {n} item", "Deleting {n} items", files);
  }
}

export function Jobs({ jobs }: { jobs: readonly FilesJob[] }) {
  return (
    <section className="jobs" aria-label={t("What is being done")}>
      {jobs.map((job) => {
        const { job: number, name, bytes, total, at, files } = job;
        const part = total > 0 ? bytes / total : at / Math.max(files, 1);
        return (
          <div key={number} className="job" role="status">
            <div className="what">
              <span>{sentenceOf(job)}</span>
              <span className="detail" dir="auto">{name}</span>
            </div>
            <progress max={1} value={Math.min(part, 1)} aria-label={sentenceOf(job)} />
            <span className="amount">{total > 0 ? t("{done} of {all}", { done: formatBytes(Math.min(bytes, total)), all: formatBytes(total) }) : ""}</span>
            <button type="button" className="push" onClick={() => tell("files.cancel", { job: number })}>
              {t("Stop")}
            </button>
          </div>
        );
      })}
    </section>
  );
}

/** Something of that name is there. */
export function Conflict({ job, question, onAnswered }: { job: number; question: NonNullable<FilesJob["question"]>; onAnswered: () => void }) {
  const [all, setAll] = useState(false);
  const answer = (how: "replace" | "keep" | "skip") => {
    tell("files.answer", { job, answer: how, all });
    onAnswered();
  };
  return (
    <Dialog
      title={question.folder ? t("There is a folder “{name}” already", { name: question.name }) : t("There is a file “{name}” already", { name: question.name })}
      leave={t("Skip")}
      onCancel={() => answer("skip")}
      choices={[
        { label: t("Keep both"), run: () => answer("keep") },
        { label: t("Replace"), destructive: true, run: () => answer("replace") },
      ]}
    >
      <p>{t("What is replaced goes to the trash.")}</p>
      {question.more ? (
        <label className="check">
          <input type="checkbox" checked={all} onChange={(event) => setAll(event.target.checked)} />
          {t("The same for all others")}
        </label>
      ) : null}
    </Dialog>
  );
}

"""The real pages in a real session, with a script of the test's beside theirs: GLib lays a folder over the resources that
the programs have (G_RESOURCE_OVERLAYS), so that nothing of this is in what people install."""

import base64
import json
import os
import pathlib
import re
import shutil
import tempfile

from session import Session, wait_for

HERE = pathlib.Path(__file__).parent
TOP = HERE.parents[2]
BUILT = TOP / "build" / os.environ.get("INOS_BUILD", "debug") / "shell" / "ui"
FOLDERS = {"shell": BUILT / "inos-shell-ui.c.p", "app": BUILT / "inos-app-ui.c.p"}


class Pages:
    """A session whose pages do what they are told. Use it in a with statement."""

    def __init__(self, scripts=(), files=(), environment=None, **options):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="inos-pages-"))
        self.numbers = {}
        more = "".join(path.read_text() for path in (*scripts, HERE / "driver.js"))
        for bundle in sorted(BUILT.glob("*.p/*.html")):
            script = bundle.with_suffix(".js")
            (self.folder / script.name).write_text(script.read_text() + "\n" + more)
        for path in files:
            shutil.copy(path, self.folder)
        assert list(self.folder.iterdir()), f"no pages in {BUILT}"
        self.session = Session(environment={"G_RESOURCE_OVERLAYS": f"/org/inos/shell/ui={self.folder}",
                                            **(environment or {})}, **options)

    def __enter__(self):
        self.session.__enter__()
        return self

    def __exit__(self, *failed):
        try:
            self.session.__exit__(*failed)
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def said(self):
        """What the pages answered: {(page, number): answer}."""
        answers = {}
        for path in (self.session.folder / "state" / "inos" / "log").glob("*.log*"):
            for line in path.read_text(errors="replace").splitlines():
                told = re.search("tried to open inos-test:([^;]+);", line)
                if told:
                    answer = json.loads(base64.urlsafe_b64decode(told.group(1)))
                    answers[answer["page"], answer["number"]] = answer
        return answers

    def ask(self, page, body, seconds=20):
        """Runs the body of an async function in a page; what it returns."""
        number = self.numbers[page] = self.numbers.get(page, 0) + 1
        path = self.folder / f"test-{page}-{number}.js"
        path.with_suffix(".new").write_text(f"inosTest({number}, async () => {{ {body} }});")
        path.with_suffix(".new").rename(path)
        answer = wait_for(lambda: f"{page} does not answer: {self.session.log('shell')[-1500:]}",
                          lambda: self.said().get((page, number)), seconds)
        path.write_text("")  # a page that begins anew does not do it again
        assert "error" not in answer, answer
        return answer["value"]

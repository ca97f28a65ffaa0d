"""What polkit's agent needs around it: polkitd's stand-in, and a helper in the place of polkit's own, which says whose
password is right (no test has a person's); the agent sees it there and nobody else."""

import os
import pathlib
import shutil
import subprocess
import sys

from session import wait_for

HELPER = "/usr/lib/polkit-1/polkit-agent-helper-1"
NAME, PATH, TEST = "org.freedesktop.PolicyKit1", "/org/freedesktop/PolicyKit1/Authority", "org.inos.Test1"
# In the file "mode" is what PAM does. A right password is the account's name backwards.
SCRIPT = """#!/bin/sh
read -r cookie
mode=$(cat {folder}/mode)
say() {{ printf '%s\\n' "$*"; }}
right() {{
  gdbus call --address "$DBUS_SYSTEM_BUS_ADDRESS" --dest org.freedesktop.PolicyKit1 \\
    --object-path /org/freedesktop/PolicyKit1/Authority \\
    --method org.freedesktop.PolicyKit1.Authority.AuthenticationAgentResponse2 0 "$cookie" \\
    "('unix-user', {{'uid': <uint32 $(id -u "$1")>}})" >/dev/null
  say SUCCESS
  exit 0
}}
case $mode in
  finger) say PAM_TEXT_INFO Swipe your finger over the reader
    until [ -e {folder}/swiped ]; do sleep 0.05; done
    right "$1" ;;
  broken) say PAM_ERROR_MSG The module is not there; say FAILURE; exit 1 ;;
  crash) kill -9 $$ ;;
  hostile) say "PAM_TEXT_INFO <b>bold</b>$(head -c 300000 /dev/zero | tr '\\0' A)"
    say PAM_ERROR_MSG "$(printf 'one\\001\\033[31mtwo')" ;;
  code) say PAM_PROMPT_ECHO_ON "Code of your token: "; read -r answer; [ "$answer" = 123456 ] || {{ say FAILURE; exit 1; }} ;;
esac
say PAM_PROMPT_ECHO_OFF "Password: "
read -r answer || exit 1
[ "$mode" = slow ] && until [ -e {folder}/go ]; do sleep 0.05; done
[ "$answer" = "$(say "$1" | rev)" ] && right "$1"
say FAILURE
exit 1
"""


class Polkit:
    """On a Machine's system bus."""

    def __init__(self, machine):
        self.machine, self.folder, self.process = machine, machine.folder, None
        helper, agent = self.folder / "helper", self.folder / "agent"
        helper.write_text(SCRIPT.format(folder=self.folder))
        program = pathlib.Path(shutil.which("inos-shell")).parents[1] / "libexec" / "inos-polkit-agent"
        agent.write_text(f"#!/bin/sh\nexec bwrap --die-with-parent --dev-bind / / --ro-bind {helper} {HELPER} {program} \"$@\"\n")
        for file in (helper, agent):
            file.chmod(0o755)
        machine.environment["INOS_POLKIT_AGENT"] = str(agent)
        self.agent = agent
        self.play("password")

    def play(self, mode):
        (self.folder / "mode").write_text(mode)
        for name in ("swiped", "go"):
            (self.folder / name).unlink(missing_ok=True)

    def touch(self, name):
        (self.folder / name).touch()

    def serve(self):
        self.process = subprocess.Popen([sys.executable, str(pathlib.Path(__file__).with_name("polkit_stand_in.py")),
                                         self.machine.environment["DBUS_SYSTEM_BUS_ADDRESS"]], env=dict(os.environ))
        wait_for("no stand-in", lambda: self.machine.has(NAME), 20)

    def end(self):
        if self.process:
            self.process.kill()
            self.process.wait(60)
        self.process = None

    def call(self, method, signature=None, *arguments):
        answer = self.machine.call(NAME, PATH, TEST, method, signature, *arguments)
        return answer[0] if answer else None

    def agents(self):
        return self.call("Agents")

    def ask(self, message="Authentication is needed to run “/usr/bin/true” as the super user", pid=None,
            people=(0,), action="org.freedesktop.policykit.exec"):
        details = {"polkit.subject-pid": str(pid or os.getpid())}
        return self.call("Begin", "(ssa{ss}au)", action, message, details, list(people))

    def result(self, number):
        return self.call("Result", "(u)", number)

    def cancel(self, number):
        self.call("Cancel", "(u)", number)

    def responses(self):
        return self.call("Responses")

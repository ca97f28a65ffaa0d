# SPDX-License-Identifier: GPL-3.0-or-later
"""A system bus with polkit on it for the tests of the node of the system: the real polkitd, with the policy that is installed
and a rule of the test's, where the tests are root and may mount; else a stand-in that knows as much of it as they ask."""

import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import time

import gi

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib  # noqa: E402

NAME, PATH = "org.freedesktop.PolicyKit1", "/org/freedesktop/PolicyKit1/Authority"
DAEMON = "/usr/lib/polkit-1/polkitd"
CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>unix:path={top}/bus</listen><auth>EXTERNAL</auth>
<policy context="default"><allow user="*"/><allow own="*"/><allow send_destination="*"/><allow receive_sender="*"/>
<allow send_requested_reply="true" send_type="method_return"/><allow send_requested_reply="true" send_type="error"/></policy>
</busconfig>
"""
RULE = """polkit.addRule(function(action, subject) {{
  if (action.id.indexOf("org.inos.node.") == 0 && subject.user == "{friend}")
    return action.id == "org.inos.node.actors" ? polkit.Result.NO : polkit.Result.YES;
}});
"""
STAND_IN = """<node><interface name="org.freedesktop.PolicyKit1.Authority">
<method name="CheckAuthorization"><arg type="(sa{sv})" direction="in"/><arg type="s" direction="in"/>
<arg type="a{ss}" direction="in"/><arg type="u" direction="in"/><arg type="s" direction="in"/>
<arg type="(bba{ss})" direction="out"/></method>
<method name="CancelCheckAuthorization"><arg type="s" direction="in"/></method></interface></node>"""


AGENT = """<node><interface name="org.freedesktop.PolicyKit1.AuthenticationAgent">
<method name="BeginAuthentication"><arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="s" direction="in"/>
<arg type="a{ss}" direction="in"/><arg type="s" direction="in"/><arg type="a(sa{sv})" direction="in"/></method>
<method name="CancelAuthentication"><arg type="s" direction="in"/></method></interface></node>"""


class Agent:
    """Who asks a person for a password, in the place of the shell's: for what this process asks, and what the person does is the
    test's: answer() is a right password, refuse() a dialog that is closed."""

    def __init__(self, polkit):
        self.bus, self.asked = polkit.connection, []
        self.bus.register_object("/agent", Gio.DBusNodeInfo.new_for_xml(AGENT).interfaces[0], self.on_call, None, None)
        process = ("unix-process", {"pid": GLib.Variant("u", os.getpid()), "start-time": GLib.Variant("t", 0)})
        self.call("RegisterAuthenticationAgent", GLib.Variant("((sa{sv})ss)", (process, "de_DE.UTF-8", "/agent")))

    def call(self, method, arguments):
        self.bus.call_sync(NAME, PATH, f"{NAME}.Authority", method, arguments, None, 0, 20000, None)

    def on_call(self, bus, sender, path, interface, method, arguments, invocation):
        if method == "BeginAuthentication":
            self.asked.append((arguments.unpack(), invocation))
        else:
            self.asked.clear()
            invocation.return_value(None)

    def wait(self):
        """The action, and what the person reads."""
        context = GLib.MainContext.default()
        Polkit.until(lambda: context.iteration(False) and False or self.asked, "a question for a password")
        return self.asked[0][0][:2]

    def answer(self):
        arguments, invocation = self.asked.pop(0)
        root = ("unix-user", {"uid": GLib.Variant("u", 0)})
        self.call("AuthenticationAgentResponse2", GLib.Variant("(us(sa{sv}))", (0, arguments[4], root)))
        invocation.return_value(None)

    def refuse(self):
        self.asked.pop(0)[1].return_dbus_error("org.freedesktop.PolicyKit1.Error.Cancelled", "closed")


class Polkit:
    """@owner: whose node asks. @friend: a user whom the rule lets do all but what is done to actors."""

    def __init__(self, top, policy, owner, friend):
        self.top, self.friend, self.daemon = top, friend, None
        with open(top + "/bus.conf", "w", encoding="utf-8") as file:
            file.write(CONFIG.format(top=top))
        self.bus = subprocess.Popen(["dbus-daemon", "--nofork", "--nopidfile", "--print-address", "--config-file", top + "/bus.conf"],
                                    stdout=subprocess.PIPE, text=True)
        self.address = self.bus.stdout.readline().strip()
        for folder in ("actions", "rules"):
            os.mkdir(f"{top}/{folder}")
            os.chmod(f"{top}/{folder}", 0o755)  # polkitd reads it, whatever the umask
        with open(policy, encoding="utf-8") as file, open(top + "/actions/org.inos.node.policy", "w", encoding="utf-8") as out:
            out.write(file.read().replace("unix-user:inos", f"unix-user:{owner}"))
        with open(top + "/rules/10-test.rules", "w", encoding="utf-8") as file:
            file.write(RULE.format(friend=friend))
        for file in ("actions/org.inos.node.policy", "rules/10-test.rules"):
            os.chmod(f"{top}/{file}", 0o644)
        flags = Gio.DBusConnectionFlags
        self.connection = Gio.DBusConnection.new_for_address_sync(
            self.address, flags.AUTHENTICATION_CLIENT | flags.MESSAGE_BUS_CONNECTION, None, None)
        try:
            self.is_real = self.start()
        except Exception:
            self.close()
            raise

    @staticmethod
    def until(predicate, what, seconds=20):
        end = time.monotonic() + seconds
        while not predicate():
            assert time.monotonic() < end, f"waited in vain for {what}"
            time.sleep(0.02)

    def is_there(self):
        return self.connection.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "NameHasOwner",
                                         GLib.Variant("(s)", (NAME,)), None, 0, 20000, None).unpack()[0]

    def run(self, *argv):
        self.daemon = subprocess.Popen(argv, env=dict(os.environ, DBUS_SYSTEM_BUS_ADDRESS=self.address))
        self.until(lambda: self.is_there() or self.daemon.poll() is not None, "polkit")
        return self.daemon.poll() is None

    def start(self):
        """Returns whether it is the real one."""
        mounts = " && ".join(f"mount --bind {self.top}/{here} {there}" for here, there in
                             (("actions", "/usr/share/polkit-1/actions"), ("rules", "/etc/polkit-1/rules.d")))
        may = ["unshare", "--mount", "sh", "-c", mounts]
        if os.path.exists(DAEMON) and shutil.which("unshare") and \
                subprocess.run(may, stderr=subprocess.DEVNULL, check=False).returncode == 0:
            as_polkitd = "setpriv --reuid=polkitd --regid=polkitd --clear-groups"
            if self.run("unshare", "--mount", "sh", "-c", f"{mounts} && exec {as_polkitd} {DAEMON} --no-debug --log-level=err"):
                return True
        print("# with a stand-in in polkitd's place: the real one cannot be started here", flush=True)
        self.run(sys.executable, __file__, f"{self.top}/actions/org.inos.node.policy", self.friend)
        return False

    def pause(self):
        self.daemon.send_signal(signal.SIGSTOP)

    def go_on(self):
        self.daemon.send_signal(signal.SIGCONT)

    def stop(self):
        if self.daemon:
            self.daemon.kill()
            self.daemon.wait(20)
            self.daemon = None
            self.until(lambda: not self.is_there(), "polkit's end")

    def close(self):
        self.stop()
        self.connection.close_sync(None)
        self.bus.terminate()
        self.bus.wait(20)


def stand_in(policy, friend):
    with open(policy, encoding="utf-8") as file:
        anybody = dict(re.findall(r'<action id="([^"]*)">.*?<allow_any>(\w*)</allow_any>', file.read(), re.DOTALL))

    def on_call(bus, sender, path, interface, method, arguments, invocation):
        if method != "CheckAuthorization":
            invocation.return_value(None)
            return
        subject, action = arguments.unpack()[:2]
        word = anybody[action]
        if subject[1]["uid"] == friend:
            word = "no" if action == "org.inos.node.actors" else "yes"
        invocation.return_value(GLib.Variant("((bba{ss}))", ((word == "yes", word.startswith("auth"), {}),)))

    bus = Gio.bus_get_sync(Gio.BusType.SYSTEM, None)
    bus.register_object(PATH, Gio.DBusNodeInfo.new_for_xml(STAND_IN).interfaces[0], on_call, None, None)
    Gio.bus_own_name_on_connection(bus, NAME, Gio.BusNameOwnerFlags.NONE, None, None)
    GLib.MainLoop().run()


if __name__ == "__main__":
    stand_in(sys.argv[1], pwd.getpwnam(sys.argv[2]).pw_uid)

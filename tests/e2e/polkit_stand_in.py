"""Stands in for polkitd on the test's system bus, since the real one asks logind about sessions, which the test machines
lack, and lets root do everything. It keeps who registered, asks what the test says, and notes what the helper says.
tests/login/test_polkit.py has the real one."""

import sys

import gi

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib  # noqa: E402

NAME, PATH, TEST = "org.freedesktop.PolicyKit1", "/org/freedesktop/PolicyKit1/Authority", "org.inos.Test1"
AGENT = "org.freedesktop.PolicyKit1.AuthenticationAgent"
XML = f"""<node>
<interface name="{NAME}.Authority">
  <method name="RegisterAuthenticationAgent"><arg type="(sa{{sv}})" direction="in"/><arg type="s" direction="in"/>
    <arg type="s" direction="in"/></method>
  <method name="RegisterAuthenticationAgentWithOptions"><arg type="(sa{{sv}})" direction="in"/>
    <arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="a{{sv}}" direction="in"/></method>
  <method name="UnregisterAuthenticationAgent"><arg type="(sa{{sv}})" direction="in"/>
    <arg type="s" direction="in"/></method>
  <method name="AuthenticationAgentResponse2"><arg type="u" direction="in"/><arg type="s" direction="in"/>
    <arg type="(sa{{sv}})" direction="in"/></method>
  <signal name="Changed"/>
  <property name="BackendName" type="s" access="read"/><property name="BackendVersion" type="s" access="read"/>
  <property name="BackendFeatures" type="u" access="read"/>
</interface>
<interface name="{TEST}">
  <method name="Begin"><arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="a{{ss}}" direction="in"/>
    <arg type="au" direction="in"/><arg type="u" direction="out"/></method>
  <method name="Result"><arg type="u" direction="in"/><arg type="s" direction="out"/></method>
  <method name="Cancel"><arg type="u" direction="in"/></method>
  <method name="Agents"><arg type="as" direction="out"/></method>
  <method name="Responses"><arg type="as" direction="out"/></method>
</interface></node>"""


class StandIn:
    def __init__(self, bus):
        self.bus, self.agents, self.results, self.responses = bus, {}, [], []
        for interface in Gio.DBusNodeInfo.new_for_xml(XML).interfaces:
            bus.register_object(PATH, interface, self.on_call, self.on_get, None)
        bus.signal_subscribe("org.freedesktop.DBus", "org.freedesktop.DBus", "NameOwnerChanged", None, None, 0,
                             lambda *call: call[5][2] or self.agents.pop(call[5][0], None))

    def on_get(self, bus, sender, path, interface, name):
        return GLib.Variant("u", 1) if name == "BackendFeatures" else GLib.Variant("s", "stand-in")

    def on_call(self, bus, sender, path, interface, method, arguments, invocation):
        a = arguments.unpack()
        invocation.return_value(getattr(self, method)(sender, *a))

    def RegisterAuthenticationAgent(self, sender, subject, locale, path, options=None):
        self.agents[sender] = (subject[1].get("session-id", ""), path)

    RegisterAuthenticationAgentWithOptions = RegisterAuthenticationAgent

    def UnregisterAuthenticationAgent(self, sender, subject, path):
        self.agents.pop(sender, None)

    def AuthenticationAgentResponse2(self, sender, uid, cookie, identity):
        self.responses.append(f"{cookie} {identity[1]['uid']}")

    def Begin(self, sender, action, message, details, uids):
        number = len(self.results)
        self.results.append("")
        name, (_, path) = next(iter(self.agents.items()))
        people = [("unix-user", {"uid": GLib.Variant("u", uid)}) for uid in uids]

        def on_reply(bus, result):
            try:
                bus.call_finish(result)
                self.results[number] = "ok"
            except GLib.Error as error:
                self.results[number] = error.message

        self.bus.call(name, path, AGENT, "BeginAuthentication",
                      GLib.Variant("(sssa{ss}sa(sa{sv}))", (action, message, "", details, f"cookie-{number}", people)),
                      None, Gio.DBusCallFlags.NONE, 600000, None, on_reply)
        return GLib.Variant("(u)", (number,))

    def Result(self, sender, number):
        return GLib.Variant("(s)", (self.results[number],))

    def Cancel(self, sender, number):
        name, (_, path) = next(iter(self.agents.items()))
        self.bus.call(name, path, AGENT, "CancelAuthentication", GLib.Variant("(s)", (f"cookie-{number}",)), None,
                      Gio.DBusCallFlags.NONE, -1, None, None)

    def Agents(self, sender):
        return GLib.Variant("(as)", ([session for session, _ in self.agents.values()],))

    def Responses(self, sender):
        return GLib.Variant("(as)", (self.responses,))


if __name__ == "__main__":
    bus = Gio.DBusConnection.new_for_address_sync(
        sys.argv[1], Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT
        | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION, None, None)
    stand_in = StandIn(bus)
    Gio.bus_own_name_on_connection(bus, NAME, Gio.BusNameOwnerFlags.NONE, None, None)
    GLib.MainLoop().run()

"""A screen reader without a voice: asks AT-SPI in the session it is started in. A command a line on standard input,
an answer in JSON a line on standard output."""

import json
import sys

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

# A tree that has no end is not ours.
MOST = 4000
heard = []


def on_event(event):
    source = event.source
    try:
        heard.append({"type": event.type, "detail": event.detail1, "path": source.path, "app": event.sender.get_name(),
                      "role": source.get_role_name(), "name": source.get_name(), "attributes": source.get_attributes(),
                      "text": event.any_data if isinstance(event.any_data, str) else ""})
    except GLib.Error:
        pass  # it went before it was asked


def states(node):
    return sorted(state.value_nick for state in node.get_state_set().get_states())


def describe(node, left):
    """The node with all that is in it; what goes while it is asked is left out."""
    left[0] -= 1
    found = {"role": node.get_role_name(), "name": node.get_name() or "", "states": states(node), "path": node.path,
             "attributes": node.get_attributes() or {}, "children": []}
    for at in range(node.get_child_count() if left[0] > 0 else 0):
        try:
            child = node.get_child_at_index(at)
            if child:
                found["children"].append(describe(child, left))
        except GLib.Error:
            continue
    return found


def program(name):
    """The newest of that name: one that was killed may stay for a moment."""
    desktop = Atspi.get_desktop(0)
    desktop.clear_cache()
    for at in reversed(range(desktop.get_child_count())):
        found = desktop.get_child_at_index(at)
        if found and found.get_name() == name:
            found.set_cache_mask(Atspi.Cache.NONE)
            return found
    return None


def programs():
    desktop = Atspi.get_desktop(0)
    desktop.clear_cache()
    children = [desktop.get_child_at_index(at) for at in range(desktop.get_child_count())]
    return [child.get_name() for child in children if child]


def tree(name):
    found = program(name)
    return describe(found, [MOST]) if found else None


def find(node, path):
    if node.path == path:
        return node
    for at in range(node.get_child_count()):
        found = find(node.get_child_at_index(at), path)
        if found:
            return found
    return None


def press(name, path):
    """Does what the thing itself says it does."""
    return find(program(name), path).get_action_iface().do_action(0)


def events():
    taken = list(heard)
    heard.clear()
    return taken


def answer(channel, _):
    line = channel.readline()
    if not line:
        loop.quit()
        return False
    what, *arguments = json.loads(line)
    try:
        said = {"tree": tree, "press": press, "events": events, "programs": programs}[what](*arguments)
    except GLib.Error as error:
        said = {"error": error.message}
    print(json.dumps(said), flush=True)
    return True


Atspi.init()
# What is asked is what is there now.
Atspi.get_desktop(0).set_cache_mask(Atspi.Cache.NONE)
listener = Atspi.EventListener.new(on_event)
for kind in ("object:state-changed:focused", "object:state-changed:checked", "object:state-changed:expanded",
             "object:state-changed:selected", "object:state-changed:pressed", "object:text-changed", "object:children-changed",
             "object:announcement", "object:property-change:accessible-name", "object:active-descendant-changed"):
    listener.register(kind)
loop = GLib.MainLoop()
GLib.io_add_watch(sys.stdin, GLib.IO_IN | GLib.IO_HUP, answer)
print(json.dumps("ready"), flush=True)
loop.run()

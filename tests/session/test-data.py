# SPDX-License-Identifier: GPL-3.0-or-later
"""What Inos installs for others to read: units, desktop entries, settings, icons. Prints TAP.

Usage: test-data.py DATA_SOURCE DATA_BUILD BINDIR
"""

import glob
import os
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree

SOURCE, BUILD, BINDIR = sys.argv[1:4]
LANGUAGES = ("ar", "de", "es", "fr", "ja", "zh_CN")


def run(*argv, **extra):
    result = subprocess.run(argv, capture_output=True, text=True, check=False, **extra)
    output = result.stdout + result.stderr
    assert result.returncode == 0, "%s: %s" % (" ".join(argv), output)
    return output


def test_desktop_entries(top):
    entries = glob.glob(BUILD + "/*.desktop")
    assert len(entries) == 8, entries
    for entry in entries:
        with open(entry, encoding="utf-8") as file:
            text = file.read()
        # A key of session entries, which every greeter reads and the validator does not know.
        copy = os.path.join(top, os.path.basename(entry))
        with open(copy, "w", encoding="utf-8") as file:
            file.write(text.replace("DesktopNames=", "X-DesktopNames="))
        output = run("desktop-file-validate", copy)
        assert not output, output
        for language in LANGUAGES:
            assert "Comment[%s]=" % language in text, (entry, language)


def test_units(top):
    units = top + "/units"
    os.makedirs(units)
    for unit in [*glob.glob(BUILD + "/inos-*.service"), SOURCE + "/systemd/inos-session.target"]:
        with open(unit, encoding="utf-8") as file:
            text = file.read().replace(BINDIR, "/usr/bin").replace("ExecStart=/usr/bin/inos-",
                                                                   "ExecStart=/usr/bin/true inos-")
        with open(os.path.join(units, os.path.basename(unit)), "w", encoding="utf-8") as file:
            file.write(text)
    names = sorted(glob.glob(units + "/*"))
    assert len(names) == 4, names
    # Debian's foot waits for graphical-session.target as a part of basic.target. In a manager that
    # runs, basic.target is long past; in the checker's empty one it is a circle with any session.
    os.symlink("/dev/null", units + "/foot-server.socket")
    environment = dict(os.environ, XDG_RUNTIME_DIR=top, SYSTEMD_UNIT_PATH=units + ":", SYSTEMD_LOG_LEVEL="warning")
    output = run("systemd-analyze", "verify", "--user", "--man=no", "--recursive-errors=one", *names,
                 env=environment)
    complaints = [line for line in output.splitlines() if "inos-" in line]
    assert not complaints, "\n".join(complaints)


def test_system_units(top):
    with open(BUILD + "/system-inos-node.service", encoding="utf-8") as file:
        text = file.read().replace(BINDIR + "/inos-node", "/usr/bin/true")
    with open(top + "/inos-node.service", "w", encoding="utf-8") as file:
        file.write(text)
    shutil.copy(SOURCE + "/system/inos-node.socket", top)
    environment = dict(os.environ, SYSTEMD_UNIT_PATH=top + ":", SYSTEMD_LOG_LEVEL="warning")
    output = run("systemd-analyze", "verify", "--man=no", "--recursive-errors=one", top + "/inos-node.service",
                 top + "/inos-node.socket", env=environment)
    complaints = [line for line in output.splitlines() if "inos-node" in line]
    assert not complaints, "\n".join(complaints)
    # 10.0 is all that a process can be given, 0.0 nothing.
    run("systemd-analyze", "security", "--offline=true", "--threshold=20", top + "/inos-node.service",
        env=environment)


def test_metainfo():
    files = glob.glob(SOURCE + "/metainfo/*.xml")
    assert len(files) == 4, files
    run("appstreamcli", "validate", "--no-net", "--override=url-homepage-missing=info", *files)


def test_settings(top):
    run("glib-compile-schemas", "--strict", "--targetdir=" + top, SOURCE + "/schemas")


def test_icons():
    for icon in glob.glob(SOURCE + "/icons/*.svg"):
        root = ElementTree.parse(icon).getroot()
        assert root.tag == "{http://www.w3.org/2000/svg}svg" and root.get("viewBox"), icon


def activate(top, session):
    """Calls the bus for org.inos.Node1 where inos-bridge is a stub; was the stub started?"""
    services = top + "/dbus-1/services"
    os.makedirs(services)
    with open(BUILD + "/org.inos.Node1.service", encoding="utf-8") as file:
        text = file.read().replace(BINDIR + "/inos-bridge", top + "/stub")
    with open(services + "/org.inos.Node1.service", "w", encoding="utf-8") as file:
        file.write(text)
    with open(top + "/stub", "w", encoding="utf-8") as file:
        file.write("#!/bin/sh\n: >%s/started\n" % top)
    os.chmod(top + "/stub", 0o755)
    environment = {k: v for k, v in os.environ.items() if k != "INOS_SESSION"}
    environment["XDG_DATA_DIRS"] = top
    if session:
        environment["INOS_SESSION"] = "1"
    address = "unix:path=%s/bus" % top
    with subprocess.Popen(["dbus-daemon", "--session", "--nofork", "--print-address=1",
                           "--address=" + address], env=environment, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as daemon:
        daemon.stdout.readline()
        subprocess.run(["gdbus", "call", "--address", address, "--timeout", "1", "--dest",
                        "org.inos.Node1", "--object-path", "/", "--method",
                        "org.freedesktop.DBus.Peer.Ping"], capture_output=True, check=False)
        time.sleep(0.2)
        daemon.terminate()
    return os.path.exists(top + "/started")


def test_activation_without_a_session_starts_the_bridge(top):
    assert activate(top, session=False)


def test_activation_in_a_session_starts_nothing(top):
    assert not activate(top, session=True)


def main():
    tests = sorted((n, f) for n, f in globals().items() if n.startswith("test_"))
    print("1..%d" % len(tests))
    failed = 0
    for number, (name, test) in enumerate(tests, 1):
        top = tempfile.mkdtemp(prefix="inos-d-")
        try:
            test(top) if test.__code__.co_argcount else test()
            print("ok %d - %s" % (number, name), flush=True)
        except Exception as error:  # noqa: BLE001 - a test may fail in any way
            failed += 1
            print("not ok %d - %s" % (number, name))
            print("# " + str(error).replace("\n", "\n# "), flush=True)
        shutil.rmtree(top)
    return 1 if failed else 0


sys.exit(main())

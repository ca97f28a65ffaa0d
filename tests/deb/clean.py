# SPDX-License-Identifier: GPL-3.0-or-later
"""A clean Debian 13 at /clean, which has what the packages need and nothing else, and what is done in there.

tools/deb.sh unpacks it, and runs the tests as root, or as the root of a user namespace.
"""

import glob
import os
import re
import subprocess

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DEBS = TOP + "/build/deb"
CLEAN = "/clean"
# What dpkg, apt and the tools that they call remember of any package.
REMEMBERED = re.compile(
    r"/(dev|proc|sys|run|tmp)/|/var/(log|cache)/|/var/lib/(dpkg|apt|systemd/catalog|systemd/deb-systemd-[a-z-]+)/"
    r"|/var/lib/dbus|/etc/(passwd|group|shadow|gshadow|subuid|subgid)-$|/etc/ld.so.cache$|/etc/\.pwd\.lock$"
    r"|/usr/share/(glib-2\.0/schemas/gschemas\.compiled|applications/mimeinfo\.cache|icons/hicolor/icon-theme\.cache)$")


def inside(*argv, status=0, user=None):
    """Runs a command in the clean Debian; returns what it printed."""
    wrapped = ["bwrap", "--die-with-parent", "--bind", CLEAN, "/", "--dev", "/dev", "--proc", "/proc",
               "--ro-bind", "/sys", "/sys", "--tmpfs", "/run", "--perms", "1777", "--tmpfs", "/tmp",
               "--ro-bind", DEBS, "/mnt", "--clearenv", "--setenv", "PATH", "/usr/sbin:/usr/bin:/sbin:/bin",
               "--setenv", "HOME", "/root", "--setenv", "LC_ALL", "C.UTF-8",
               "--setenv", "DEBIAN_FRONTEND", "noninteractive", "--chdir", "/"]
    if user:
        argv = ("setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups", *argv)
    result = subprocess.run([*wrapped, *argv], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                            stdin=subprocess.DEVNULL, timeout=300, check=False)
    assert result.returncode == status, f"{' '.join(argv)}: {result.returncode}\n{result.stdout}"
    return result.stdout


def apt(*argv):
    return inside("apt-get", "-qy", "-o", "APT::Sandbox::User=root", "-o", "Dpkg::Options::=--force-unsafe-io",
                  "--no-install-recommends", *argv)


def packages(folder=DEBS):
    """Name → file, without those of debugging symbols."""
    found = sorted(glob.glob(folder + "/*.deb"))
    return {os.path.basename(f).split("_")[0]: f for f in found if "-dbgsym_" not in f}


def field(deb, name):
    return subprocess.run(["dpkg-deb", "-f", deb, name], capture_output=True, text=True, check=True).stdout.strip()


def contents(deb):
    """Its files and links, sorted, as `type path`."""
    listing = subprocess.run(["dpkg-deb", "-c", deb], capture_output=True, text=True, check=True).stdout
    rows = [line.split(None, 5) for line in listing.splitlines()]
    return sorted(row[5][1:].split(" -> ")[0] for row in rows if not row[0].startswith("d"))


def files():
    """All that is there, but what REMEMBERED says."""
    found = set()
    for folder, folders, names in os.walk(CLEAN):
        for name in folders + names:
            path = os.path.join(folder, name)[len(CLEAN):]
            if not REMEMBERED.search(path + ("/" if name in folders else "")) and not REMEMBERED.search(path):
                found.add(path)
    return found


def older(version, folder):
    """The same packages under a lower version, in @folder."""
    os.makedirs(folder)
    for deb in packages().values():
        tree = folder + "/tree"
        subprocess.run(["dpkg-deb", "-R", deb, tree], check=True)
        control = tree + "/DEBIAN/control"
        with open(control, encoding="utf-8") as file:
            text = file.read().replace(field(deb, "Version"), version)
        with open(control, "w", encoding="utf-8") as file:
            file.write(text)
        subprocess.run(["dpkg-deb", "--root-owner-group", "-Znone", "-b", tree, folder], check=True,
                       capture_output=True)
        subprocess.run(["rm", "-r", tree], check=True)

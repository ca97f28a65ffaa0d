# SPDX-License-Identifier: GPL-3.0-or-later
"""Sets a machine up, when it starts for the first time, as the file on its EFI system partition says.

Started by inos-first-boot.service before anybody can log in. A file with a mistake changes nothing and
stays, so that it can be corrected; each step can be done again, should the machine be switched off in
the middle. When all is done the file is removed, since it has secrets.

Usage: first_boot.py FILE
"""

import os
import pathlib
import pwd
import shutil
import socket
import subprocess
import sys

import declaration

ROOT = pathlib.Path("/")  # tests have another
STATE = "var/lib/inos-first-boot"
ADMIN_GROUPS = ("sudo", "adm", "systemd-journal", "inos")


def say(text):
    print(text, flush=True)


def run(*argv, **extra):
    """A program that must succeed; what it says goes to the journal."""
    subprocess.run(argv, check=True, stdin=None if "input" in extra else subprocess.DEVNULL, text=True, **extra)


def put(path, text, mode=0o644, owner=None):
    """Writes a file, whole or not at all. @owner: an entry of the accounts, whose folders on the way are made too."""
    target = ROOT / path
    missing = [folder for folder in (target.parent, *target.parent.parents) if not folder.exists()]
    target.parent.mkdir(parents=True, exist_ok=True)
    new = target.with_name(target.name + ".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8") as file:
        file.write(text)
        os.fchmod(file.fileno(), mode)
        os.fsync(file.fileno())
    if owner:
        for made in (new, *missing):
            os.chown(made, owner.pw_uid, owner.pw_gid)
    os.replace(new, target)


def set_hostname(name):
    put("etc/hostname", name + "\n")
    put("etc/hosts", f"127.0.0.1 localhost\n127.0.1.1 {name}\n::1 localhost ip6-localhost ip6-loopback\n")
    socket.sethostname(name)


def set_locale(locale):
    have = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=True).stdout.split()
    if locale.replace(".UTF-8", ".utf8") not in have:
        say(f"making the locale {locale}")
        put("etc/locale.gen", f"{locale} UTF-8\n")
        run("locale-gen")
    put("etc/locale.conf", f"LANG={locale}\n")
    # For what starts from now on; systemd reads the file when it starts.
    run("systemctl", "set-environment", f"LANG={locale}")


def set_timezone(zone):
    link = ROOT / "etc/localtime.new"
    link.unlink(missing_ok=True)
    link.symlink_to(f"/usr/share/zoneinfo/{zone}")
    os.replace(link, ROOT / "etc/localtime")
    put("etc/timezone", zone + "\n")


def set_keyboard(keyboard):
    """For the consoles, for the greeter, and for whoever gets an account from now on."""
    put("etc/default/keyboard", 'XKBMODEL="pc105"\n' + "".join(
        f'XKB{key.upper()}="{keyboard.get(key, "")}"\n' for key in ("layout", "variant", "options"))
        + 'BACKSPACE="guess"\n')
    lines = "[keyboard]\n" + "".join(f"{key} = {value}\n" for key, value in keyboard.items())
    put("etc/inos/greeter.ini", lines)
    put("etc/skel/.config/inos/compositor.ini", lines)
    if shutil.which("setupcon"):  # which fails where there is no console, and warns of every key that consoles lack
        subprocess.run(["setupcon", "--save", "--force", "--keyboard-only"], stdin=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, check=False)


def add_user(user, groups):
    """@groups: those that there are."""
    name = user["name"]
    try:
        pwd.getpwnam(name)
    except KeyError:
        run("useradd", "--create-home", "--shell", "/bin/bash", "--comment", user.get("full-name", ""), name)
    if pwd.getpwnam(name).pw_uid < 1000:
        raise declaration.Wrong(f"user.name: {name} is an account of the system's own")
    if user.get("admin"):
        run("usermod", "--append", "--groups", ",".join(group for group in ADMIN_GROUPS if group in groups), name)
    if "password" in user:
        run("chpasswd", "--encrypted", input=f"{name}:{user['password']}\n")
    if "ssh-keys" in user:
        account = pwd.getpwnam(name)
        put(f"home/{name}/.ssh/authorized_keys", "\n".join(user["ssh-keys"]) + "\n", 0o600, account)
        os.chmod(ROOT / f"home/{name}/.ssh", 0o700)


def make_host_key():
    """Also where nobody comes in by SSH yet: Debian's sshd-keygen.service is for a machine's first boot alone."""
    key = ROOT / "etc/ssh/ssh_host_ed25519_key"
    if not key.exists():
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(key))


def start_ssh():
    run("systemctl", "enable", "--now", "--no-block", "ssh.service")


def keep_invitation(code, users):
    """For the node that joins once it runs: the system's, or that of the first person's session."""
    if (ROOT / "usr/lib/inos-image/kind").read_text(encoding="ascii").strip() == "node":
        put(f"{STATE}/invite", code + "\n", 0o600)
    elif users:
        put(f"home/{users[0]['name']}/.local/state/inos-first-join", code + "\n", 0o600, pwd.getpwnam(users[0]["name"]))


def apply(tables):
    machine, users = tables.get("machine", {}), tables.get("user", [])
    for key, step in (("hostname", set_hostname), ("locale", set_locale), ("timezone", set_timezone)):
        if key in machine:
            say(f"{key}: {machine[key]}")
            step(machine[key])
    if tables.get("keyboard"):
        say(f"keyboard: {tables['keyboard']['layout']}")
        set_keyboard(tables["keyboard"])
    groups = {line.split(":")[0] for line in (ROOT / "etc/group").read_text(encoding="utf-8").split("\n")}
    for user in users:
        say(f"account: {user['name']}")
        add_user(user, groups)
    make_host_key()
    if any("ssh-keys" in user for user in users):
        say("who has a key may come in by SSH")
        start_ssh()
    if "invite" in tables.get("mesh", {}):
        say("an invitation to a mesh is kept")
        keep_invitation(tables["mesh"]["invite"], users)


def main(name):
    file = pathlib.Path(name)
    try:
        tables = declaration.read(file.read_bytes(), file.name, declaration.AT_FIRST_BOOT)
        declaration.exists(tables, file.name)
        apply(tables)
    except (declaration.Wrong, OSError, subprocess.CalledProcessError) as error:
        text = f"This machine is not set up: {error}. Correct inos/{file.name} on its EFI system partition, and start again."
        say(text)
        put("run/issue.d/inos-first-boot.issue", f"\n{text}\n\n")  # above the login of consoles
        return 1
    file.unlink()
    os.sync()
    say("This machine is set up.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

# SPDX-License-Identifier: GPL-3.0-or-later
"""What ./dev image is to make, from its options and a declaration: shell variables on standard output.

Usage: plan.py FIRST-BOOT-FILE ARGUMENT=VALUE…, where the arguments are declaration (a file), shown (its name
for people), kind, format, user, password (yes: one line of standard input) and tty (yes: a person may be asked).
"""

import ctypes
import getpass
import pathlib
import shlex
import sys

import declaration
from declaration import Wrong

HINT = "\ndev: say who: --user NAME --password-file FILE, or a declaration (docs/image.md)"


def hashed(password):
    """As Debian's passwd would: yescrypt with a salt of its own."""
    crypt = ctypes.CDLL("libcrypt.so.1")
    for function in (crypt.crypt_gensalt, crypt.crypt):
        function.restype = ctypes.c_char_p
    salt = crypt.crypt_gensalt(b"$y$", ctypes.c_ulong(0), None, 0)
    result = salt and crypt.crypt(password.encode(), salt)
    if not result or result.startswith(b"*"):
        raise Wrong("the password could not be hashed")
    return result.decode()


def ask(name):
    for _ in range(3):
        password = getpass.getpass(f"Password for {name}: ")
        if not password:
            print("dev: an empty password would let in anybody", file=sys.stderr)
        elif getpass.getpass("The same again: ") == password:
            return password
        else:
            print("dev: these are not the same", file=sys.stderr)
    raise Wrong("no password was chosen")


def read_password():
    # As editors of Windows end lines, and begin files.
    line = sys.stdin.readline(1024).rstrip("\r\n").removeprefix("\ufeff")
    if not line or "\x00" in line:
        raise Wrong("--password-file: its first line is no password")
    return line


def account(options):
    """Whom the options name, or a person at the terminal; None where nobody does."""
    name = options.get("user")
    if not name and options.get("tty") == "yes":
        # What is asked must not be taken for the answer of this program.
        print("dev: who is to log in there, as administrator?", "Name, in small letters: ", sep="\n", end="", file=sys.stderr, flush=True)
        name = sys.stdin.readline(100).strip()
    if not name:
        return None
    try:
        declaration.TABLES["user"]["name"](name)
    except Wrong as wrong:
        raise Wrong(f"--user: {wrong}") from None
    if options.get("password") == "yes":
        password = read_password()
    elif options.get("tty") == "yes":
        password = ask(name)
    else:
        raise Wrong(f"--user {name} wants a password: --password-file FILE, or a terminal to type it on")
    return {"name": name, "password": hashed(password), "admin": True}


def needs_somebody(tables, kind):
    users = tables.get("user", [])
    if kind == "desktop" and not any("password" in user for user in users):
        raise Wrong("nobody could log in there: the greeter makes no accounts, and there is no default password." + HINT)
    if kind == "node" and not any("password" in user or "ssh-keys" in user for user in users) \
            and "invite" not in tables.get("mesh", {}):
        raise Wrong("nobody could reach that node: no account has a password or a key, and nobody invites it." + HINT)


def plan(options):
    """The tables, complete."""
    tables = {}
    shown = options.get("shown", "the declaration")
    if "declaration" in options:
        tables = declaration.read(pathlib.Path(options["declaration"]).read_bytes(), shown)
    image = tables.setdefault("image", {})
    image["kind"] = options.get("kind") or image.get("kind", "desktop")
    image["format"] = options.get("format") or image.get("format", "raw")
    image.setdefault("name", "inos-" + image["kind"])
    if options.get("user") and tables.get("user"):
        raise Wrong(f"--user: {shown} has accounts already; say it there")
    if not tables.get("user") and (options.get("user") or "invite" not in tables.get("mesh", {})):
        somebody = account(options)
        if somebody:
            tables["user"] = [somebody]
    declaration.exists(tables, shown)
    needs_somebody(tables, image["kind"])
    return tables


def main(target, *arguments):
    try:
        tables = plan(dict(argument.partition("=")[::2] for argument in arguments))
    except (Wrong, OSError, EOFError, KeyboardInterrupt) as error:
        print(f"dev: {error or 'interrupted'}", file=sys.stderr)
        return 1
    pathlib.Path(target).write_bytes(declaration.write(tables))
    image = tables["image"]
    values = {
        "image_kind": image["kind"], "image_format": image["format"], "image_name": image["name"],
        "image_size": str(image.get("size", "")), "image_extra": " ".join(sorted(image.get("packages", []))),
        "image_mirror": image.get("mirror", ""), "image_locale": tables.get("machine", {}).get("locale", "C.UTF-8"),
    }
    for name, value in values.items():
        print(f"{name}={shlex.quote(value)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

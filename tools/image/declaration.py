# SPDX-License-Identifier: GPL-3.0-or-later
"""What an image is declared to be, in TOML: read strictly, and said in which line what is wrong.

`./dev image` reads it to make an image, and the machine that starts from the image for the first time
reads what is on its EFI system partition, with this same file. Nothing but Python's own library.
"""

import base64
import binascii
import json
import pathlib
import re
import tomllib

BYTES_MAX = 64 * 1024
LIST_MAX = 200  # packages, users, keys of one user
TEXT_MAX = 4096

ZONES = pathlib.Path("/usr/share/zoneinfo")
LOCALES = pathlib.Path("/usr/share/i18n/SUPPORTED")
LAYOUTS = pathlib.Path("/usr/share/X11/xkb/rules/base.lst")

# Accounts that Debian or Inos have, or may come to have by a package.
SYSTEM_ACCOUNTS = frozenset(
    "root daemon bin sys sync games man lp mail news uucp proxy www-data backup list irc nobody sshd messagebus"
    " polkitd inos avahi rtkit pipewire tss uuidd dnsmasq".split())


class Wrong(Exception):
    """What is wrong with a declaration, in words for whoever wrote it."""

    def __init__(self, text, path=()):
        super().__init__(text)
        self.path = tuple(path)


def _text(pattern, what, longest=TEXT_MAX):
    """A check of a string against a pattern; @what says what it should be."""
    compiled = re.compile(pattern)

    def check(value):
        if not isinstance(value, str):
            raise Wrong(f"has to be a text in quotation marks: {what}")
        if len(value) > longest or not compiled.fullmatch(value):
            raise Wrong(f"{_shown(value)} is not {what}")
        return value
    return check


def _shown(value):
    text = json.dumps(value, ensure_ascii=True)
    return text if len(text) <= 60 else text[:56] + "…\""


def _one_of(*words):
    return _text("|".join(map(re.escape, words)), "one of: " + ", ".join(words))


def _flag(value):
    if not isinstance(value, bool):
        raise Wrong("has to be true or false")
    return value


def _list_of(check):
    def check_list(value):
        if not isinstance(value, list):
            raise Wrong("has to be a list in square brackets")
        if len(value) > LIST_MAX:
            raise Wrong(f"has more than {LIST_MAX} entries")
        values = [check(one) for one in value]
        if len(set(values)) != len(values):
            raise Wrong("names something twice")
        return values
    return check_list


def _size(value):
    """Bytes of "6G" or "900M"."""
    _text(r"[1-9][0-9]{0,5}[MG]", "a size such as 6G or 6000M")(value)
    size = int(value[:-1]) << {"M": 20, "G": 30}[value[-1]]
    if not 1 << 30 <= size <= 2 << 40:
        raise Wrong(f"{value} is not between 1G and 2000G")
    return size


def _account(value):
    _text(r"[a-z][a-z0-9_-]{0,31}", "a name of an account: small letters of a to z, digits, - and _, 32 at most")(value)
    if value in SYSTEM_ACCOUNTS or value.startswith(("systemd-", "_")):
        raise Wrong(f"{value} is an account of the system's own")
    return value


# yescrypt, gost-yescrypt, bcrypt, SHA-512 and SHA-256; what is older is guessed in hours.
_HASH = re.compile(r"\$(y|gy|2b|5|6)\$[./0-9A-Za-z$=,]{20,200}")


def _password(value):
    # What is no hash may be somebody's password and is not shown.
    if not isinstance(value, str) or not _HASH.fullmatch(value):
        raise Wrong("is not a hash that may be kept (yescrypt, bcrypt or SHA-2), as mkpasswd makes one;"
                    " the password itself has no place here")
    return value


def _fields(data):
    """The parts of an SSH key, None where they do not end where it ends."""
    fields = []
    while data:
        size = int.from_bytes(data[:4], "big")
        if len(data) < 4 + size:
            return None
        fields.append(data[4:4 + size])
        data = data[4 + size:]
    return fields


def _ssh_key(value):
    _text(r"[^\x00-\x1f\x7f]+", "one line")(value)
    kind, _, rest = value.partition(" ")
    blob, _, _ = rest.partition(" ")
    known = r"ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)|sk-(ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com"
    if not re.fullmatch(known, kind):
        raise Wrong(f"{_shown(value)} is not a public key as in a file id_….pub")
    try:
        fields = _fields(base64.b64decode(blob, validate=True))
    except (binascii.Error, ValueError):
        fields = None
    if not fields or len(fields) < 2 or fields[0] != kind.encode():
        raise Wrong(f"{_shown(value)} is cut off or changed: its middle is not a key of the kind that it names")
    return value


# The tables, their keys, and what checks a value.
TABLES = {
    "image": {
        "name": _text(r"[a-z0-9][a-z0-9._-]{0,63}", "a name of a file: small letters, digits, dots, - and _"),
        "kind": _one_of("desktop", "node"),
        "format": _one_of("raw", "qcow2"),
        "size": _size,
        "packages": _list_of(_text(r"[a-z0-9][a-z0-9+.-]{1,80}", "a name of a Debian package")),
        "mirror": _text(r"https?://[!-~]{1,500}", "an address of a Debian mirror, http://… or https://…"),
    },
    "machine": {
        "hostname": _text(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", "a host name: letters of a to z, digits and -, 63 at most"),
        "locale": _text(r"C\.UTF-8|[a-z]{2,3}_[A-Z]{2}(\.UTF-8)?(@[a-z]{1,20})?", "a locale such as de_AT.UTF-8 or C.UTF-8"),
        "timezone": _text(r"[A-Za-z][A-Za-z0-9+_-]*(/[A-Za-z0-9][A-Za-z0-9+_-]*){0,2}", "a time zone such as Europe/Vienna", 64),
    },
    "keyboard": {
        "layout": _text(r"[a-z]{2,12}(,[a-z]{2,12}){0,3}", "one to four layouts of XKB such as de or us,ara"),
        "variant": _text(r"[A-Za-z0-9_-]{0,40}(,[A-Za-z0-9_-]{0,40}){0,3}", "variants of XKB, one for each layout"),
        "options": _text(r"[a-z0-9_:-]{0,60}(,[a-z0-9_:-]{1,60}){0,9}", "options of XKB such as compose:ralt"),
    },
    "mesh": {
        "invite": _text(r"inos1[a-z2-7-]{40,600}", "the code that `inosctl mesh invite` gives"),
    },
    "user": {
        "name": _account,
        "full-name": _text(r"[^:,\x00-\x1f\x7f]{1,100}", "a name without colon and comma"),
        "password": _password,
        "admin": _flag,
        "ssh-keys": _list_of(_ssh_key),
    },
}
# What the machine itself reads when it starts for the first time.
AT_FIRST_BOOT = ("machine", "keyboard", "mesh", "user")


def _keys(table, where, found):
    if not isinstance(table, dict):
        raise Wrong(f"has to be a table: [{where}]", found)
    result = {}
    for key, value in table.items():
        check = TABLES[where].get(key)
        if check is None:
            raise Wrong(f"there is no such key; [{where}] has: {', '.join(TABLES[where])}", (*found, key))
        try:
            result[key] = check(value)
        except Wrong as wrong:
            raise Wrong(str(wrong), (*found, key)) from None
    return result


def _users(users):
    if not isinstance(users, list):
        raise Wrong("begins with [[user]], in two pairs of brackets: there may be several", ("user",))
    if len(users) > LIST_MAX:
        raise Wrong(f"there are more than {LIST_MAX}", ("user",))
    result = []
    for number, user in enumerate(users):
        read = _keys(user, "user", ("user", number))
        if "name" not in read:
            raise Wrong("has no name", ("user", number))
        if read["name"] in [other["name"] for other in result]:
            raise Wrong(f"{read['name']} is there twice", ("user", number, "name"))
        result.append(read)
    return result


def _check(tables, only):
    result = {}
    for table, content in tables.items():
        if table not in only:
            raise Wrong(f"there is no such table; there are: {', '.join(only)}", (table,))
        result[table] = _users(content) if table == "user" else _keys(content, table, (table,))
    keyboard = result.get("keyboard", {})
    if keyboard and "layout" not in keyboard:
        raise Wrong("has no layout", ("keyboard",))
    if keyboard.get("variant", "").count(",") > keyboard.get("layout", "").count(","):
        raise Wrong("has more variants than there are layouts", ("keyboard", "variant"))
    return result


def line_of(text, path):
    """The line in which @path, as of a Wrong, is said in a declaration that is TOML; 0 where it is not found."""
    table, number, key = path[0], None, path[-1]
    if len(path) > 1 and isinstance(path[1], int):
        number = path[1]
    here, seen, header = (), -1, 0
    for count, line in enumerate(text.split("\n"), 1):
        match = re.match(r"\s*(\[\[?)\s*[\"']?([^\]\"']+?)[\"']?\s*\]", line)
        if match and not re.match(r"\s*\[[^\]]*=", line):
            here = match[2].strip()
            seen += here == table and match[1] == "[["
            if here == table and number in (None, seen) and not header:
                header = count
        is_here = here == table and number in (None, seen)
        name = re.match(r"\s*[\"']?([^\s\"'=.]+)[\"']?\s*[=.]", line)
        if name and ((is_here and len(path) > 1 and name[1] == key) or (here == () and name[1] == table)):
            return count
    return header


def read(data, name, only=tuple(TABLES)):
    """The tables of a declaration, checked: bytes in, a dict out, whose sizes are bytes.

    Raises Wrong with NAME, the line and the reason."""
    if len(data) > BYTES_MAX:
        raise Wrong(f"{name}: has more than {BYTES_MAX} bytes")
    try:
        text = data.decode("utf-8-sig")  # editors of Windows begin with a mark
        tables = tomllib.loads(text)
    except UnicodeDecodeError as error:
        line = error.object[:error.start].count(b"\n") + 1
        raise Wrong(f"{name}:{line}: is not UTF-8") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        line = re.search(r"at line (\d+)", str(error))
        raise Wrong(f"{name}:{line[1] if line else 1}: is not TOML: {error}") from None
    try:
        return _check(tables, only)
    except Wrong as wrong:
        said = ".".join(str(part) for part in wrong.path if not isinstance(part, int))
        raise Wrong(f"{name}:{line_of(text, wrong.path)}: {said}: {wrong}", wrong.path) from None


def exists(tables, shown):
    """Refuses, with Wrong, a time zone, locale or layout that this Debian does not know. @shown: the declaration's name."""
    machine = tables.get("machine", {})
    zone, locale = machine.get("timezone"), machine.get("locale", "C.UTF-8")
    if zone and ZONES.is_dir() and not (ZONES / zone).is_file():
        raise Wrong(f"{shown}: machine.timezone: there is no time zone {zone}; `timedatectl list-timezones` lists them")
    if locale != "C.UTF-8" and LOCALES.is_file() and f"{locale} UTF-8" not in LOCALES.read_text().split("\n"):
        raise Wrong(f"{shown}: machine.locale: there is no locale {locale} in UTF-8; see {LOCALES}")
    if LAYOUTS.is_file():
        listed = LAYOUTS.read_text().partition("! layout\n")[2].partition("\n! ")[0]
        known = {line.split()[0] for line in listed.split("\n") if line.strip()}
        for layout in filter(None, tables.get("keyboard", {}).get("layout", "").split(",")):
            if layout not in known:
                raise Wrong(f"{shown}: keyboard.layout: there is no layout {layout}; see {LAYOUTS}")


def write(tables):
    """The TOML of what read() gave, for the machine: the same bytes for the same content."""
    lines = []
    for table in AT_FIRST_BOOT:
        content = tables.get(table)
        for entry in content if isinstance(content, list) else [content] if content else []:
            lines.append(f"[[{table}]]" if table == "user" else f"[{table}]")
            lines += [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in entry.items()]
            lines.append("")
    return "\n".join(lines).encode()

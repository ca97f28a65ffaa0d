"""An input method of another maker: what it composes is seen in the text, and goes into it."""

from clients import program, see, window_of
from session import wait_for

PROFILE = """[Groups/0]
Name=Default
Default Layout=us
DefaultIM=keyboard-us

[Groups/0/Items/0]
Name=keyboard-us

[GroupOrder]
0=Default
"""
# Else a card with the layout's name may lie over the line while it is measured.
CONFIG = """[Behavior]
ShowInputMethodInformation=False
ShowInputMethodInformationWhenFocusIn=False
"""


def test_fcitx5_composes_in_a_terminal(session, tmp_path):
    typed = tmp_path / "typed"
    folder = session.folder / "config" / "fcitx5"
    folder.mkdir(parents=True)
    (folder / "profile").write_text(PROFILE)
    (folder / "config").write_text(CONFIG)
    with window_of(session, "foot", "sh", "-c", f"read -r l; echo \"$l\" > {typed}; sleep 60"
                   ) as (_, it), program(session, "fcitx5", "--disable=notifications,xim") as method:
        wait_for(lambda: f"it does not start: {method.said()}",
                 lambda: session.has_name("org.fcitx.Fcitx5"), 10)
        # It is there before it hears of windows.
        wait_for("it serves no text field", lambda: "focus:1" in session.call(
            "org.fcitx.Fcitx5", "/controller", "org.fcitx.Fcitx.Controller1", "DebugInfo")[0])
        x, y = it["Geometry"][:2]
        line = (x, y, x + 200, y + 16)

        def written(picture):
            """How many columns of pixels the text takes, with its cursor."""
            part = picture.crop(line)
            dark = part.getpixel((199, 8))
            return max((i for i in range(200)
                        if any(part.getpixel((i, j)) != dark for j in range(16))), default=0)

        empty = see(session, "client-fcitx5", "no terminal", written)
        session.run("wtype", "a")
        plain = see(session, "client-fcitx5", "no letter comes through it", lambda p: written(p) > written(empty))

        # Its Unicode mode, which shows what is being written, underlined, where the text goes.
        def compose():
            session.run("wtype", "-M", "ctrl", "-M", "shift", "-k", "u", "-m", "shift", "-m", "ctrl")

        compose()
        started = see(session, "client-fcitx5", lambda: f"nothing is composed: {method.said()}",
                      lambda p: written(p) > written(plain))
        # One after the other: foot drops what is composed while it says where its cursor has come to.
        for digit in "263a":
            session.run("wtype", digit)
            started = see(session, "client-fcitx5", f"the {digit} that is composed is not seen",
                          lambda p, before=written(started): written(p) > before)
        assert not typed.exists()
        session.run("wtype", "-k", "space")
        session.run("wtype", "-k", "Return")
        wait_for("nothing arrives", lambda: typed.exists() and typed.read_text())
        assert typed.read_text() == "a☺\n"

"""The graphics are reset: OpenGL's word for it comes from a stand-in (programs/reset-graphics.c), and
all that follows is real: another renderer, other buffers, and programs that draw with the GPU."""

from desk import (CORNER, TICKING, assert_alike, assert_nothing_complains, box_of, calm_screen, close,
                  has_desktop, log, outputs, start, wait_for, wait_until_moving, window)

GPU = True
SAID = "the graphics were reset: a new renderer draws the windows"


def reset(machine, name):
    before = log(machine, "log/compositor").count(SAID)
    machine.user("touch /run/user/1000/reset-graphics")
    # A reset is noticed when something is drawn.
    machine.point(600, 300)
    machine.point(*CORNER)
    wait_for(f"{name}: no new renderer", lambda: log(machine, "log/compositor").count(SAID) == before + 1)


def test_windows_are_drawn_again(machine):
    machine.point(*CORNER)
    before = calm_screen(machine, "reset-before", has_desktop)
    drawn = start(machine, "weston-simple-egl", "org.freedesktop.weston.simple-egl")["id"]
    machine.user(f"inosctl window {drawn} move 960,200")
    written = start(machine, TICKING, "foot")["id"]
    machine.user(f"inosctl window {written} move 200,200")
    for n in range(3):
        reset(machine, f"reset {n + 1}")
        for number in (drawn, written):
            wait_until_moving(machine, "reset", box_of(window(machine, number)["geometry"]))
    close(machine, drawn)
    close(machine, written)
    assert_alike(calm_screen(machine, "reset-after", has_desktop), before, 1)


def test_a_full_screen_window_goes_on(machine):
    number = start(machine, "weston-simple-egl -f -o", "org.freedesktop.weston.simple-egl")["id"]
    wait_for("its buffers are copied", lambda: outputs(machine)["Virtual-1"]["direct_scan_out"])
    # While the window's own buffers are shown nothing is drawn that could fail.
    machine.user("touch /run/user/1000/reset-graphics")
    machine.user("inosctl action invert-colours")
    wait_for("no new renderer", lambda: machine.root("ls /run/user/1000/reset-graphics", check=False).startswith("ls:"))
    wait_until_moving(machine, "reset-inverted", (340, 170, 940, 648))
    machine.user("inosctl action invert-colours")
    wait_for("its buffers are copied", lambda: outputs(machine)["Virtual-1"]["direct_scan_out"])
    wait_until_moving(machine, "reset-full", (340, 170, 940, 648))
    close(machine, number)


def test_nothing_complains(machine):
    assert_nothing_complains(machine)

"""Pictures and films of a screen that a GPU draws, taken in each way that programs have."""

from desk import CORNER, assert_alike, calm_screen, fetch, film, has_desktop

GPU = True
WAYLAND = "WAYLAND_DISPLAY=wayland-0"


def test_every_way_to_take_a_picture_shows_the_screen(machine):
    machine.point(*CORNER)
    screen = calm_screen(machine, "capture", has_desktop)
    for name, command, path in (
            ("wlr-screencopy into memory", f"{WAYLAND} grim -l 1 /tmp/grim.png", "/tmp/grim.png"),
            ("the desktop's own", "inosctl screenshot /tmp/own.png", "/tmp/own.png"),
            ("ext-image-copy-capture into a buffer of the GPU",
             f"{WAYLAND} /usr/lib/inos-test/copy-screen /tmp/copy.ppm", "/tmp/copy.ppm")):
        said = machine.user(command)
        assert "copy-screen" not in command or "/dev/dri/renderD128" in said, name
        assert_alike(fetch(machine, path), screen, 1)


def test_a_program_films_the_screen_through_the_portal(machine):
    machine.point(*CORNER)
    screen = calm_screen(machine, "cast-screen", has_desktop)
    assert_alike(film(machine), screen, 2)

"""A screen that is drawn without a GPU, filmed by a program."""

from desk import CORNER, assert_alike, calm_screen, close, film, has_desktop, start, window


def test_a_program_films_the_screen_through_the_portal(machine):
    machine.point(*CORNER)
    screen = calm_screen(machine, "cast-screen", has_desktop)
    assert_alike(film(machine), screen, 2)


def test_a_private_window_is_black_in_films(machine):
    number = start(machine, "foot -o colors.background=ffffff sleep 600", "foot")["id"]
    machine.user(f"inosctl window {number} private on")
    place = window(machine, number)["geometry"]
    middle = (place["x"] + place["width"] // 2, place["y"] + place["height"] // 2)
    seen = calm_screen(machine, "cast-private", lambda image: image.getpixel(middle) == (255, 255, 255))
    assert seen.getpixel(middle) == (255, 255, 255)
    assert film(machine).getpixel(middle) == (0, 0, 0)
    close(machine, number)

"""Manual pages and completions: valid, and true to what the programs accept. Prints TAP."""

import os
import re
import subprocess
import sys
import traceback

SOURCE = os.environ["INOS_SOURCE"]
INOSCTL = os.environ["INOSCTL"]
MAN = os.path.join(SOURCE, "data", "man")
COMPLETIONS = os.path.join(SOURCE, "data", "completions")


def run(*argv):
    result = subprocess.run(argv, capture_output=True, text=True,
                            env={**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": ""})
    assert result.returncode == 0, f"{argv}: {result.stdout}{result.stderr}"
    return result.stdout


def read(folder, name):
    with open(os.path.join(folder, name), encoding="utf-8") as file:
        return file.read()


def commands():
    """{command: its long options}, as inosctl's own help says."""
    listed = re.findall(r"^  ([a-z-]+) ", run(INOSCTL, "--help").split("Commands:")[1]
                        .split("Options:")[0], re.M)
    assert len(listed) > 5
    return {name: set() if name == "help" else
            set(re.findall(r"^  --([a-z]+)", run(INOSCTL, name, "--help"), re.M)) - {"help"}
            for name in listed}


def test_manual_pages_are_valid():
    pages = [os.path.join(MAN, page) for page in sorted(os.listdir(MAN))]
    assert len(pages) == 10, pages
    run("mandoc", "-T", "lint", "-W", "warning", *pages)


def test_manual_knows_every_command_and_option():
    page = read(MAN, "inosctl.1")
    for command, options in commands().items():
        assert f".It Cm {command}" in page, command
        entry = page.split(f".It Cm {command}")[1].split(".It Cm")[0]
        for option in options:
            assert f"Fl -{option}" in entry, f"{command} --{option}"


def test_manuals_know_every_option_of_the_programs():
    for variable, page in (("INOS_NODE", "inos-node.1"), ("INOS_BRIDGE", "inos-bridge.1")):
        text = read(MAN, page)
        for option in re.findall(r"--([a-z-]+)", run(os.environ[variable], "--help")):
            if option not in ("help", "version"):
                assert f"Fl -{option}" in text, f"{page} lacks --{option}"


def check_completion(name, *shell):
    run(*shell, "-n", os.path.join(COMPLETIONS, name))
    text = read(COMPLETIONS, name)
    for command, options in commands().items():
        assert re.search(rf"\b{command}\b", text), f"{name} lacks {command}"
        for option in options:
            assert option in text, f"{name} lacks --{option}"


def test_bash_completion():
    check_completion("inosctl.bash", "bash")
    offered = run("bash", "-c", f". {COMPLETIONS}/inosctl.bash; COMP_WORDS=(inosctl res); COMP_CWORD=1; "
                  '_inosctl; echo "${COMPREPLY[@]}"').split()
    assert offered == ["resources", "restart"], offered


def test_zsh_completion():
    check_completion("_inosctl", "zsh")


def test_fish_completion():
    check_completion("inosctl.fish", "fish")
    offered = run("fish", "-N", "-c", f"source {COMPLETIONS}/inosctl.fish; complete -C 'inosctl res'")
    assert {line.split("\t")[0] for line in offered.splitlines()} == {"resources", "restart"}, offered


tests = [(name, function) for name, function in list(globals().items()) if name.startswith("test_")]
print(f"1..{len(tests)}")
failed = 0
for number, (name, function) in enumerate(tests, 1):
    try:
        function()
        print(f"ok {number} - {name}")
    except Exception:  # a test may fail in any way
        failed = 1
        print(f"not ok {number} - {name}")
        print("".join(f"# {line}\n" for line in traceback.format_exc().splitlines()), end="")
sys.exit(failed)

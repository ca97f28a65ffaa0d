# SPDX-License-Identifier: GPL-3.0-or-later
"""./dev image says what is wrong with its options before it makes anything."""

import pathlib
import subprocess

import pytest

TOP = pathlib.Path(__file__).parents[2]


def dev(*argv):
    return subprocess.run([str(TOP / "dev"), "image", *argv], capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)


def test_help():
    result = dev("--help")
    assert result.returncode == 0 and "--declaration FILE" in result.stdout


@pytest.mark.parametrize("argv, said", [
    (["--format", "vdi"], "raw or qcow2"), (["--desktop", "--node"], "either --desktop or --node"), (["--format"], "wants something behind it"),
    (["--declaration", "/no/such.toml"], "there is no file '/no/such.toml'"), (["--server"], "no option '--server'"),
    (["--password-file", "/dev/null/x"], "there is no file"), (["--packages", "/no/such"], "there is no folder '/no/such'"),
])
def test_refused(argv, said):
    result = dev(*argv)
    assert result.returncode == 1 and said in result.stderr and result.stdout == ""


def test_password_goes_with_a_user(tmp_path):
    (tmp_path / "password").write_text("x\n")
    assert "--password-file goes with --user" in dev("--password-file", str(tmp_path / "password")).stderr

"""A Python for Windows under wine, so that the client runs on a Windows console on this machine.

    python tests/tui/terminal/wine.py [FOLDER]                  makes it (1 GB, a minute), by default in .wine/
    WINE_PYTHON=FOLDER pytest tests/tui/pty/test_pty_wine.py    runs the client there

It needs Debian's packages wine, wine64 and gcc-mingw-w64-x86-64, and a Python 3.11 to run this script, whose standard
library it copies. The DLLs of Python for Windows, as the Python Software Foundation builds and signs them, come out of
the wheel of panda3d, which brings them for programs that are packed with it. Nothing here belongs to the client.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
FOLDER = Path(os.environ.get("WINE_PYTHON") or ROOT / ".wine")

WHEELS = ("panda3d==1.10.16", "windows-curses>=2.4")
COMPILER = "x86_64-w64-mingw32-gcc"
LAUNCHER = """\
#include <wchar.h>

int Py_Main(int, wchar_t **);

int wmain(int argc, wchar_t **argv)
{
    return Py_Main(argc, argv);
}
"""


def problem(folder: Path = FOLDER) -> str:
    """Why nothing can be run there, in a sentence; empty if it can."""
    if shutil.which("wine") is None:
        return "There is no wine."
    if not (folder / "python" / "python.exe").exists():
        return f"There is no Windows Python in {folder}: run tests/tui/terminal/wine.py."
    return ""


def environ(folder: Path = FOLDER) -> dict[str, str]:
    """What a program under wine finds in its environment, besides what it needs of this one."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "WINEPREFIX": str(folder / "prefix"),
        "WINEDEBUG": "-all",
        "WINEDLLOVERRIDES": "mscoree,mshtml=",  # neither .NET nor a browser are asked for
        "PYTHONHOME": windows_path(folder / "python"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "1",
        "LC_ALL": "C.UTF-8",
        "TERM": "xterm-256color",
    }


def windows_path(path: Path) -> str:
    """A path as programs under wine know it."""
    return "Z:" + str(path).replace("/", "\\")


def argv(folder: Path, *arguments: str) -> list[str]:
    """The command line of the Windows Python."""
    return ["wine", str(folder / "python" / "python.exe"), *arguments]


def make(folder: Path) -> None:
    """Makes the Windows Python, and the prefix of wine it runs in."""
    if sys.version_info[:2] != (3, 11):
        raise SystemExit("This needs Python 3.11, as the DLLs are of that version.")
    wheels, python = folder / "wheels", folder / "python"
    python.mkdir(parents=True, exist_ok=True)
    platform = ("--platform", "win_amd64", "--python-version", "3.11", "--only-binary", ":all:", "--no-deps")
    subprocess.run(
        [sys.executable, "-m", "pip", "download", "-q", *platform, "-d", wheels, *WHEELS], check=True
    )
    for wheel in wheels.glob("*.whl"):
        _unpack(wheel, python)
    library = Path(sysconfig.get_path("stdlib"))
    left_out = shutil.ignore_patterns(
        "site-packages", "test", "idlelib", "lib-dynload", "__pycache__", "config-*"
    )
    shutil.copytree(library, python / "Lib", ignore=left_out, dirs_exist_ok=True)
    source = folder / "launcher.c"
    source.write_text(LAUNCHER, "utf-8")
    compile = [COMPILER, "-municode", "-o", python / "python.exe", source, python / "python311.dll"]
    subprocess.run(compile, check=True)
    subprocess.run(["wine", "wineboot", "--init"], env=environ(folder), check=True)
    said = subprocess.run(
        argv(folder, "-c", "import curses, sys; print(sys.version)"),
        env=environ(folder), input="", stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    print(said.stdout.strip())


def _unpack(wheel: Path, target: Path) -> None:
    """The DLLs and modules of Python that a wheel holds, without panda3d itself."""
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            folder, _, file = name.rpartition("/")
            if folder in ("", "deploy_libs") and file.endswith((".dll", ".pyd")):
                (target / file).write_bytes(archive.read(name))


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)

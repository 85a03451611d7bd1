"""Where things are, for all checks."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
DOCS = ROOT / "docs"


def check(*command, cwd=ROOT, **more):
    """Runs a command that has to succeed and gives its output."""
    ran = subprocess.run([str(c) for c in command], cwd=cwd, capture_output=True, text=True, check=False, **more)
    assert ran.returncode == 0, f"{' '.join(map(str, command))}\n{ran.stdout}\n{ran.stderr}"
    return ran.stdout


@pytest.fixture(scope="session")
def presswatch():
    """The binary."""
    return Path(os.environ["PRESSWATCH"]).resolve(strict=True)

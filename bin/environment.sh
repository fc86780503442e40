# Read by the programs beside it: finds Python, makes .venv from the pinned requirements, and says what it does.
# `prepare runtime` or `prepare dev`; afterwards "$PY" is the interpreter of the virtual environment.

set -euo pipefail
ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$ROOT"
PY="$ROOT/.venv/bin/python"

say() { printf '\033[2m·\033[0m %s\n' "$*" >&2; }
die() { printf 'Error: %s\n' "$*" >&2; exit 1; }

suitable() { "$1" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; }

find_python() {
    local candidate
    for candidate in ${PYTHON:-} python3.11 python3.12 python3.13 python3 python; do
        if suitable "$candidate"; then echo "$candidate"; return; fi
    done
    die "Python 3.11, 3.12 or 3.13 with its venv module is needed, and none was found." \
        "Install one (on Debian: apt-get install python3 python3-venv), or name it: PYTHON=/path/to/python3.12 $0"
}

# A copy of the requirement file stays in .venv: while the two are the same, there is nothing to install.
installed() { cmp -s "requirements/$1.txt" ".venv/installed-$1.txt"; }

install_requirements() {
    local wanted="requirements/$1.txt"
    # uv takes seconds where pip takes a minute; where it cannot run, pip does the same work.
    if installed uv || "$PY" -m pip install -qq --disable-pip-version-check --require-hashes -r requirements/uv.txt; then
        cp requirements/uv.txt .venv/installed-uv.txt
        if "$PY" -m uv pip install --quiet --python "$PY" --require-hashes -r "$wanted"; then return; fi
        say "uv did not succeed; trying again with pip"
    fi
    "$PY" -m pip install -qq --disable-pip-version-check --require-hashes -r "$wanted" ||
        die "the packages of $wanted could not be installed (see above)."
}

make_environment() {
    if ! suitable "$PY"; then
        say "making the virtual environment .venv"
        "$(find_python)" -m venv --clear .venv || die "the virtual environment .venv could not be made (see above)."
    fi
    # The development requirements hold the runtime's, at the same versions; nothing installed is ever taken away.
    if installed "$1" || { [ "$1" = runtime ] && installed dev; }; then return; fi
    say "installing the packages of requirements/$1.txt"
    install_requirements "$1"
    cp "requirements/$1.txt" ".venv/installed-$1.txt"
}

prepare() {
    if command -v flock >/dev/null; then
        # Two programs started at once must not install into the same place.
        mkdir -p var
        { flock 9; make_environment "$1"; } 9>var/environment.lock
    else
        make_environment "$1"
    fi
}

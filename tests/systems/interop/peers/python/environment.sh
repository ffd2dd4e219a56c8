# Sourced by the scripts of this folder: where the virtual environment is, and what is done without one.
folder="${folder:-$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)}"
environment="${environment:-${CARGO_TARGET_DIR:-$folder/../../../../../target}/interop/python}"

fail() {
    printf 'python: %s\n' "$*" >&2
    exit 1
}

# Becomes the environment's Python, which leaves no compiled files in the project.
python() {
    [[ -x $environment/bin/python ]] || fail "$environment has no Python: run $folder/install"
    exec "$environment/bin/python" -B "$@"
}

# Sourced by the scripts of this folder.
folder="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
environment="${CARGO_TARGET_DIR:-$folder/../../../../../target}/interop/formats-python"
source "$folder/../../peers/python/environment.sh"

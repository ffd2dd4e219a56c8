# Sourced by the scripts of this folder: an environment of its own, with the wheel.
folder="${BASH_SOURCE[0]%/*}"
folder="$(cd "$folder" && pwd)"
peers="$folder/../../peers/python"
environment="${CARGO_TARGET_DIR:-$folder/../../../../../target}/interop/tracebaton-python"
source "$peers/environment.sh"

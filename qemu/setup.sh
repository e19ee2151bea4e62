#!/bin/sh
# Installs what a build or a run needs and this machine lacks: QEMU, as and ld by apt; NuGet tools from the manifest.
# Arguments name further programs to see to (gdb). Says what it does; does nothing when nothing is missing.
set -eu
cd "$(dirname "$0")/.."

# MSBuild reads these as its own signs, wherever a path has them; by a colon the host of .NET divides its lists of paths.
case $PWD in
    *["';:%*?@\\\$"]*)
        printf '%s\n' "setup: the path of this folder has one of ' ; : % * ? @ \\ \$ in it, which .NET takes for its own: $PWD" >&2
        exit 1
        ;;
esac

package_of() {
    case $1 in
        qemu-system-x86_64) echo qemu-system-x86 ;;
        as | ld | nm) echo binutils ;;
        *) echo "$1" ;;
    esac
}

command -v dotnet >/dev/null || {
    echo "setup: the .NET 10 SDK is missing; https://dotnet.microsoft.com/download says how to install it" >&2
    exit 1
}

missing=
for program in qemu-system-x86_64 as ld nm "$@"; do
    if ! command -v "$program" >/dev/null; then
        package=$(package_of "$program")
        case " $missing " in
            *" $package "*) ;;
            *) missing="$missing $package" ;;
        esac
    fi
done

if [ -n "$missing" ]; then
    if ! command -v apt-get >/dev/null; then
        echo "setup: please install:$missing (there is no apt-get here)" >&2
        exit 1
    fi
    as_root=
    if [ "$(id -u)" -ne 0 ]; then
        as_root=sudo
    fi
    echo "setup: installing$missing ($as_root apt-get install)" >&2
    $as_root apt-get update -qq
    # shellcheck disable=SC2086 # a list of packages
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >&2
fi

# The marker is newer than the manifest once its tools are restored.
if [ ! -e out/tools-restored ] || [ .config/dotnet-tools.json -nt out/tools-restored ]; then
    echo "setup: restoring the tools of .config/dotnet-tools.json" >&2
    dotnet tool restore >/dev/null
    mkdir -p out
    touch out/tools-restored
fi

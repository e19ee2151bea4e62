#!/bin/sh
# One step of a build, alone in out/: whoever comes meanwhile waits. It leaves stamps with the time when its command began:
# what changed while that ran is newer.
#   build/step.sh STAMP... -- COMMAND...
set -eu
cd "$(dirname "$0")/.."

# The lock is this shell's, until it ends, however it does. What it starts does not hold it (9>&-): the compiler's servers
# stay for minutes.
mkdir -p out
exec 9> out/lock
if ! flock -n 9; then
    echo "another make builds here; waiting"
    flock 9
fi

stamps=
while [ "$1" != -- ]; do
    stamps="$stamps $1"
    shift
done
shift

qemu/setup.sh 9>&-
touch out/began
case $2 in
    build) build/images.sh begin 9>&- ;;
esac
echo "$*"
"$@" 9>&-
case $2 in
    build) build/images.sh keep 9>&- ;;
esac
for stamp in $stamps; do
    cp -p out/began "$stamp.new"
    mv "$stamp.new" "$stamp"
done
rm out/began

#!/bin/sh
# The images in out/images are those of projects that there are. One that is missing is a reason to build; one whose project
# is gone, or makes another now, is removed, or it would go into every boot archive. Each project notes in out/objects what
# it makes (Image.targets): its file, and the image's name.
#   begin     before a build: forget that all was built if other images are there than were listed
#   keep      remove what is nobody's, and list the rest
#   changed   succeed if other images are there than were listed
set -eu
cd "$(dirname "$0")/.."

list() {
    for image in out/images/*.elf; do
        [ ! -e "$image" ] || echo "$image"
    done
}

changed() {
    [ "$(list)" != "$(cat out/images-built 2>/dev/null)" ]
}

case $1 in
    # A build of Machine.slnf lists anew, and leaves out what tests need.
    begin)
        if changed; then rm -f out/built; fi
        ;;
    keep)
        mkdir -p out
        made=" "
        for note in out/objects/*.made; do
            project=
            name=
            [ ! -e "$note" ] || { read -r project && read -r name; } < "$note"
            [ ! -e "$project" ] || made="$made$name "
        done
        for image in out/images/*.elf; do
            name=${image##*/}
            case $made in
                *" ${name%.elf} "*) ;;
                *) rm -f "$image" ;;
            esac
        done
        list > out/images-built
        ;;
    changed)
        changed
        ;;
esac

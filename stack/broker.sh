#!/bin/sh
# Run the broker; when its password or access file changes, have it read both again.
# usage: broker.sh ACCESS_FOLDER MOSQUITTO [ARGUMENT...]
set -eu

access=$1
shift

stamp() {
    stat -c '%i %Y %s' "$access/passwd" "$access/acl"
}

# The broker takes over this process below, so signals and its end are its own.
watch() {
    seen=$(stamp)
    while sleep 1 && kill -0 "$1" 2>/dev/null; do
        now=$(stamp) || continue
        [ "$now" = "$seen" ] && continue
        seen=$now
        kill -HUP "$1"
    done
}

watch $$ &
exec "$@"

#!/bin/sh
# Run the broker; when its password or access file changes, have it read both again.
# usage: broker.sh ACCESS_FOLDER MOSQUITTO -c CONFIGURATION
set -eu

access=$1
shift
for configuration; do :; done  # the last argument

# Mosquitto 2.0 loses what it queues for a session that it has read from disk and that has not
# connected again when the files are read anew (docs/adr/0006). So after a restart everybody gets
# the time to come back first.
grace=0
location=$(sed -n 's/^persistence_location  *//p' "$configuration")
[ -e "$location/mosquitto.db" ] && grace=15

stamp() {
    stat -c '%i %Y %s' "$access/passwd" "$access/acl"
}

# The broker takes over this process below, so signals and its end are its own.
watch() {
    seen=$(stamp)
    sleep "$grace"
    while sleep 1 && kill -0 "$1" 2>/dev/null; do
        now=$(stamp) || continue
        [ "$now" = "$seen" ] && continue
        seen=$now
        kill -HUP "$1"
    done
}

watch $$ &
exec "$@"

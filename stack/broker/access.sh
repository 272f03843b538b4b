#!/bin/sh
# Lay the service accounts out in the volume that broker and api share (compose.yaml).
# usage: access.sh FOLDER OWNER
set -eu

access=$1
owner=$2

install -d -o "$owner" -g mosquitto -m 2750 "$access"
install -o "$owner" -g mosquitto -m 0640 /run/secrets/services_passwd "$access/services.passwd"
install -o "$owner" -g mosquitto -m 0640 /etc/yiwang/services.acl "$access/services.acl"
for name in passwd acl; do
    [ -e "$access/$name" ] || cp -p "$access/services.$name" "$access/$name"
done

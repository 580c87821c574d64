#!/bin/sh
# Starts Valkey with the settings named by $1 and the password in the file $2,
# which so stands in no command line.
set -eu
umask 077
{ cat "$1"; printf 'requirepass %s\n' "$(cat "$2")"; } > /tmp/valkey.conf
exec valkey-server /tmp/valkey.conf

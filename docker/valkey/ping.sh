#!/bin/sh
# Succeeds when Valkey answers to the password in the file $1.
REDISCLI_AUTH="$(cat "$1")" valkey-cli ping | grep -qx PONG

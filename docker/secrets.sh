#!/bin/sh
# Makes the secrets of docker-compose.yml in docker/secrets/, each in its own file.
# Files that are there stay as they are. The mail server's address and the
# certificate come from you; see docs/deployment.md.
set -eu
cd "$(dirname "$0")"
umask 077
mkdir -p secrets
cd secrets

random() { head -c 48 /dev/urandom | base64 | tr '+/' '-_' | tr -d '=\n'; }
keep() { [ -s "$1" ] || printf '%s\n' "$2" > "$1"; }

keep secret_key "$(random)"
keep encryption_key "$(random)"
keep metrics_token "$(random)"
keep admin_password "$(random)"
keep owner_password "$(random)"
keep web_password "$(random)"
keep broker_password "$(random)"
keep cache_password "$(random)"
keep secret_key_fallbacks ""
keep encryption_key_fallbacks ""
keep database_url "postgresql://portal_web:$(cat web_password)@postgres/portal"
keep migrate_database_url "postgresql://portal_owner:$(cat owner_password)@postgres/portal"
keep redis_url "redis://:$(cat broker_password)@redis-broker:6379/0"
keep cache_url "redis://:$(cat cache_password)@redis-cache:6379/0"
# Each container's user must be able to read its file; the folder keeps others out.
chmod 0444 ./*

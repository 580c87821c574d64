#!/bin/sh
# Makes the portal's database and its two roles, once, in an empty data folder.
# The passwords reach the server from files and stand in no command line.
set -eu

psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 \
    --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
\set owner_password `cat "${SECRETS:-/run/secrets}/owner_password"`
\set web_password `cat "${SECRETS:-/run/secrets}/web_password"`
CREATE ROLE portal_owner LOGIN CREATEDB PASSWORD :'owner_password';
CREATE ROLE portal_web LOGIN PASSWORD :'web_password';
CREATE DATABASE portal OWNER portal_owner;
REVOKE ALL ON DATABASE portal FROM PUBLIC;
GRANT CONNECT ON DATABASE portal TO portal_web;
SQL

"""``docker-compose.yml``: every service is fenced in, and no secret stands in it."""

import re

import pytest
import yaml

from . import variables

COMPOSE = yaml.safe_load((variables.ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]

#: Containers that work once and stop; there is nothing to watch.
ONE_SHOT = {"migrate"}

OURS = {"web", "worker", "beat", "migrate"}

each_service = pytest.mark.parametrize("name", SERVICES)


@each_service
def test_a_service_has_no_rights_to_lose(name):
    service = SERVICES[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not service.keys() & {"privileged", "cap_add", "network_mode", "pid"}


@each_service
def test_a_service_runs_as_an_ordinary_user(name):
    user = SERVICES[name]["user"]

    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", user)


@each_service
def test_a_service_is_watched_and_started_again(name):
    service = SERVICES[name]

    if name in ONE_SHOT:
        assert service["restart"] == "no"
    else:
        assert service["restart"] == "unless-stopped"
        assert service["healthcheck"]["test"]


@each_service
def test_what_a_service_may_write_is_named(name):
    assert SERVICES[name]["tmpfs"]


@each_service
def test_a_service_keeps_no_secret_in_its_environment(name):
    environment = SERVICES[name].get("environment", {})

    for variable, value in environment.items():
        if re.search(r"PASSWORD|SECRET|_URL|KEY", variable.removesuffix("_FILE")):
            assert variable == "PORTAL_URL" or value.startswith("/run/secrets/")


@each_service
def test_a_service_is_given_the_secrets_it_names(name):
    service = SERVICES[name]
    text = yaml.safe_dump(
        {key: service.get(key) for key in ["environment", "entrypoint"]}
    )

    named = set(re.findall(r"/run/secrets/(\w+)", text))

    assert named <= set(service.get("secrets", []))


def test_every_secret_is_a_file_outside_the_repository():
    ignored = (variables.ROOT / "docker/.gitignore").read_text()

    assert "/secrets/" in ignored
    assert COMPOSE["secrets"] == {
        name: {"file": f"docker/secrets/{name}"} for name in COMPOSE["secrets"]
    }


@pytest.mark.parametrize("name", sorted(OURS))
def test_our_services_set_only_documented_variables(name):
    names = {
        variable.removesuffix("_FILE") for variable in SERVICES[name]["environment"]
    }

    assert names <= variables.in_table()


def test_only_migrate_knows_the_owner_of_the_tables():
    knowing = {
        name
        for name, service in SERVICES.items()
        if "migrate_database_url" in service.get("secrets", [])
    }

    assert knowing == {"migrate"}


def test_only_the_front_server_is_reachable_from_outside():
    open_to_all = {
        name
        for name, service in SERVICES.items()
        for port in service.get("ports", [])
        if not port.startswith("127.0.0.1:")
    }

    assert open_to_all == {"front"}


def test_databases_and_pages_are_on_networks_without_a_way_out():
    internal = {
        name for name, network in COMPOSE["networks"].items() if network.get("internal")
    }

    for name in ["web", "postgres", "redis-broker", "redis-cache"]:
        assert set(SERVICES[name]["networks"]) <= internal


def test_web_reaches_issuers_by_the_one_way_out():
    way_out = SERVICES["way-out"]

    assert "pages" in SERVICES["web"]["networks"]
    assert set(way_out["networks"]) == {"pages", "outside"}
    assert way_out["profiles"] == ["institutions"]
    assert "secrets" not in way_out


def test_web_answers_to_the_name_by_which_it_is_watched():
    hosts = SERVICES["web"]["environment"]["ALLOWED_HOSTS"]

    assert hosts.partition(",")[2] == "web"


def test_postgresql_sorts_and_folds_as_the_embedded_one_does():
    arguments = SERVICES["postgres"]["environment"]["POSTGRES_INITDB_ARGS"]

    assert "--locale-provider=builtin" in arguments
    assert "--builtin-locale=PG_UNICODE_FAST" in arguments
    assert SERVICES["postgres"]["image"] == "postgres:18"


def test_the_broker_forgets_nothing_and_the_cache_what_was_used_least():
    folder = variables.ROOT / "docker/valkey"

    broker = (folder / "broker.conf").read_text()

    assert "maxmemory-policy noeviction" in broker
    assert "appendonly yes" in broker
    assert "maxmemory-policy allkeys-lru" in (folder / "cache.conf").read_text()


def test_the_front_server_reads_files_and_changes_none():
    front = SERVICES["front"]

    assert "files:/var/lib/portal/files:ro" in front["volumes"]
    assert front["group_add"] == [SERVICES["web"]["user"].partition(":")[2]]


def test_files_are_scanned_by_a_service_that_web_and_worker_reach():
    assert SERVICES["worker"]["environment"]["SCANNER"] == "clamd://scanner:3310"
    assert set(SERVICES["scanner"]["networks"]) & set(SERVICES["worker"]["networks"])

from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class KernelConfig(AppConfig):
    name = "inm_portal.kernel"
    label = "kernel"

    def ready(self) -> None:
        autodiscover_modules("checks", "verbs", "policies", "invariants")
        autodiscover_modules("documents", "notifications", "privacy")
        import_module("inm_portal.kernel.tracking")

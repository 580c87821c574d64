"""Who knows how members are, and who notes it."""

from inm_portal.kernel.permissions import permission, staff

permission("consortium.view_healthnote")(staff("consortium.view_healthnote"))
permission("consortium.see_care_organization")(staff("consortium.view_healthnote"))
permission("consortium.note_health_organization")(staff("consortium.add_healthnote"))

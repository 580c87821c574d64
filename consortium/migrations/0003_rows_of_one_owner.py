from django.db import migrations

ROLE = """
ALTER TABLE consortium_roleassignment
    ADD CONSTRAINT role_is_of_its_contacts_organization
    FOREIGN KEY (contact_id, organization_id)
    REFERENCES consortium_contact (id, organization_id)
    DEFERRABLE INITIALLY DEFERRED
"""
WAIVER = """
ALTER TABLE consortium_commitmentyear
    ADD CONSTRAINT waiver_is_of_the_years_agreement
    FOREIGN KEY (agreement_id, waiver_id)
    REFERENCES consortium_agreement (id, waiver_id)
    DEFERRABLE INITIALLY DEFERRED
"""


def drop(table: str, name: str) -> str:
    return f"ALTER TABLE {table} DROP CONSTRAINT {name}"


class Migration(migrations.Migration):
    """A row cannot mix two companies, or borrow another agreement's waiver."""

    dependencies = [("consortium", "0002_triggers")]
    operations = [
        migrations.RunSQL(
            ROLE,
            drop("consortium_roleassignment", "role_is_of_its_contacts_organization"),
        ),
        migrations.RunSQL(
            WAIVER,
            drop("consortium_commitmentyear", "waiver_is_of_the_years_agreement"),
        ),
    ]

import factory
from django.contrib.auth.models import Group

from inm_portal.accounts.models import User


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@inm.example")
    name = factory.Sequence(lambda n: f"Person {n}")


def staff(role: str) -> User:
    """Return a person at INM in one role."""
    user = UserFactory(name=role.title())
    user.groups.add(Group.objects.get(name=role))
    return user

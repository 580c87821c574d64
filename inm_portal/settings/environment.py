"""The one reader of environment variables; a secret may lie in a file instead."""

import environ


class FilesFirst(environ.FileAwareMapping):
    """
    The environment, where ``NAME_FILE`` names the file that holds ``NAME``.

    Files made by hand end in a line break; a key or an address does not.
    """

    def __getitem__(self, key: str) -> str:
        return super().__getitem__(key).strip()


class Environment(environ.Env):
    """The environment with the casts of django-environ."""

    ENVIRON = FilesFirst()


env = Environment()

"""Which files belong to the objects of seed projects."""

from inm_portal.kernel.documents import Kind, register

from .models import Answer

#: What answers a question for a file; it comes and goes by the services of drafts.
ANSWER = register(Kind("seed_projects.answer", Answer, ("pdf",)))

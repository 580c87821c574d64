"""What the web server serves when it serves the reference list alone."""

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

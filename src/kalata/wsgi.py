"""The door for a web server."""

import os

from django.core.wsgi import get_wsgi_application

from kalata import modes

modes.private()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kalata.settings.office")
application = get_wsgi_application()

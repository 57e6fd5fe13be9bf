"""drf.py NUMBER SECONDS LATENCY_MS: Django REST framework's own throttle before
create_mapping, on a port of 127.0.0.1 that the system chooses, which is printed.
GET /stats tells what was let through and refused, and how long that took."""

import json
import sys
import threading
import time
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django
from django.conf import settings

NUMBER, SECONDS, LATENCY = int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])

settings.configure(
    SECRET_KEY="none",
    ROOT_URLCONF=__name__,
    ALLOWED_HOSTS=["*"],
    CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
    REST_FRAMEWORK={"UNAUTHENTICATED_USER": None},
)
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.urls import path  # noqa: E402
from rest_framework.response import Response  # noqa: E402
from rest_framework.throttling import SimpleRateThrottle  # noqa: E402
from rest_framework.views import APIView  # noqa: E402

lock = threading.Lock()
counts = {"passed": 0, "refused": 0, "first": None, "last": None}


class Throttle(SimpleRateThrottle):
    """One quota for all, as for one token."""

    rate = "1/s"

    def parse_rate(self, rate):
        return NUMBER, SECONDS

    def get_cache_key(self, request, view):
        return "all"

    def allow_request(self, request, view):
        with lock:  # several processes with one cache would lose some
            passed = super().allow_request(request, view)
            now = time.monotonic()
            counts["first"] = counts["first"] or now
            counts["last"] = now
            counts["passed" if passed else "refused"] += 1
            return passed


class Mapping(APIView):
    authentication_classes = []
    throttle_classes = [Throttle]

    def post(self, request, item):
        time.sleep(LATENCY / 1000)
        return Response(
            {
                "pk": item,
                "content_type": 1,
                "object_id": item,
                "code": request.data["code"],
                "integration_type": "external_company",
            },
            status=201,
        )


class Rest(APIView):
    authentication_classes = []

    def get(self, request, **_):
        if request.path == "/stats":
            return Response(counts)
        return Response({"count": 0, "next": None, "previous": None, "results": []})


urlpatterns = [
    path("api/i1/order_items/<int:item>/create_mapping/", Mapping.as_view()),
    path("stats", Rest.as_view()),
    path("api/i1/orders/", Rest.as_view()),
]


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 128


class Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass


server = make_server("127.0.0.1", 0, get_wsgi_application(), Server, Quiet)
print(server.server_port, flush=True)
server.serve_forever()

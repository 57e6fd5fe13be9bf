"""session.py URL FIRST COUNT: the sample, with its connection kept open.
Prints the seconds that the lines took."""
import json
import sys
import time

import requests

url, first, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
session = requests.Session()
session.headers.update({
    "Authorization": "Token mock",
    "Content-Type": "application/json",
})
start = time.monotonic()
for item in range(first, first + count):
    body = json.dumps({"update_stock": True, "code": f"B/{item}"})
    reply = session.post(
        f"{url}/api/i1/order_items/{item}/create_mapping/", data=body)
    assert reply.json()["code"] == f"B/{item}"
print(time.monotonic() - start)

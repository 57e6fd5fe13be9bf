"""sample.py URL FIRST COUNT: as the vendor's page shows it, a new connection
for each line. Prints the seconds that the lines took."""
import json
import sys
import time

import requests

url, first, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
headers = {
    "Authorization": "Token mock",
    "Content-Type": "application/json",
}
start = time.monotonic()
for item in range(first, first + count):
    body = json.dumps({"update_stock": True, "code": f"B/{item}"})
    reply = requests.post(
        f"{url}/api/i1/order_items/{item}/create_mapping/",
        headers=headers, data=body)
    assert reply.json()["code"] == f"B/{item}"
print(time.monotonic() - start)

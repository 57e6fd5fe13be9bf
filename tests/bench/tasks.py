"""tasks.py URL FIRST COUNT: 32 tasks of aiohttp share one session. Prints the
seconds that the lines took."""
import asyncio
import sys
import time

import aiohttp

TASKS = 32
url, first, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
headers = {"Authorization": "Token mock"}


async def work(session, items):
    for item in items:
        body = {"update_stock": True, "code": f"B/{item}"}
        path = f"{url}/api/i1/order_items/{item}/create_mapping/"
        async with session.post(path, json=body) as reply:
            assert (await reply.json())["code"] == f"B/{item}"


async def main():
    items = iter(range(first, first + count))
    connector = aiohttp.TCPConnector(limit=TASKS)
    async with aiohttp.ClientSession(
            connector=connector, headers=headers) as session:
        await asyncio.gather(*(work(session, items) for _ in range(TASKS)))

start = time.monotonic()
asyncio.run(main())
print(time.monotonic() - start)

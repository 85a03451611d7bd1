#!/usr/bin/env python3
"""Prints the notices of an owner of watches as a chat would have them: notices.py OWNER   (needs pika; AMQP_URL names the broker)

The user of AMQP_URL is one who may bind by this owner and by nothing else: deploy/rabbitmq/README.md.
"""

import collections
import json
import os
import signal
import sys

import pika


def marked(excerpt):
    """The words of an excerpt, those that were found between asterisks."""
    text, out, done = excerpt["text"], [], 0
    for mark in sorted(excerpt["marks"], key=lambda mark: mark["start"]):
        if mark["start"] >= done:
            out += [text[done:mark["start"]], "*", text[mark["start"]:mark["end"]], "*"]
            done = mark["end"]
    return "".join([*out, text[done:]])


def message(notice):
    """What a reader wants to know first. The words are a publisher's: escape them as your chat or mail asks for."""
    article = notice["article"]
    source = article["source"].get("name") or article["source"].get("domain") or ""
    lines = [article["title"], " ".join(part for part in [source, article["url"]] if part)]
    for watch in notice["watches"]:
        lines.append(f"[{watch['severity']}] {watch['name']}")
        # clauses of one sentence share it; what holds of the whole article has none
        sentences = {marked(clause["excerpt"]): None for clause in watch["clauses"] if clause["excerpt"]}
        lines += [f"  {sentence}" for sentence in sentences]
    return "\n".join(lines)


# Ctrl-C ends it without a traceback; what was not acked comes again
signal.signal(signal.SIGINT, signal.SIG_DFL)
if len(sys.argv) != 2:
    sys.exit(f"usage: {sys.argv[0]} OWNER")
owner = sys.argv[1]
url = os.environ.get("AMQP_URL", "amqp://desk-energy:desk-energy-demo@127.0.0.1:5672/%2f")
connection = pika.BlockingConnection(pika.URLParameters(url))
channel = connection.channel()
queue = f"subscriber.{owner}.notices"
channel.queue_declare(queue, durable=True, arguments={"x-queue-type": "quorum"})
channel.queue_bind(queue, "notices", f"owner.{owner}")
channel.basic_qos(prefetch_count=50)

# delivery is at least once: a notice seen before has the same id
seen = collections.OrderedDict()
print(f"listening on {queue}", file=sys.stderr)
for method, properties, body in channel.consume(queue):
    if properties.message_id not in seen:
        seen[properties.message_id] = True
        if len(seen) > 10_000:
            seen.popitem(last=False)
        print(message(json.loads(body)["data"]), end="\n\n", flush=True)
    # only now: what is acked is gone
    channel.basic_ack(method.delivery_tag)

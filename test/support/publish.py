"""Makes CloudEvents with the official SDK, posts them in each mode, and prints what was answered, as JSON."""

import http.client
import json
import sys
from datetime import datetime, timezone
from urllib.parse import urlsplit

from cloudevents.core.bindings.http import to_binary_event, to_structured_event
from cloudevents.core.v1.event import CloudEvent
from cloudevents.v1.http import CloudEvent as OldCloudEvent
from cloudevents.v1.http import to_binary, to_structured

gateway, key = sys.argv[1:]


def post(headers, body):
    connection = http.client.HTTPConnection(urlsplit(gateway).netloc)
    connection.request("POST", "/v1/events", body, {**headers, "Authorization": f"Bearer {key}"})
    answer = connection.getresponse()
    return {"status": answer.status, "body": json.loads(answer.read())}


def event(id, type, data, **attributes):
    at = {"id": id, "source": "/python/sdk", "type": type, "time": datetime.now(timezone.utc)}
    return CloudEvent({**at, **attributes}, data)


execution = {"executionId": "e1", "title": "Größe: 100 % \"sicher\"", "participants": ["René"]}
parcel = event("2", "x:parcel", {"weight": 1.5, "to": "Zürich"}, executionid="e1", userid='René "R" 100 %',
               domain="default", datacontenttype="application/json", traceparent="00-1")
wrong = event("3", "message:new", {"messageId": "m1"})
older = OldCloudEvent({"id": "4", "source": "/python/sdk", "type": "x:older", "groupid": "leads"}, {"old": True})


def batch(*events):
    bodies = b",".join(to_structured_event(one).body for one in events)
    return {"content-type": "application/cloudevents-batch+json"}, b"[" + bodies + b"]"


def message(made):
    return made.headers, made.body


print(json.dumps([
    post(*message(to_structured_event(event("1", "execution:created", execution)))),
    post(*message(to_binary_event(parcel))),
    post(*message(to_structured_event(parcel))),
    post(*message(to_binary_event(wrong))),
    post(*to_binary(older)),
    post(*to_structured(older)),
    post(*batch(parcel, wrong, event("5", "x:last", [1, 2], executionid="e1"))),
    post(*message(to_binary_event(event("6", "x:no-data", None, executionid="e1")))),
]))

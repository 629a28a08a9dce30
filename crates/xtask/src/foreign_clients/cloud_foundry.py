"""What a program of others does with a Cloud Foundry of which it knows the address: find the APIs, sign in,
page through the service usage events, renew its token. Ends with an error where the client fails or what it
read is not what is there."""

import json
import sys
import urllib.request

from cloudfoundry_client.client import CloudFoundryClient
from cloudfoundry_client.errors import InvalidStatusCode
from cloudfoundry_client.v3.entities import EntityManager
from oauth2_client.credentials_manager import OAuthError

EVENTS = "/v3/service_usage_events"
address = sys.argv[1]


def must(holds, said):
    if not holds:
        sys.exit(f"cloudfoundry-client: {said}")


def signed_in(user):
    client = CloudFoundryClient(address)  # The client "cf" with an empty secret.
    client.init_with_user_credentials(user, user)
    return client


def events(client, **parameters):
    """Every event of the list and what the server counts. The client has no list of its own for these events;
    this is what its lists are made of, at the address that it has found."""
    found = EntityManager(client.info.api_v3_url.removesuffix("/v3"), client, EVENTS).list(**parameters)
    return list(found), found.total_results


def is_refused(work, kind, status):
    try:
        work()
    except kind as refusal:
        return refusal.status_code == status
    return False


viewer = signed_in("viewer")
must(viewer.info.api_v3_url == f"{address}/v3", f"found {viewer.info.api_v3_url}")
must(viewer.info.authorization_endpoint == address, f"signs in at {viewer.info.authorization_endpoint}")

whole, total = events(viewer, per_page=5000)
must(len(whole) == total > 50, f"{len(whole)} of {total} events on one page")
for size in (7, 50):
    paged, _ = events(viewer, per_page=size)
    must(paged == whole, f"{len(paged)} events by pages of {size} are not the {total} of one page")
must(len({event["guid"] for event in whole}) == total, "an event came twice")
rest, left = events(viewer, after_guid=whole[9]["guid"], per_page=20)
must(rest == whole[10:] and left == total - 10, "other events after the tenth")
newest, _ = events(viewer, order_by="-created_at", per_page=100)
must(newest[0]["created_at"] == max(event["created_at"] for event in whole), "the newest is not the first")
managed, _ = events(viewer, service_instance_types=["managed_service_instance"])
must(managed == [event for event in whole if event["service_instance"]["type"] == "managed_service_instance"],
     "other events of managed instances")
one = viewer.get(whole[0]["links"]["self"]["href"]).json()
must(one == json.loads(json.dumps(whole[0])), "an event differs from itself in the list")
names = {one["guid"]: one["name"] for one in viewer.v3.organizations.list(per_page=2)}
must({event["organization"]["guid"] for event in whole} <= names.keys(), f"unknown organizations, {names} are known")

# What the client read, without it.
asked = urllib.request.Request(address + EVENTS + "?per_page=5000", headers={"Authorization": f"bearer {viewer._access_token}"})
with urllib.request.urlopen(asked) as answer:
    must(json.load(answer)["resources"] == json.loads(json.dumps(whole)), "the client read something else")

# A token that is not good any more is renewed on the way, and the new refresh token is good as well.
for _ in range(2):
    viewer._access_token = "expired"
    must(events(viewer, per_page=5000)[0] == whole, "other events with a renewed token")

must(events(signed_in("developer")) == ([], 0), "a developer sees events")
must(is_refused(lambda: CloudFoundryClient(address).init_with_user_credentials("viewer", "wrong"), OAuthError, 401),
     "a wrong password was not refused as the client understands it")
must(is_refused(lambda: events(viewer, after_guid="no-such-event"), InvalidStatusCode, 422),
     "an unknown event to begin after was not refused as the client understands it")
print(f"cloudfoundry-client: {total} events of {len(names)} organizations, read in five ways; 0 failed")

"""What a program that knows REST resources in general, and none of these, does with an Oracle of which it knows the
address: it begins at the list of versions, reads what `describe` says, and goes wherever links lead. Ends with an
error where something is not what it was described as."""

import base64
import json
import sys
import urllib.error
import urllib.parse
import urllib.request

address = sys.argv[1]
VIEWER = "Basic " + base64.b64encode(b"viewer:viewer").decode()
KINDS = {"string": str, "datetime": str, "date": str, "boolean": bool, "attachment": str}
described, walked = {}, {}


def must(holds, said):
    if not holds:
        sys.exit(f"oracle tree: {said}")


def get(href, **headers):
    must(href.startswith(f"{address}/crmRestApi/resources"), f"a link leads to {href}")
    request = urllib.request.Request(href, headers={"Authorization": VIEWER, "REST-Framework-Version": "4", **headers})
    try:
        with urllib.request.urlopen(request) as answer:
            return json.load(answer, parse_float=str, parse_int=str)
    except urllib.error.HTTPError as refusal:
        sys.exit(f"oracle tree: {href} answers {refusal.code}: {refusal.read()[:300]}")


def links(of, rel):
    return [link["href"] for link in of.get("links", []) if link["rel"] == rel]


def with_query(href, query):
    return href + ("&" if "?" in href else "?") + query


def description(href):
    """What a collection's own description says of its items: name by name."""
    place = href.split("?")[0]
    parts = place.removeprefix(f"{address}/crmRestApi/resources/").split("/")[1:]
    # One description holds for the children of every item.
    name = "/".join("{id}" if place > 0 and parts[place - 1] != "child" and step != "child" else step for place, step in enumerate(parts))
    if name not in described:
        (resource,) = get(f"{place}/describe")["Resources"].values()
        described[name] = {attribute["name"]: attribute for attribute in resource["attributes"]}
    return name, described[name]


def fits(value, attribute):
    if value is None:
        return True
    kind = attribute["type"]
    if kind in ("integer", "number"):
        # Numbers come as they are written here, so a text and a number are told apart by what parses.
        return isinstance(value, str) and value.strip('-').replace(".", "", 1).isdigit() and (kind == "number" or "." not in value)
    return isinstance(value, KINDS.get(kind, object))


def walk(href, depth):
    """A collection: its items are what was described, and every link of the first of them leads somewhere."""
    name, attributes = description(href)
    page = get(with_query(href, "limit=3&totalResults=true"))
    items = page["items"]
    must(len(items) == int(page["count"]) <= 3, f"{name} counts {page['count']} items and has {len(items)}")
    must(int(page["totalResults"]) >= len(items), f"{name} has {page['totalResults']} items in all")
    must(page["hasMore"] == (int(page["totalResults"]) > len(items)), f"{name} says hasMore {page['hasMore']}")
    must(links(page, "self"), f"{name} does not say where it is")
    walked[name] = walked.get(name, 0) + len(items)
    for item in items:
        values = {key: value for key, value in item.items() if key not in ("links", "@context")}
        unknown = values.keys() - attributes.keys()
        must(not unknown, f"{name} was not described with {sorted(unknown)}")
        for key, value in values.items():
            must(fits(value, attributes[key]), f"{name}.{key} is {value!r}, and not of type {attributes[key]['type']}")
    if page["hasMore"]:
        following = get(with_query(href, f"limit=3&offset={len(items)}"))
        must(following["items"][0] not in items, f"the second page of {name} begins with an item of the first")
    for item in items[:1]:
        (own,) = links(item, "self")
        whole = get(own)
        must({key: whole.get(key) for key in item if key != "links"} == {key: item[key] for key in item if key != "links"},
             f"{own} differs from itself in its list")
        must(all(get(canonical) for canonical in links(item, "canonical")), f"{own} has an empty canonical form")
        for parent in links(whole, "parent"):
            must(get(parent), f"{own} has an empty parent")
        for values in links(whole, "lov"):
            must(get(with_query(values, "limit=1"))["items"], f"{values} gives nothing to choose from")
        if depth > 0:
            for child in links(whole, "child"):
                walk(child, depth - 1)


versions = get(f"{address}/crmRestApi/resources")["items"]
(latest,) = [version for version in versions if version["isLatest"]]
(where,) = links(latest, "describe")
resources = get(where)["Resources"]
must(len(resources) >= 10, f"only {sorted(resources)} are described")
for name, resource in resources.items():
    (collection,) = links(resource["collection"], "self")
    walk(collection, 2)
    for action in resource["item"]["actions"] + resource["collection"]["actions"]:
        must(action["method"] in ("GET", "POST", "PATCH", "DELETE"), f"{name} has an action by {action['method']}")

deep = [name for name in walked if "child" in name]
must({"subscriptionUsageEvents/{id}/child/usageCharges", "subscriptionUsageEventBatches/{id}/child/usageEvents"} <= set(deep),
     f"no way led further than to {deep}")
must(all(walked[name] for name in ("subscriptionUsageEvents", "subscriptionUsageEventBatches")), "there are no events")
print(f"oracle tree: {len(walked)} collections, {sum(walked.values())} items, all as they were described")

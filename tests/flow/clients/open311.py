#!/usr/bin/env python3
"""A client of Open311 GeoReport v2 that knows nothing of this server but the
address of its discovery: written from the specification, with Python's own
library and a strict XML parser. Walks the whole way in both formats.

    open311.py DISCOVERY-URL API-KEY
"""
import datetime
import json
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import xml.etree.ElementTree as xml

DISCOVERY, KEY = sys.argv[1:3]
SPECIALS = "路灯😀𠮷 <&>\"']]>&amp;<![CDATA[x]]> \\ %41+= \t ① é"
LONG = ("灯" * 1999 + "😀") * 2
checks = 0


def check(truth, *what):
    global checks
    checks += 1
    if not truth:
        raise AssertionError(*what)


def ask(url, form=None, method=None, headers=None):
    """(status, content type, body) whatever the status is."""
    data = form if form is None or isinstance(form, bytes) else \
        urllib.parse.urlencode(form).encode()
    request = urllib.request.Request(url, data, headers or {}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.headers["Content-Type"], answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers["Content-Type"], error.read()


def plain(element):
    """XML as JSON would have it: lists of entries, members, texts."""
    lists = {"endpoints", "formats", "services", "attributes", "values",
             "service_requests", "service_request_updates", "errors"}
    if element.tag in lists:
        return [plain(entry) for entry in element]
    if len(element):
        return {member.tag: plain(member) for member in element}
    return element.text or ""


def same(left, right):
    """JSON's null, numbers and booleans as XML's texts."""
    if isinstance(left, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict):
        return left.keys() == right.keys() and \
            all(same(left[key], right[key]) for key in left)
    if left is None:
        return right in ("", [])
    if isinstance(left, bool):
        return right == str(left).lower()
    if isinstance(left, float):
        return float(right) == left
    return str(left) == right


def both(path, **query):
    """A document in both formats, which must say the same."""
    tail = "?" + urllib.parse.urlencode(query) if query else ""
    status, kind, body = ask(BASE + path + ".json" + tail)
    check(status == 200 and kind.startswith("application/json"), path, body)
    value = json.loads(body)
    status, kind, body = ask(BASE + path + ".xml" + tail)
    check(status == 200 and kind.startswith("text/xml"), path, body)
    check(same(value, plain(xml.fromstring(body))), path, value, body)
    return value


def fails(wanted, path, form=None, **query):
    tail = "?" + urllib.parse.urlencode(query) if query else ""
    for end in (".json", ".xml"):
        status, kind, body = ask(BASE + path + end + tail, form)
        check(status == wanted, wanted, path, query, form, status, body)
        errors = json.loads(body) if end == ".json" else \
            plain(xml.fromstring(body))
        check(int(errors[0]["code"]) == wanted and errors[0]["description"],
              body)


def discover():
    status, kind, body = ask(DISCOVERY)
    check(status == 200 and kind == "application/json", kind)
    found = json.loads(body)
    status, kind, body = ask(DISCOVERY.replace(".json", ".xml"))
    check(status == 200 and kind == "text/xml", kind)
    check(same(found, plain(xml.fromstring(body))))
    point = next(e for e in found["endpoints"] if e["type"] == "production")
    check(set(point["formats"]) == {"text/xml", "application/json"})
    return point["url"]


def services():
    listed = both("services")
    check(listed and all(s["service_code"] for s in listed))
    check(all(s["type"] in ("realtime", "batch", "blackbox") for s in listed))
    for service in listed[:5]:
        if not service["metadata"]:
            continue
        definition = both("services/" + service["service_code"])
        check(definition["service_code"] == service["service_code"])
        for attribute in definition["attributes"]:
            check(attribute["datatype"] in
                  ("string", "number", "datetime", "text",
                   "singlevaluelist", "multivaluelist"))
    return listed[0]["service_code"]


def post(description, end=".json", headers=None, **more):
    form = {"api_key": KEY, "service_code": SERVICE, "lat": "30.3912",
            "long": "114.8931", "description": description, **more}
    status, _, body = ask(BASE + "requests" + end, form, headers=headers)
    check(status in (200, 201), status, body)
    made = json.loads(body) if end == ".json" else plain(xml.fromstring(body))
    check("http" in made[0]["service_notice"], made)
    return made[0]["service_request_id"]


def moment(text):
    when = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    check(when.tzinfo is not None, text)
    return when


def round_trips():
    for text in (SPECIALS, LONG, "一\n二\r\n三", "x"):
        for end in (".json", ".xml"):
            number = post(text, end, address_string="文化路 <2> 号 & 东",
                          media_url="https://example.org/a.jpg?b=1&c=2")
            one = both("requests/" + number)[0]
            check(one["description"] == text, one["description"])
            check((one["lat"], one["long"]) == (30.3912, 114.8931))
            check(one["address"] == "文化路 <2> 号 & 东")
            check(one["media_url"] == "https://example.org/a.jpg?b=1&c=2")
            check(one["status"] == "open")
            moment(one["requested_datetime"])
    check(both("tokens/" + number)[0]["service_request_id"] == number)
    return number


def ways_to_ask(number):
    """What the clients in use send."""
    kind = "application/x-www-form-urlencoded; charset=utf-8"
    other = post("另一件", headers={"Content-Type": kind})
    post("带 jurisdiction", jurisdiction_id="4207", **{
        "first_name": "明", "last_name": "王", "email": "a@example.org",
        "phone": "13900000000", "device_id": "d", "account_id": "7",
        "attribute[urgent]": "false", "attribute[callback]": "true"})
    found = both("requests", service_request_id=number + "," + other)
    check({one["service_request_id"] for one in found} == {number, other})
    check(ask(BASE + "requests.json", method="HEAD")[0] == 200)
    now = datetime.datetime.now(datetime.timezone.utc)
    past = now - datetime.timedelta(days=1)
    soon = now + datetime.timedelta(days=1)
    shapes = [lambda t: t.strftime("%Y-%m-%dT%H:%M:%SZ"),
              lambda t: t.isoformat(timespec="seconds"),
              lambda t: t.astimezone(datetime.timezone(
                  datetime.timedelta(hours=8))).isoformat(timespec="seconds")]
    for shape in shapes:
        listed = both("requests", start_date=shape(past),
                      end_date=shape(soon), status="open,closed",
                      service_code=SERVICE, extensions="true")
        check(number in [one["service_request_id"] for one in listed])
        check(both("requests", updated_after=shape(past)))
        check(both("requests", updated_after=shape(soon)) == [])
    closed = both("requests", status="closed")
    check(number not in [one["service_request_id"] for one in closed])
    pages = [both("requests", page_size=2, page=page)[0] for page in (1, 2)]
    check(len({one["service_request_id"] for one in pages}) == 2)
    check(moment(pages[0]["requested_datetime"]) >=
          moment(pages[1]["requested_datetime"]))


def updates(number):
    form = {"api_key": KEY, "service_request_id": number, "status": "OPEN",
            "description": SPECIALS, "update_id": "u-1",
            "updated_datetime": "2026-01-01T00:00:00Z"}
    ends = [BASE + "servicerequestupdates" + e for e in (".json", ".xml")]
    first = json.loads(ask(ends[0], form)[2])[0]["update_id"]
    check(plain(xml.fromstring(ask(ends[1], form)[2]))[0]["update_id"] ==
          first)
    for _ in range(600):
        listed = both("servicerequestupdates", service_request_id=number)
        if any(one["update_id"] == first for one in listed):
            break
        time.sleep(0.05)
    mine = next(one for one in listed if one["update_id"] == first)
    check(mine["description"] == SPECIALS, mine)
    check(mine["service_request_id"] == number)


def refusals(number):
    good = {"service_code": SERVICE, "lat": "30.3", "long": "114.8",
            "description": "x"}
    fails(403, "requests", good)
    fails(403, "requests", {**good, "api_key": "0" * 64})
    keyed = {**good, "api_key": KEY}
    fails(404, "requests", {**keyed, "service_code": "no-such"})
    for wrong in ({"service_code": ""}, {"lat": ""}, {"lat": "91"},
                  {"long": "east"}, {"description": "x" * 4001},
                  {"media_url": "javascript:1"}, {"description": "\x01"}):
        fails(400, "requests", {**keyed, **wrong})
    fails(400, "requests", {k: v for k, v in keyed.items()
                            if k not in ("lat", "long")})
    fails(400, "requests", b"api_key=%zz")
    fails(404, "requests/01K00000000000000000000000")
    fails(404, "tokens/none")
    fails(404, "services/no-such")
    fails(404, "services", jurisdiction_id="elsewhere")
    fails(400, "requests", start_date="yesterday")
    fails(400, "requests", status="broken")
    fails(400, "requests", start_date="2020-01-01T00:00:00Z",
          end_date="2021-01-01T00:00:00Z")
    fails(404, "servicerequestupdates",
          {"api_key": KEY, "service_request_id": "none", "description": "x"})
    fails(403, "servicerequestupdates",
          {"service_request_id": number, "description": "x"})
    check(ask(BASE + "requests.json", b"{}", headers={
        "Content-Type": "application/json"})[0] == 415)
    check(ask(BASE + "requests.json", method="DELETE")[0] == 405)


BASE = discover().rstrip("/") + "/"
SERVICE = services()
NUMBER = round_trips()
ways_to_ask(NUMBER)
updates(NUMBER)
refusals(NUMBER)
print(checks, "checks")

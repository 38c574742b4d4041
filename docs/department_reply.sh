#!/bin/sh
# A department's answer from the command line, over HTTP, with nothing but curl.
# REDRESS_URL and TOKEN say where and who; `redress token --role handler --department quality` prints a token.
#   ./department_reply.sh SQ-20261123-00017K resolution '{"outcome": "explained", "answer": "We have called you."}'
curl --silent --show-error --fail-with-body -H "Authorization: Bearer $TOKEN" --json "$3" "$REDRESS_URL/routing/cases/$1/$2"

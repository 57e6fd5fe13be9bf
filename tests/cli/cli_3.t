#!/bin/sh
# A third of the cases beside this file, so that each core has some.
exec sh "$(dirname "$0")/cases" --part 3/3

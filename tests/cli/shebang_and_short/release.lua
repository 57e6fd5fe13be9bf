#!/usr/bin/env omnitron
print("line 2", arg[0], ...)
error("line 3")

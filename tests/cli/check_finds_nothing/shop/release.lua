dofile(here("names.lua"))
print(anything, settings.key, json.null, arg.n)

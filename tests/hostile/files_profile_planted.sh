# tries: a profile.lua with another url, where there is none, for the next run
# says: ^nil
rm profile.lua
echo 'url' >url
cat >case.lua <<'END'
print(io.open(here "profile.lua", "w"))
print(os.rename("url", "profile.lua"))
print(pcall(http.get, arg[1], { save_to = here "profile.lua" }))
END
OMNITRON_URL=$MOCK OMNITRON_TOKEN=$(cat token) "$OMNITRON" run case.lua "$MOCK"
code=$?
test $code = 0 && test ! -e profile.lua

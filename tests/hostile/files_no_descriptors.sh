# tries: files put where the journal's will be, and its folder moved, while the process has no descriptor left to look with
# says: ^refused 4$
ulimit -n 256
echo evil > evil
cat > case.lua <<'END'
local open, refused = {}, 0
for _, how in ipairs { { "lines.csv", "r" }, { "filler", "w" } } do
  while how do
    local file = io.open(how[1] .. (how[2] == "w" and #open or ""), how[2])
    open[#open + 1] = file
    how = file and how
  end
end
local function tries(...)
  local ok, why = os.rename(...)
  print(ok, why)
  refused = refused + (ok and 0 or 1)
end
tries("evil", "journal.db-journal")
tries("evil", "token")
tries(arg[1], arg[1] .. ".moved")
refused = refused + (os.remove "token" and 0 or 1)
print("refused " .. refused)
END
"$OMNITRON" run case.lua "$PWD"
test -f journal.db && test ! -e journal.db-journal

-- tries: json, csv, time, fs, log, here, require, load, sleep with odd values: nan, inf, edges of integers, huge and broken texts, tables that raise or contain themselves
-- says: ^done
-- exit: 0 1 3 5
-- bound: 60
-- options: --deadline 20s
-- again: 1
-- setup: cp "$CASES/lib/odd.lua" .
local odd, call = dofile("odd.lua")
for _, lib in ipairs { json, csv, time, log, fs } do
  for name, fn in pairs(lib) do
    if type(fn) == "function" then call(name, fn) end
  end
end
for _, fn in ipairs { here, require, load, loadfile, dofile, io.open, io.lines, tostring, tonumber } do call("x", fn) end
for i = 1, 35 do
  pcall(csv.rows, { path = odd[i], encoding = odd[i], trim = odd[i] })
  pcall(csv.rows, { path = "lines.csv", encoding = odd[i] })
  pcall(csv.table, "lines.csv", odd[i])
  pcall(fs.list, ".", "*", { quiet = odd[i] })
  if type(odd[i]) ~= "number" or odd[i] < 1 or odd[i] ~= odd[i] then pcall(sleep, odd[i]) end
end
print("done")

-- tries: as many open readers as there are descriptors, each with its buffers
-- profile: memory = "16M",
-- exit: 0
-- says: the \d+M of profile.lua
-- sent: 0
local open = {}
for i = 1, 900 do
  local ok, reader = pcall(csv.rows, "lines.csv")
  if not ok then
    print(#open, reader)
    break
  end
  open[i] = reader
end

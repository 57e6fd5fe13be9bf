-- tries: a module that loops while it is required
-- exit: 1
-- profile: run_away = "1s",
-- says: case\.lua:\d+: the script worked for 1\.0 s without waiting once|case\.lua:\d+ did not come back
package.preload.endless = function()
  while true do
    pcall(function() while true do end end)
  end
end
while true do
  pcall(require, "endless")
end

-- tries: to get at what was taken away: debug, os.execute, io.popen, loadlib by package and loaded
-- exit: 0
-- never: REACHED
local function try(what, fn)
  local ok, value = pcall(fn)
  if ok and value then print("REACHED " .. what) end
end
for _, name in ipairs { "debug", "ffi", "posix", "socket", "lfs", "omnitron.native", "native", "_G.debug" } do
  try(name, function() return require(name) end)
  try(name, function() return package.loaded[name] end)
end
try("popen", function() return io.popen or package.loaded.io.popen end)
try("execute", function() return os.execute or package.loaded.os.execute end)
try("exit", function() return os.exit or package.loaded.os.exit end)
try("loadlib", function() return package.loadlib end)
try("searchers", function() return package.searchers end)
try("cpath", function() return package.cpath end)
try("registry", function() return debug.getregistry() end)
package.preload.debug = nil
package.path, package.cpath = "/tmp/?.lua", "/tmp/?.so"
package.searchers = { function() return function() return debug end end }
try("debug again", function() return require "debug" end)

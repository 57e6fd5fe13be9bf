-- With COLLECTOR=always in the environment the collector hardly rests: what
-- it could take away too early is then gone.
if os.getenv "COLLECTOR" == "always" then
  collectgarbage "incremental"
  collectgarbage("setpause", 0)
  collectgarbage("setstepmul", 1000)
  collectgarbage("incremental", 0, 0, 6)
end

io.open("started", "w"):close()
sleep(5)
